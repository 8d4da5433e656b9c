import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/**
 * The parts of one job, each in a thread of its own.
 *
 * Guarantee: results come in the order of the parts; when one part fails, or the job is left alone, all threads are ended at once,
 * wherever they are. What goes in and comes out is copied and must be plain data; of an error, its name and message arrive.
 */
export interface Surroundings<Note> {
  readonly signal: AbortSignal;
  /** What a part tells on its way. */
  readonly onNote: (note: Note, place: number) => void;
}

type Message<Note, Result> = { readonly note: Note } | { readonly result: Result };

/** @param program a compiled file that calls `answer`; see `compiledBeside` @throws what a part threw, or the signal's reason */
export const inThreads = async <Part, Note, Result>(
  program: string,
  parts: readonly Part[],
  { signal, onNote }: Surroundings<Note>,
): Promise<readonly Result[]> => {
  signal.throwIfAborted();
  const threads = parts.map((part) => new Worker(program, { workerData: part }));
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    const results = threads.map((thread, place) => resultOf<Note, Result>(thread, (note) => onNote(note, place)));
    return await Promise.race([Promise.all(results), left]);
  } finally {
    signal.removeEventListener('abort', leave);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
};

const resultOf = <Note, Result>(thread: Worker, onNote: (note: Note) => void): Promise<Result> =>
  new Promise((resolve, reject) => {
    thread.on('message', (message: Message<Note, Result>) => {
      if ('result' in message) resolve(message.result);
      else onNote(message.note);
    });
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('a thread ended before its work')));
  });

/** For a program that is a thread: does its part, and tells the result. What it throws ends the thread and reaches whoever started it. */
export const answer = async <Part, Note, Result>(
  work: (part: Part, tell: (note: Note) => void) => Promise<Result>,
): Promise<void> => {
  const port = parentPort;
  if (!port) throw new Error('this program is one for a thread');
  const result = await work(workerData as Part, (note) => port.postMessage({ note }));
  port.postMessage({ result });
};

/** The compiled program of this name beside a file; whoever runs from the sources, as tests do, has it under `dist`. */
export const compiledBeside = (folder: string, name: string): string => {
  for (let root = folder; ; root = dirname(root)) {
    const places = [join(folder, `${name}.js`), join(root, 'dist', relative(root, folder), `${name}.js`)];
    const found = places.find((place) => existsSync(place));
    if (found !== undefined) return found;
    if (dirname(root) === root) throw new Error(`${join(folder, name)} is not compiled`);
  }
};

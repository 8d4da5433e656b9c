import { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Everything that a run has started and made, ended in the reverse order: at the end, on an error, and on Ctrl-C.
 *
 * Processes are ended by their own pid: first asked, then forced. What they started ends with them, which is their promise.
 */
const endMillisecondsMax = 12_000;

export class Started {
  private readonly endings: (() => Promise<void>)[] = [];
  private ending: Promise<void> | undefined;

  get isEnding(): boolean {
    return this.ending !== undefined;
  }

  /** @throws Error once the run is ending: what is started then would stay */
  assertGoingOn(): void {
    if (this.ending) throw new Error('the run is ending');
  }

  /** A folder that nobody else can read, gone at the end. */
  folder(): string {
    this.assertGoingOn();
    const path = mkdtempSync(join(tmpdir(), 'casefold-bench-'));
    this.later(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
    return path;
  }

  /** @returns ends the process, now rather than at the end */
  process(child: ChildProcess): () => Promise<void> {
    return this.later(() => endProcess(child));
  }

  /** @returns does it now; it is done once */
  later(end: () => Promise<void> | void): () => Promise<void> {
    let done: Promise<void> | undefined;
    const once = (): Promise<void> => (done ??= Promise.resolve(end()));
    this.endings.push(once);
    return once;
  }

  end(): Promise<void> {
    this.ending ??= this.endAll();
    return this.ending;
  }

  private async endAll(): Promise<void> {
    for (let next = this.endings.pop(); next; next = this.endings.pop())
      // One that cannot be ended must not keep the others alive.
      try {
        await next();
      } catch (error) {
        process.stderr.write(`could not end what was started: ${String(error)}\n`);
      }
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const endProcess = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const force = setTimeout(() => child.kill('SIGKILL'), endMillisecondsMax);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(force);
};

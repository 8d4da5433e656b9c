import { cpus } from 'node:os';
import { Lab } from './lab';
import { Options, parseOptions, usage, WrongUsage } from './options';
import { Result, resultOf, tableOf } from './report';
import { Row } from './row';
import { rows } from './rows';
import { Started } from './started';

/**
 * Every benchmark with its baseline in the same run. Figures are compared with each other and never with a fixed number, for
 * the machine is never the same.
 */
const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;
const rowSecondsMax = 240;
const runSecondsMax = 360;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

const within = async <T>(work: Promise<T>, seconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TookTooLong(`it takes longer than ${Math.round(seconds)} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

interface Run {
  readonly results: readonly Result[];
  readonly failed: boolean;
}

const measureAll = async (started: Started, lab: Lab, wanted: readonly Row[], { full }: Options): Promise<Run> => {
  const results: Result[] = [];
  const began = performance.now();
  let failed = false;
  for (const row of wanted) {
    const left = full ? Infinity : runSecondsMax - (performance.now() - began) / 1000;
    if (left <= 0) {
      tell(`${row.name} is left out: the time of the whole run is over`);
      failed = true;
      continue;
    }
    try {
      const work = row.measure(lab);
      const measured = await (full ? work : within(work, Math.max(1, Math.min(rowSecondsMax, left))));
      if (measured) results.push(resultOf(row, measured));
      else tell(`${row.name} is left out: ${row.absent}`);
    } catch (error) {
      // Whoever is ending the run tells its reason, and ends the process too.
      if (started.isEnding) return new Promise(() => undefined);
      failed = true;
      tell(`${row.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { results, failed };
};

/** However it ends, nothing that was started stays. */
const endAlways = (started: Started): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void started.end().finally(() => process.exit(exitCodes.interrupted)));
  process.on('uncaughtException', (error) => {
    tell(`ended by ${error.stack ?? error.message}`);
    void started.end().finally(() => process.exit(exitCodes.failed));
  });
};

const main = async (): Promise<void> => {
  const known = rows.map(({ name }) => name);
  const options = parseOptions(process.argv.slice(2), known);
  const wanted = rows.filter(({ name }) => options.only?.includes(name) ?? true);
  const started = new Started();
  endAlways(started);
  const began = performance.now();
  const lab = new Lab(started, options, (what) =>
    tell(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`),
  );
  const { results, failed } = await measureAll(started, lab, wanted, options);
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`;
  process.stdout.write(`${options.json ? JSON.stringify(results) : `${machine}\n\n${tableOf(results)}`}\n`);
  await started.end();
  process.exit(failed ? exitCodes.failed : exitCodes.done);
};

main().catch((error: unknown) => {
  tell(error instanceof WrongUsage ? `${error.message}\nusage: ${usage}` : String(error));
  process.exit(error instanceof WrongUsage ? exitCodes.usage : exitCodes.failed);
});

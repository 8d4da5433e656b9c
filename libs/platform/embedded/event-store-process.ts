import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endInSteps, endOf, tailOf, withLog } from './child-process';
import { identityOf } from './process-identity';
import type { Running } from './supervisor';
import { until } from './waiting';

const readyMillisecondsMax = 60_000;
const stopMillisecondsMax = 6_000;
const orphanMillisecondsMax = 3_000;
const stopNowMillisecondsMax = 2_000;

/** Runs the embedded event store. It ends by itself when its stdin ends, and so when we do, however we end. */
export const startEventStore = async (dataFolder: string, socket: string, signal: AbortSignal): Promise<Running> => {
  const identityFile = join(dataFolder, 'eventstore.pid');
  await outliveOrphan(identityFile);
  rmSync(socket, { force: true });
  const log = join(dataFolder, 'eventstore.log');
  const child = withLog(log, (handle) => launch(dataFolder, socket, handle));
  const ended = endOf(child, 'the event store');
  writeFileSync(identityFile, identityText(child.pid), { mode: 0o600 });
  const stop = () => stopChild(child, ended);
  const ready = await Promise.race([ended, becomesReady(child, signal)]);
  if (ready === true) return { ended, stop };
  await stop();
  throw new Error(ready === undefined ? 'the event store was not ready in time' : `${ready}: ${tailOf(log)}`);
};

const launch = (dataFolder: string, socket: string, log: number): ChildProcess =>
  spawn(process.execPath, [...entry(), '--data', dataFolder, '--socket', socket, '--parent-pipe'], {
    stdio: ['pipe', 'pipe', log],
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    // In a group of its own: Ctrl-C in a terminal is for us alone, who still need the store to drain.
    detached: true,
  });

// Compiled, it is our neighbour. From source, as in tests, the launcher compiles it first.
const entry = (): string[] => {
  const root = join(__dirname, '..', '..', '..');
  const neighbour = join(root, 'apps', 'eventstore', 'main.js');
  return existsSync(neighbour) ? [neighbour] : [join(root, 'apps', 'launch.mjs'), 'eventstore'];
};

/** The first line that it prints says that it listens. What it prints later is read and dropped, so that it never blocks. */
const becomesReady = async (child: ChildProcess, signal: AbortSignal): Promise<true | undefined> => {
  let heard: true | undefined;
  child.stdout?.on('data', (chunk: Buffer) => {
    if (chunk.includes('\n')) heard = true;
  });
  return until(() => heard, readyMillisecondsMax, signal);
};

const identityText = (pid: number | undefined): string => JSON.stringify((pid && identityOf(pid)) || null);

/** The store of a predecessor that was killed is about to end by itself; two of them must never share the files. */
const outliveOrphan = async (identityFile: string): Promise<void> => {
  const orphan = existsSync(identityFile) ? readFileSync(identityFile, 'utf8') : 'null';
  const pid: unknown = JSON.parse(orphan || 'null')?.pid;
  const ended = () => (typeof pid !== 'number' || identityText(pid) !== orphan ? true : undefined);
  if (await until(ended, orphanMillisecondsMax)) return;
  if (typeof pid === 'number') process.kill(pid, 'SIGKILL');
  if (!(await until(ended, orphanMillisecondsMax)))
    throw new Error(`process ${String(pid)} holds ${identityFile} and cannot be ended`);
};

const stopChild = async (child: ChildProcess, ended: Promise<string>): Promise<void> => {
  child.stdin?.on('error', () => undefined);
  await endInSteps(ended, [
    { ask: () => child.stdin?.end(), millisecondsMax: stopMillisecondsMax },
    { ask: () => child.kill('SIGKILL'), millisecondsMax: stopNowMillisecondsMax },
  ]);
};

import { type ChildProcess } from 'node:child_process';
import { lchownSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { spawnAs } from './account';
import { endInSteps, endOf, tailOf, withLog } from './child-process';
import { binary } from './postgres-binaries';
import type { Cluster } from './postgres-cluster';
import { postgresAccess, postgresSettings } from './postgres-settings';
import { commandOf, workingIn } from './process-identity';
import type { Running } from './supervisor';
import { until, within } from './waiting';

/**
 * Runs the server on a cluster. It never outlives us: a guard, one small shell, waits at the end of a pipe that only we
 * hold open. When we die, however we die, the pipe ends and the guard ends the server. When the guard dies, the other
 * end of the pipe tells us, and the server is started again with a new one.
 */
export const startPostgres = async (cluster: Cluster, socketFolder: string, signal: AbortSignal): Promise<Running> => {
  await endOrphans(cluster.folder);
  removeSockets(socketFolder);
  writeOwned(cluster, 'postgresql.conf', postgresSettings(socketFolder));
  writeOwned(cluster, 'pg_hba.conf', postgresAccess);
  const child = withLog(cluster.log, (handle) => launch(cluster, handle));
  const ended = endOf(child, 'PostgreSQL');
  const guardGone = holdLifeline(child, ended);
  const stop = async () => {
    await stopServer(child, ended);
    await within(guardGone, guardMillisecondsMax);
  };
  const guardLost = guardGone.then(async () => {
    await stopServer(child, ended);
    return 'the guard of PostgreSQL was killed';
  });
  const ready = await Promise.race([ended, becomesReady(cluster.folder, child, signal)]);
  if (ready === true) return { ended: Promise.race([ended, guardLost]), stop };
  await stop();
  throw new Error(ready === undefined ? 'PostgreSQL was not ready in time' : `${ready}: ${tailOf(cluster.log)}`);
};

const readyMillisecondsMax = 60_000;
const orphanMillisecondsMax = 6_000;
const childMillisecondsMax = 2_000;
const stopFastMillisecondsMax = 5_000;
const stopNowMillisecondsMax = 2_000;
const guardMillisecondsMax = 2_000;
const lifelineHandle = 3;

// The guard is forked before the shell becomes the server, so that there is no moment without one, and twice, so that
// the server does not find a child that it does not know. An end of file means that we are dead. A line means that the
// server has ended and its pid may belong to another process by now.
const guarded = `( ( read -r line <&${lifelineHandle} || kill -QUIT $$ ) & )
exec "$@" ${lifelineHandle}<&-`;

const launch = ({ account, native, folder }: Cluster, log: number): ChildProcess =>
  spawnAs(account, ['/bin/sh', '-c', guarded, 'casefold-guard', binary(native, 'postgres'), '-D', folder], {
    stdio: ['ignore', log, log, 'pipe'],
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
    cwd: '/',
    // In a group of its own: Ctrl-C in a terminal is for us alone, who still need the server to drain.
    detached: true,
  });

/** Lets the guard go once the server has ended. @returns resolves when the guard is gone, for whatever reason */
const holdLifeline = (child: ChildProcess, ended: Promise<string>): Promise<void> => {
  const lifeline = child.stdio[lifelineHandle];
  if (!isDuplex(lifeline)) throw new Error('the pipe to the guard is missing');
  const gone = new Promise<void>((resolve) => lifeline.on('close', () => resolve()));
  lifeline.on('error', () => undefined).resume();
  void ended.then(() => lifeline.end('ended\n'));
  return gone;
};

const isDuplex = (stream: unknown): stream is Duplex =>
  typeof stream === 'object' && stream !== null && 'write' in stream && 'resume' in stream;

const stopServer = (child: ChildProcess, ended: Promise<string>): Promise<void> =>
  endInSteps(ended, [
    { ask: () => child.kill('SIGINT'), millisecondsMax: stopFastMillisecondsMax },
    { ask: () => child.kill('SIGQUIT'), millisecondsMax: stopNowMillisecondsMax },
    { ask: () => child.kill('SIGKILL'), millisecondsMax: stopNowMillisecondsMax },
  ]);

// The eighth line of the server's own pid file is its state; reading it costs less than trying to connect.
const becomesReady = (folder: string, child: ChildProcess, signal: AbortSignal): Promise<true | undefined> =>
  until(
    () => {
      const lines = pidFileLines(folder);
      return Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready' ? true : undefined;
    },
    readyMillisecondsMax,
    signal,
  );

const pidFile = (folder: string): string => join(folder, 'postmaster.pid');

const pidFileLines = (folder: string): string[] => {
  try {
    return readFileSync(pidFile(folder), 'utf8').split('\n');
  } catch {
    return [];
  }
};

/** Ends what a dead predecessor left on this cluster, and removes a pid file whose pid is another's by now. */
const endOrphans = async (folder: string): Promise<void> => {
  const server = Number(pidFileLines(folder)[0]);
  await endAll(folder, () => (server > 1 && commandOf(server).includes(folder) ? [server] : []), orphanMillisecondsMax);
  rmSync(pidFile(folder), { force: true });
  // One that waits for what another was killed with does not notice that its server is gone, and keeps the next from the memory
  // that they share.
  const place = realpathSync(folder);
  await endAll(
    folder,
    () => workingIn(place).filter((pid) => commandOf(pid).startsWith('postgres: ')),
    childMillisecondsMax,
  );
};

const endAll = async (folder: string, living: () => readonly number[], millisecondsMax: number): Promise<void> => {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    for (const pid of living()) killQuietly(pid, signal);
    if (await until(() => (living().length ? undefined : true), millisecondsMax)) return;
  }
  throw new Error(`PostgreSQL still runs on ${folder} and cannot be ended: process ${living().join(', ')}`);
};

/**
 * Removes the socket and its lock that a killed predecessor left. PostgreSQL refuses to start on a lock whose pid lives,
 * and that pid may be another program's by now, or that of one who has ended and was not yet waited for.
 */
const removeSockets = (folder: string): void => {
  const names = readdirSync(folder).filter((name) => name.startsWith('.s.PGSQL.'));
  for (const name of names) rmSync(join(folder, name), { force: true });
};

const killQuietly = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, or it is not ours; the caller looks again.
  }
};

/** Replaces the file instead of writing into it: its folder is the server's, which might have put a link there. */
const writeOwned = ({ folder, account: { uid, gid } }: Cluster, name: string, text: string): void => {
  const file = join(folder, name);
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  if (uid !== undefined && gid !== undefined) lchownSync(file, uid, gid);
};

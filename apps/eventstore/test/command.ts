import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';

const root = join(__dirname, '../../..');
const checkout = existsSync(join(root, 'package.json')) ? root : join(root, '..');
const launcher = join(checkout, 'apps/launch.mjs');
/** A program of these tests as the launcher compiles it. */
export const compiled = (name: string): string => join(checkout, 'dist/apps/eventstore/test', `${name}.js`);

export interface Ended {
  code: number;
  said: string;
}

/** Runs a command of the event store in a process of its own, to its end. */
export const runCommand = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [launcher, 'eventstore', ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr });
    });
  });

export interface ServerProcess {
  child: ChildProcess;
  endpoint: string;
  client: EventStoreDBClient;
  /** What it has written to standard error so far. */
  complaints(): string;
  /** Ends it without warning. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const running = new Set<ServerProcess>();

/** For `afterEach`: what a failed test left running would keep the test run from ending. */
export const killServers = async (): Promise<void> => {
  await Promise.all([...running].map((server) => server.kill()));
};

/** A server in a process of its own, and the official client connected to it. */
export const spawnServer = (directory: string, ...args: string[]): Promise<ServerProcess> =>
  spawnProgram([launcher, 'eventstore', '--data', directory, '--port', '0', '--parent-pipe', ...args]);

/** The same for another program that says where it can be reached. */
export const spawnProgram = async (command: string[]): Promise<ServerProcess> => {
  const child = spawn(process.execPath, command, { stdio: 'pipe' });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += String(text)));
  const exited = once(child, 'exit');
  let said = '';
  while (!said.includes('\n')) {
    const what: unknown[] = await Promise.race([once(child.stdout, 'data'), exited]);
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended: ${complaints}`);
    said += String(what[0]);
  }
  const endpoint = /esdb:\S+/.exec(said)![0];
  const client = EventStoreDBClient.connectionString(endpoint);
  const end = async (): Promise<void> => {
    await exited;
    running.delete(server);
    await client.dispose();
  };
  const server: ServerProcess = {
    child,
    endpoint,
    client,
    complaints: () => complaints,
    kill: async () => {
      child.kill('SIGKILL');
      await end();
    },
    stop: async () => {
      child.stdin.end();
      await end();
    },
  };
  running.add(server);
  return server;
};

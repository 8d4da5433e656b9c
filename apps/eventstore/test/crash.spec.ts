import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { happened, outcome } from './running-server';

const launcher = join(__dirname, '../../launch.mjs');

const start = async (directory: string): Promise<{ child: ChildProcess; client: EventStoreDBClient }> => {
  const child = spawn(process.execPath, [launcher, 'eventstore', '--data', directory, '--port', '0', '--parent-pipe'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  while (!said.includes('\n')) said += String((await once(child.stdout!, 'data'))[0]);
  return { child, client: EventStoreDBClient.connectionString(/esdb:\S+/.exec(said)![0]) };
};

describe('a server that is killed', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'eventstore-crash-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('has every acknowledged event afterwards, whole batches only, and takes its lock over', async () => {
    const acknowledged = new Map<string, bigint>();
    for (let round = 0; round < 3; round += 1) {
      const { child, client } = await start(directory);
      const writer = async (stream: string): Promise<void> => {
        for (;;) {
          const batch = [happened(1), happened(2), happened(3)];
          acknowledged.set(stream, (await client.appendToStream(stream, batch)).nextExpectedRevision);
        }
      };
      const writers = Array.from({ length: 32 }, (_, n) => writer(`crash-${round}-${n}`).catch(() => undefined));
      await new Promise((resolve) => setTimeout(resolve, 400));
      child.kill('SIGKILL');
      await Promise.all([once(child, 'exit'), ...writers]);
      await client.dispose();
    }
    expect(acknowledged.size).toBeGreaterThan(32);
    const { child, client } = await start(directory);
    for (const [stream, head] of acknowledged) {
      const events = await outcome(client.readStream(stream));
      expect(events.length).toBeGreaterThan(Number(head));
      expect(events.length % 3).toBe(0);
    }
    await client.dispose();
    child.stdin!.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 60_000);
});

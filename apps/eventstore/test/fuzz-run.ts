import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storePath } from '../log/environment';
import { PageFile } from '../log/page-file';
import { verify } from '../maintenance/verify';
import { spawnServer } from './command';
import { fuzz } from './fuzz';
import { residentMegabytes } from './memory';
import { happened } from './running-server';
import { seeded } from './seeded';

const millisecondsPerMinute = 60_000;
const watchMs = 1_000;
const megabytesMax = 320;

/**
 * Spoilt calls for some minutes, at a server in a process of its own.
 *
 * @returns whether it neither crashed nor complained nor grew, went on serving others, and left whole files
 */
export const fuzzFor = async (minutes: number, seed: number, say: (line: string) => void): Promise<boolean> => {
  if (minutes === 0) return true;
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-fuzz-'));
  const server = await spawnServer(directory);
  const before = server.complaints();
  const end = Date.now() + minutes * millisecondsPerMinute;
  let megabytes = 0;
  const watch = setInterval(() => (megabytes = Math.max(megabytes, residentMegabytes(server))), watchMs);
  try {
    const { calls, statuses } = await fuzz({
      ...{ endpoint: server.endpoint, random: seeded(seed), isOver: () => Date.now() > end },
    });
    clearInterval(watch);
    say(`fuzz: ${calls} calls in ${minutes} minutes with seed ${seed}, at most ${megabytes.toFixed(0)} MB`);
    say(`fuzz: answers by status ${JSON.stringify(statuses)}`);
    await server.client.appendToStream('served', happened(), { expectedRevision: 'no_stream' });
    await server.stop();
    const file = PageFile.open(storePath(directory));
    verify(file);
    file.close();
    if (server.complaints() !== before) say(server.complaints());
    return megabytes < megabytesMax && server.complaints() === before;
  } finally {
    clearInterval(watch);
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
};

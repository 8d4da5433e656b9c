import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonEvent } from '@eventstore/db-client';
import { PageFile } from '../log/page-file';
import { storePath } from '../log/environment';
import { verify } from '../maintenance/verify';
import { killServers, spawnServer, type ServerProcess } from './command';
import { mountDisk, run } from './disk';
import { outcome } from './running-server';

const large = (n: number): ReturnType<typeof jsonEvent> =>
  jsonEvent({ type: 'Large', data: { n, text: 'x'.repeat(60_000) } });

/** Appends until it is refused, and says why. */
const fill = async ({ client }: ServerProcess): Promise<{ stored: number; why: string }> => {
  for (let n = 0; n < 1_000; n += 1) {
    const refused = await client
      .appendToStream('filling', large(n), { expectedRevision: n === 0 ? 'no_stream' : BigInt(n - 1) })
      .then(
        () => undefined,
        (error: Error) => error.message,
      );
    if (refused !== undefined) return { stored: n, why: refused };
  }
  throw new Error('the disk took everything');
};

const expectSound = (directory: string): void => {
  const file = PageFile.open(storePath(directory));
  verify(file);
  file.close();
};

afterEach(killServers);

describe('a server whose disk', () => {
  it.each(['tmpfs', 'ext4'] as const)(
    'fills up (%s) refuses writes in words, goes on reading, and takes writes again when there is room',
    async (kind) => {
      const disk = mountDisk(kind, kind === 'tmpfs' ? 12 : 24);
      if (!disk) return;
      try {
        const directory = join(disk.folder, 'data');
        writeFileSync(join(disk.folder, 'ballast'), Buffer.alloc(4_000_000));
        const server = await spawnServer(directory);
        const { stored, why } = await fill(server);
        expect(why).toMatch(/the disk of .* is full .*: writes are refused until there is room, reads go on/);
        expect(await outcome(server.client.readStream('filling'))).toHaveLength(stored);
        // Fill what the server leaves free, so that even its smallest write meets a disk without a byte.
        run('dd', 'if=/dev/zero', `of=${join(disk.folder, 'more')}`, 'bs=4096');
        await expect(server.client.appendToStream('small', jsonEvent({ type: 'Small', data: {} }))).rejects.toThrow(
          'is full',
        );
        await expect(server.client.tombstoneStream('filling')).rejects.toThrow('is full');
        expect(await outcome(server.client.readStream('filling'))).toHaveLength(stored);
        rmSync(join(disk.folder, 'more'));
        rmSync(join(disk.folder, 'ballast'));
        const next = await server.client.appendToStream('filling', large(stored), {
          expectedRevision: BigInt(stored - 1),
        });
        expect(next.nextExpectedRevision).toBe(BigInt(stored));
        expect(server.complaints()).toBe('');
        await server.stop();
        expectSound(directory);
      } finally {
        await killServers();
        disk.remove();
      }
    },
    60_000,
  );

  it('turns read-only says so and goes on reading', async () => {
    const disk = mountDisk('ext4', 24);
    if (!disk) return;
    try {
      const directory = join(disk.folder, 'data');
      const server = await spawnServer(directory);
      await server.client.appendToStream('before', large(1));
      // What ext4 does to itself after an error of the disk.
      expect(run('mount', '-o', 'remount,abort', disk.folder)).toBe(true);
      await expect(server.client.appendToStream('after', large(2))).rejects.toThrow('is read-only: writes are refused');
      await expect(server.client.appendToStream('after', large(3))).rejects.toThrow('is read-only: writes are refused');
      run('sync', '-f', disk.folder);
      expect(await outcome(server.client.readStream('before'))).toHaveLength(1);
      // The database says it once; the second append did not reach it.
      expect(server.complaints().match(/^Write error|^Error:/gm)?.length ?? 0).toBeLessThanOrEqual(1);
      await server.kill();
    } finally {
      await killServers();
      disk.remove();
    }
  }, 60_000);
});

it('a store that has reached its size limit refuses writes in words and goes on reading', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-limit-'));
  const server = await spawnServer(directory, '--bytes-max', String(4 * 1024 * 1024));
  const { stored, why } = await fill(server);
  expect(why).toMatch(/has reached its size limit of 4194304 bytes: writes are refused, reads go on/);
  expect(await outcome(server.client.readStream('filling'))).toHaveLength(stored);
  expect(server.complaints()).toBe('');
  await server.stop();
  const larger = await spawnServer(directory, '--bytes-max', String(64 * 1024 * 1024));
  await larger.client.appendToStream('filling', large(stored), { expectedRevision: BigInt(stored - 1) });
  await larger.stop();
  expectSound(directory);
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

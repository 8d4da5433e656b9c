import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WriteResult } from './append';
import { EventLog } from './event-log';

const append = (log: EventLog): Promise<WriteResult> => {
  const [type, data, metadata] = [Buffer.from('Happened'), Buffer.from('{}'), Buffer.alloc(0)];
  const events = [{ id: randomUUID(), type, json: true, data, metadata }];
  return log.write({ kind: 'append', stream: 'counted', expected: { kind: 'any' }, events, bytes: 2 });
};

/** Takes the journal's files away from under this process, as an error of the disk would. */
const spoilJournal = (directory: string): number => {
  const descriptors = '/proc/self/fd';
  let spoilt = 0;
  for (const name of readdirSync(descriptors)) {
    try {
      if (!readlinkSync(join(descriptors, name)).startsWith(join(directory, 'journal-'))) continue;
    } catch {
      continue;
    }
    closeSync(Number(name));
    spoilt += 1;
  }
  return spoilt;
};

it('a write that the journal does not take is refused and not shown, and the next ones go to a new journal', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-storage-'));
  const log = await EventLog.open(directory);
  expect(await append(log)).toMatchObject({ revision: 0 });
  expect(spoilJournal(directory)).toBe(2);
  await expect(append(log)).rejects.toThrow('the write could not be stored: Error: EBADF');
  expect(log.streams.get('counted').head).toBe(0);
  expect(await append(log)).toMatchObject({ revision: 1 });
  await log.close();
  const again = await EventLog.open(directory);
  expect(again.streams.get('counted').head).toBe(1);
  await again.close();
  rmSync(directory, { recursive: true, force: true });
});

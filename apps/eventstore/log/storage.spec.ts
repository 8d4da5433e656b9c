import { randomUUID } from 'node:crypto';
import { closeSync, cpSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WriteResult } from './append';
import { EventLog } from './event-log';
import { readJournal } from './journal';
import { LogReader } from './log-reader';
import { dataOf } from './record';

const append = (log: EventLog, dataBytes = 2): Promise<WriteResult> => {
  const [type, data, metadata] = [Buffer.from('Happened'), Buffer.alloc(dataBytes), Buffer.alloc(0)];
  const events = [{ id: randomUUID(), type, json: false, data, metadata }];
  return log.write({ kind: 'append', stream: 'counted', expected: { kind: 'any' }, events, bytes: dataBytes });
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

it('a group too large for the journal stands between those in it, also for a start that reads only what is on disk', async () => {
  const [directory, struck] = [
    mkdtempSync(join(tmpdir(), 'eventstore-storage-')),
    mkdtempSync(join(tmpdir(), 'eventstore-storage-')),
  ];
  const log = await EventLog.open(directory);
  for (const bytes of [2, 700_000, 2, 2]) await append(log, bytes);
  expect(readJournal(directory)).toHaveLength(5);
  // Nothing is being written now, so this is what a crash would leave.
  cpSync(directory, struck, { recursive: true });
  await log.close();
  for (const left of [directory, struck]) {
    const again = await EventLog.open(left);
    expect(again.streams.get('counted').head).toBe(3);
    const { records } = new LogReader(again).forwards(0, 100, Infinity);
    expect(records.map(({ record }) => dataOf(record).length).slice(-4)).toEqual([2, 700_000, 2, 2]);
    await again.close();
    rmSync(left, { recursive: true, force: true });
  }
});

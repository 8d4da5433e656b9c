import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes } from '../../../apps/domain';
import { openInstallation, TestInstallation } from '../../../test/support/stores';
import { StoredEvent } from '../../eventing/event';
import { Engine } from '../../platform/engine/engine';
import { Directory } from '../../teams/directory.adapter';
import { compareLog } from './compare-log.adapter';
import { knowFile, KnownFile } from './csv-file.adapter';
import { ImportCounts, importLog, noCounts } from './import-log.adapter';
import { Mapping } from './mapping';
import { loadMapping } from './mapping-file.adapter';
import { madeUpLogs } from './testing/made-up-logs';

jest.setTimeout(60_000);

let installation: TestInstallation;

beforeAll(async () => {
  installation = await openInstallation(eventTypes());
});
afterAll(() => installation.stop());

interface Log {
  readonly file: string;
  readonly mapping: Mapping;
  readonly known: KnownFile;
}

const write = async (name: string, content: string, mapping = loadMapping('italian-helpdesk')): Promise<Log> => {
  const file = join(installation.dataDirectory, name);
  writeFileSync(file, content);
  return { file, mapping, known: await knowFile(file, mapping) };
};

/** @param rowsMax after which it is cut off, as by Ctrl-C */
const bring = async (engine: Engine, log: Log, rowsMax = Number.POSITIVE_INFINITY): Promise<ImportCounts> => {
  const abort = new AbortController();
  const counts = noCounts();
  await importLog(
    {
      ...log,
      ...{ counts, signal: abort.signal, onRejected: () => undefined, onRefused: () => undefined },
      onRows: (rows) => {
        if (rows >= rowsMax) abort.abort();
      },
    },
    {
      ...{ engine, directory: new Directory(engine.runner, engine.installation), prefix: 'CSR' },
      now: () => new Date(),
    },
  );
  return counts;
};

const casesOf = async (batch: string): Promise<readonly StoredEvent[]> => {
  const found: StoredEvent[] = [];
  for await (const event of installation.engine.store.readAll(['request']))
    if (event.metadata.origin.startsWith(`import:${batch}:`)) found.push(event);
  return found;
};

/** Many short cases, so that an import can be cut off in the middle. */
const manyCases = (cases: number): string => {
  const [header = '', ...rows] = madeUpLogs['italian-helpdesk'].trimEnd().split('\n');
  const one = rows.slice(0, 6);
  return [header, ...Array.from({ length: cases }, (_, n) => one.map((row) => row.replace('Case 1', `M ${n}`)))]
    .flat()
    .join('\n');
};

it('brings in every case with its history, and counts from it what the file says', async () => {
  const log = await write('made-up.csv', madeUpLogs['italian-helpdesk']);
  const counts = await bring(installation.engine, log);
  expect(counts).toMatchObject({ rows: 9, casesAdded: 2, eventsAdded: 11, casesKnown: 0 });
  const comparison = await compareLog(installation.engine, log.file, log.mapping, log.known, () => undefined);
  expect(comparison).toMatchObject({ equal: true, cases: { inFile: 2, inHistory: 2 } });
});

it('tells a history that was not made from the file', async () => {
  const log = await write('other.csv', madeUpLogs['italian-helpdesk'].replaceAll('\nCase ', '\nOther '));
  const comparison = await compareLog(installation.engine, log.file, log.mapping, log.known, () => undefined);
  expect(comparison).toMatchObject({ equal: false, cases: { inFile: 2, inHistory: 0 } });
});

it('goes on where it was cut off, in another process, without doubling anything', async () => {
  const cases = 200;
  const log = await write('many.csv', manyCases(cases));
  const first = await bring(installation.engine, log, 60);
  expect(first.casesAdded).toBeGreaterThan(0);
  expect(first.casesAdded).toBeLessThan(cases);
  const rest = await bring(await installation.another(), log);
  expect(rest.casesAdded + rest.casesKnown).toBe(cases);
  expect(rest.casesKnown).toBe(first.casesAdded);
  const again = await bring(await installation.another(), log);
  expect(again).toMatchObject({ casesAdded: 0, casesKnown: cases, eventsAdded: 0 });
  const events = await casesOf(log.known.batch);
  expect(events.filter(({ type }) => type === 'RequestOpened')).toHaveLength(cases);
  expect(new Set(events.map(({ stream }) => stream)).size).toBe(cases);
});

it('leaves a case alone that has other rows now, and says so', async () => {
  const changed = await write('changed.csv', madeUpLogs['italian-helpdesk'].replace(',Closed,', ',VERIFIED,'));
  expect(await bring(installation.engine, changed)).toMatchObject({ casesAdded: 0, casesKnown: 1, casesDifferent: 1 });
});

it('brings in a case that is too long for one append, once', async () => {
  const [header = '', row = ''] = madeUpLogs['italian-helpdesk'].split('\n');
  const rows = Array.from({ length: 1_000 }, () => row.replace('Case 1', 'Long'));
  const log = await write('long.csv', [header, ...rows].join('\n'));
  expect(await bring(installation.engine, log)).toMatchObject({ casesAdded: 1, eventsAdded: 1_001 });
  expect(await bring(await installation.another(), log)).toMatchObject({ casesAdded: 0, casesKnown: 1 });
  const events = await casesOf(log.known.batch);
  expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
});

it('keeps what a source says in words sealed, and who is meant as ids', async () => {
  const log = await write('nyc.csv', madeUpLogs['nyc311-500'], loadMapping('nyc311-500'));
  await bring(installation.engine, log);
  const text = JSON.stringify((await casesOf(log.known.batch)).map(({ data }) => data));
  for (const planted of ['FIRST AVENUE', 'quiet', 'Caller of']) expect(text).not.toContain(planted);
});

import Ajv from 'ajv';
import { parse } from 'csv-parse/sync';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { jsonEvent } from '@eventstore/db-client';
import { tableFromIPC } from 'apache-arrow';
import { tableOf } from '../../libs/eventing/projections/projection';
import { customerProjection } from '../../libs/customers/read-models/record/customer.projection';
import { runCommandLine } from '../../apps/cli/cli';
import { Manifest } from '../../libs/requests/reporting/export/export-views.adapter';
import { OcelEvent, OcelType } from '../../libs/requests/reporting/export/ocel-log';
import { naughtyStrings } from './naughty-strings';
import { Client, serve, Served } from './served';

/** `casefold export`, as jobs use it: files of one position, whole or not there, that say what they lack. */
jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
let server: Served;
let folder: string;
let agent: Client;
let numbers: readonly string[];

const opening = { description: 'ZZQ', type: 'incident', impact: 'high', urgency: 'low' };

beforeAll(async () => {
  server = await serve();
  folder = mkdtempSync(join(tmpdir(), 'casefold-export-'));
  agent = await server.as('agent', 'alice');
  const texts = naughtyStrings.slice(0, 20);
  const opened = await Promise.all(
    texts.map((product, index) =>
      agent.post('/v1/requests', {
        ...{ ...opening, subject: `ZZQ ${index}`, product, customer: { name: `ZZQ ${index}` } },
      }),
    ),
  );
  numbers = opened.filter(({ status }) => status === 201).map(({ body }) => body.number);
  expect(numbers.length).toBeGreaterThan(10);
  let position = '';
  for (const number of numbers.slice(0, 3))
    for (const [verb, body] of [
      ['assign', { team: 'support', assignee: 'bob' }],
      ['hold', { reason: 'ZZQ', waitingFor: 'customer' }],
      ['resume', {}],
      ['resolve', { code: 'fixed', resolution: 'ZZQ' }],
    ] as const)
      ({ position } = (await agent.post(`/v1/requests/${number}/${verb}`, body)).body);
  // What processes append on their own comes to rest: every customer is registered.
  await agent.get(`/v1/queue?after=${position}`);
  await server.beside(async ({ pool }) => {
    const registered = async () => (await pool.query(`select 1 from ${tableOf(customerProjection)}`)).rowCount ?? 0;
    while ((await registered()) < numbers.length) await wait(20);
  });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly notes: string;
}

const casefold = async (line: string): Promise<Ran> => {
  let [out, notes] = ['', ''];
  const exitCode = await runCommandLine(line.split(' '), {
    terminal: { out: (text) => void (out += text), note: (text) => void (notes += text), isWatched: false },
    environment: { CASEFOLD_DATA: server.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  return { exitCode, out, notes };
};

const exported = async (name: string, format: string, what = ''): Promise<{ path: string; manifest: Manifest }> => {
  const path = join(folder, name);
  const ran = await casefold(`export ${what}${what && ' '}--format ${format} --out ${path} --json`);
  expect(ran).toMatchObject({ exitCode: 0, notes: '' });
  const manifest: Manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'));
  expect(JSON.parse(ran.out)).toEqual(manifest);
  return { path, manifest };
};

const bytesOf = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(path)
      .sort()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(path, name)))
          .digest('hex'),
      ]),
  );

/** Whether a job may take a folder for an export: the manifest is there and every file is what it says. */
const isWhole = (path: string): boolean => {
  const manifest = join(path, 'manifest.json');
  if (!existsSync(manifest)) return false;
  const { files }: Manifest = JSON.parse(readFileSync(manifest, 'utf8'));
  const found = bytesOf(path);
  return files.every(({ name, sha256 }) => found[name] === sha256);
};

it.each(['csv', 'ndjson', 'parquet', 'ocel'])(
  'gives the same bytes as %s for the same position, and no personal text',
  async (format) => {
    const [one, other] = [await exported(`${format}-1`, format), await exported(`${format}-2`, format)];
    expect(other.manifest.position).toBe(one.manifest.position);
    expect(bytesOf(one.path)).toEqual(bytesOf(other.path));
    expect(isWhole(one.path)).toBe(true);
    expect(readdirSync(one.path).filter((name) => name.endsWith('.partial'))).toEqual([]);
    for (const name of readdirSync(one.path)) expect(readFileSync(join(one.path, name)).includes('ZZQ')).toBe(false);
  },
);

it('says in the manifest at which position, by which versions and how complete it is', async () => {
  const { manifest } = await exported('said', 'csv');
  expect(manifest).toMatchObject({ manifest: 1, format: 'csv', generation: 1, quarantined: 0 });
  expect(manifest.projections.map(({ name }) => name)).toEqual(expect.arrayContaining(['queue', 'request']));
  expect(manifest.files.map(({ of }) => of).sort()).toEqual([
    ...['bulk_items', 'bulk_runs', 'clocks', 'customers', 'events', 'exceptions', 'handovers', 'names'],
    ...['quarantine', 'requests', 'staff', 'teams'],
  ]);
  expect(manifest.files.find(({ of }) => of === 'events')?.rows).toBe(Number(manifest.sequence));
  expect(manifest.files.find(({ of }) => of === 'requests')?.rows).toBe(numbers.length);
});

it('has the same rows in every format', async () => {
  const names = 'requests clocks handovers log';
  const [csv, ndjson, parquet] = [
    await exported('rows-csv', 'csv', names),
    await exported('rows-ndjson', 'ndjson', names),
    await exported('rows-parquet', 'parquet', names),
  ];
  const { readParquet } = jest.requireActual<{ readParquet(file: Uint8Array): { intoIPCStream(): Uint8Array } }>(
    'parquet-wasm/node',
  );
  for (const name of ['requests', 'clocks', 'handovers', 'events']) {
    const lines = readFileSync(join(ndjson.path, `${name}.ndjson`), 'utf8')
      .split('\n')
      .slice(0, -1);
    const told = lines.map((line): Record<string, unknown> => JSON.parse(line));
    const plain = (value: unknown): string =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
    const wanted = told.map((row) => Object.values(row).map(plain));
    const [, ...cells]: string[][] = parse(readFileSync(join(csv.path, `${name}.csv`)), { record_delimiter: '\r\n' });
    expect(cells.map((row) => row.map((cell) => cell.replace(/^'(?=['=+\-@])/, '')))).toEqual(wanted);
    const table = tableFromIPC(readParquet(readFileSync(join(parquet.path, `${name}.parquet`))).intoIPCStream());
    const isInstant = (column: string): boolean => column.endsWith('_at') || column.endsWith('_since');
    const read = table
      .toArray()
      .map((row: Record<string, unknown>) =>
        Object.entries(row).map(([column, value]) =>
          isInstant(column) && value !== null ? new Date(Number(value)).toISOString() : String(value ?? ''),
        ),
      );
    expect(read).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(0);
  }
});

describe('OCEL', () => {
  interface Log {
    readonly eventTypes: readonly OcelType[];
    readonly objectTypes: readonly OcelType[];
    readonly events: readonly OcelEvent[];
    readonly objects: readonly {
      readonly id: string;
      readonly type: string;
      readonly relationships: OcelEvent['relationships'];
    }[];
  }
  const schema: object = JSON.parse(readFileSync(join(root, 'test', 'golden', 'ocel-2.0.schema.json'), 'utf8'));
  const valid = new Ajv({ formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ } }).compile(schema);
  let log: Log;

  beforeAll(async () => {
    const { path } = await exported('ocel', 'ocel');
    log = JSON.parse(readFileSync(join(path, 'events.ocel.json'), 'utf8'));
  });

  it('is what the schema of the standard wants, which notices what it does not', () => {
    expect(valid(log) || valid.errors).toBe(true);
    expect(valid({ ...log, events: [{ id: 'x', type: 'y' }] })).toBe(false);
    expect(valid({ ...log, objects: [{ id: 1, type: 'y' }] })).toBe(false);
  });
  it('names no type, object or attribute that it does not declare, and nothing twice', () => {
    const objects = new Map(log.objects.map((object) => [object.id, object]));
    expect(objects.size).toBe(log.objects.length);
    expect(new Set(log.events.map(({ id }) => id)).size).toBe(log.events.length);
    const attributes = new Map(
      log.eventTypes.map(({ name, attributes: known }) => [name, known.map((each) => each.name)]),
    );
    for (const { type, attributes: given, relationships } of log.events) {
      expect(attributes.get(type)).toEqual(expect.arrayContaining(given.map(({ name }) => name)));
      for (const { objectId } of relationships) expect(objects.has(objectId)).toBe(true);
    }
    for (const { type, relationships } of log.objects) {
      expect(log.objectTypes.map(({ name }) => name)).toContain(type);
      for (const { objectId } of relationships) expect(objects.has(objectId)).toBe(true);
    }
  });
  it('says who takes part in an event, and as what', () => {
    const assigned = log.events.find(
      ({ type, relationships }) =>
        type === 'RequestAssigned' && relationships.some(({ objectId }) => objectId === `request:${numbers[0]}`),
    );
    expect(assigned?.relationships.map(({ qualifier }) => qualifier)).toEqual([
      ...['subject', 'customer', 'actor', 'team', 'assignee'],
    ]);
    expect(log.objects.filter(({ type }) => type === 'customer')).toHaveLength(numbers.length);
  });
});

it('is refused when something stands still and completeness is demanded, and says so otherwise', async () => {
  await server.beside(({ pool }) =>
    pool.query(
      `insert into projection_quarantine (projection, version, key, revision, sequence, event_id, error)
       select name, version, $1, 3, 9, gen_random_uuid(), 'x' from projection_version where name = 'queue' and followed`,
      [numbers[0]],
    ),
  );
  try {
    const path = join(folder, 'incomplete');
    const refused = await casefold(`export requests --out ${path} --require-complete`);
    expect([refused.exitCode, refused.out, existsSync(path)]).toEqual([1, '', false]);
    expect(refused.notes).toMatch(/1 row is not up to date/);
    expect((await exported('incomplete-said', 'csv', 'requests')).manifest.quarantined).toBe(1);
    // Whoever mistypes a number must not read that all is well.
    expect((await casefold('projections retry CSR-NOSUCH')).out).toBe('none of these stands still\n');
  } finally {
    await server.beside(({ pool }) => pool.query('delete from projection_quarantine'));
  }
});

it('refuses what it cannot export', async () => {
  for (const line of ['nosuch', 'requests --format ocel', 'log --format xlsx'])
    expect((await casefold(`export ${line} --out ${folder}/x`)).exitCode).toBe(2);
  writeFileSync(join(folder, 'file'), '');
  for (const out of [join(folder, 'file'), join(folder, 'file', 'below'), '/proc/nope'])
    expect(await casefold(`export teams --out ${out}`)).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining(out),
    });
  expect((await casefold('export teams --out=')).exitCode).toBe(2);
});

it('leaves nothing that looks like an export when it is killed, and a whole one the next time', async () => {
  await server.beside(({ pool }) =>
    pool.query(
      `insert into event_log (sequence, position, stream, revision, id, type, data, metadata)
       select 1000000 + n, 9000000000 + n, 'request-CSR-' || n / 10, n % 10, gen_random_uuid(), 'RequestNoted', '{"a":"b"}', '{"actor":"a"}'
       from generate_series(1, 150000) n`,
    ),
  );
  const path = join(folder, 'killed');
  const child = spawn(process.execPath, ['apps/launch.mjs', 'cli', 'export', '--format', 'ndjson', '--out', path], {
    ...{ cwd: root, detached: true, stdio: 'ignore' },
    env: { ...process.env, CASEFOLD_DATA: server.dataDirectory },
  });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const partial = join(path, 'events.ndjson.partial');
  while (child.exitCode === null && !(existsSync(partial) && readFileSync(partial).length > 100_000)) await wait(5);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  expect(await ended).toBe('SIGKILL');
  expect(isWhole(path)).toBe(false);
  expect(readdirSync(path).filter((name) => !name.endsWith('.partial'))).toEqual([]);
  const again = await casefold(`export --format ndjson --out ${path}`);
  expect([again.exitCode, isWhole(path)]).toEqual([0, true]);
  expect(readdirSync(path).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

it('mines what cannot be applied too: whatever events tell of is an object of the log', async () => {
  const stream = 'request-CSR-000-000-000';
  const at = '1899-12-31T00:00:00.000Z';
  const metadata = {
    ...{ schema: '1', commandId: 'c', actor: 'a', origin: 'live', prev: '', hash: '' },
    recordedAt: at,
    occurredAt: at,
  };
  const position = await server.beside(async ({ store }) => {
    const event = jsonEvent({ type: 'RequestOpened', data: {}, metadata });
    return (await store.client.appendToStream(stream, event)).position?.commit;
  });
  await agent.get(`/v1/queue?after=${position}`);
  const { path, manifest } = await exported('mined', 'ocel');
  expect(manifest.quarantined).toBeGreaterThan(0);
  const { events, objects }: { events: OcelEvent[]; objects: { id: string }[] } = JSON.parse(
    readFileSync(join(path, 'events.ocel.json'), 'utf8'),
  );
  const ids = new Set(objects.map(({ id }) => id));
  expect(ids).toContain('request:CSR-000-000-000');
  expect(events.flatMap(({ relationships }) => relationships.filter(({ objectId }) => !ids.has(objectId)))).toEqual([]);
});

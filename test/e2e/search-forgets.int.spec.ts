import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@eventstore/db-client';
import { attachmentStore } from '../../apps/attachment-store';
import { auditorsOf } from '../../apps/auditors';
import { runCommandLine } from '../../apps/cli/cli';
import { categories } from '../../apps/domain';
import { auditAll } from '../../libs/eventing/audit/audit-log';
import { SearchIndex } from '../../libs/eventing/search/search-index';
import { SearchIndexer } from '../../libs/eventing/search/search-indexer';
import { Engine } from '../../libs/platform/engine/engine';
import { searchIndexes } from '../../libs/requests/read-models/projections';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { SearchAnswer } from '../../libs/requests/read-models/search/search-answer.http';
import { Client, serve, Served } from './served';

/** A lost number is found by whom it is about, until they are forgotten; and what is found does not depend on the key of the index. */
jest.setTimeout(120_000);

let server: Served;
let agent: Client;
let lead: Client;
let position = '0';

beforeAll(async () => {
  server = await serve();
  [agent, lead] = await Promise.all([server.as('agent', 'alice'), server.as('lead', 'bob')]);
});
afterAll(() => server.stop());

const open = async (subject: string, customer: object): Promise<string> => {
  const facts = { description: 'It rattles', type: 'incident', impact: 'low', urgency: 'low' };
  const { status, body } = await agent.post('/v1/requests', { subject, ...facts, customer });
  expect(status).toBe(201);
  ({ position } = body);
  return body.number;
};
const found = async (search: string, who = agent): Promise<readonly string[]> => {
  const { status, body } = await who.get<SearchAnswer>(
    `/v1/requests?search=${encodeURIComponent(search)}&after=${position}`,
  );
  expect({ search, status, total: body.total }).toEqual({ search, status: 200, total: body.items.length });
  return body.items.map(({ number }) => number).sort();
};
/** Asks until the processes that follow the log have come by. */
const eventually = async (search: string, numbers: readonly string[]): Promise<void> => {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const now = await found(search);
    if (Date.now() > deadline || JSON.stringify(now) === JSON.stringify([...numbers].sort())) {
      expect(now).toEqual([...numbers].sort());
      return;
    }
  }
};
const indexer = ({ pool, types, keyStore, keys, unsealer }: Engine, indexes = searchIndexes): SearchIndexer =>
  new SearchIndexer({
    ...{ pool, types, keyStore, keys, unsealer, indexes },
    leads: () => true,
    onFailure: (error) => {
      throw error;
    },
  });
const tableOf = async ({ pool }: Engine): Promise<string> => {
  const { rows } = await pool.query<{ table: string }>(
    `select replace(name || '_v' || version || '_' || key_id, '-', '_') as table from search_generation
     where name = 'request-text' and serving`,
  );
  return rows[0]?.table ?? '';
};
/** Every row of the index, as text. */
const rowsOf = async (engine: Engine): Promise<readonly string[]> => {
  const { rows } = await engine.pool.query<{ row: string }>(
    `select t::text as row from ${await tableOf(engine)} t order by key`,
  );
  return rows.map(({ row }) => row);
};
/** Streams and parts in which the self-audit finds a difference. */
const audited = async (engine: Engine): Promise<readonly string[]> => {
  const auditing = { ...engine, auditors: auditorsOf(engine, attachmentStore(server.config)) };
  const { mismatches } = await auditAll(auditing, categories);
  return mismatches.map(({ stream, part }) => `${stream} ${part}`);
};
const rekey = (): Promise<number> =>
  runCommandLine(['search', 'rekey'], {
    terminal: { out: () => undefined, note: () => undefined, isWatched: false },
    environment: { CASEFOLD_DATA: server.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(),
  });

const person = { name: 'Zuzanna Brzęczyszczykiewicz', email: 'zuzanna@example.org', phone: '+48 22 555 01 99' };
const other = { name: 'Bartholomew Quux', email: 'quux@example.org', phone: '+44 20 7946 0018' };
let [first, second, others]: string[] = [];
let customer: string;

it('finds all cases of somebody by name, address and telephone, also those that name them by id alone', async () => {
  first = await open('Printer', person);
  others = await open('Plotter', other);
  customer = (await agent.get<RequestView>(`/v1/requests/${first}?after=${position}`)).body.customer.id;
  second = await open('Scanner', { id: customer });
  await eventually('brzeczyszczykiewicz', [first, second]);
  for (const search of ['zuzanna brzeczy', 'zuzanna@example.org', '022 5550199', '"Zuzanna Brzęczyszczykiewicz"'])
    expect(await found(search)).toEqual([first, second].sort());
  expect(await found('rattles zuzanna')).toEqual([first]);
  expect(await found('quux')).toEqual([others]);
});

it('tells customers of their own cases only, whomever they look for', async () => {
  const himself = await server.as('customer', customer);
  expect(await found('rattles', himself)).toEqual([first, second].sort());
  expect(await found('quux', himself)).toEqual([]);
});

it('finds the same under another key, and the older key and its tokens are gone', async () => {
  const before = await server.beside(rowsOf);
  expect(await rekey()).toBe(0);
  const after = await server.beside(rowsOf);
  const tokensIn = (rows: readonly string[]) => new Set(rows.join(' ').match(/'[\w-]{8}'/g) ?? []);
  const old = tokensIn(before);
  expect(old.size).toBeGreaterThan(10);
  expect([...tokensIn(after)].filter((token) => old.has(token))).toEqual([]);
  expect(await found('brzeczyszczykiewicz')).toEqual([first, second].sort());
  await server.beside(async ({ keyStore }) => {
    expect(await keyStore.searchKeys()).toEqual(['search-2']);
    expect((await keyStore.load('search_key', ['search-1'])).get('search-1')).toBe('destroyed');
  });
});

it('forgets an erased customer, in the table that followed and in one that is built afterwards', async () => {
  const texts = async (engine: Engine): Promise<readonly string[]> =>
    (await rowsOf(engine)).filter((row) => [first, second].some((number) => row.includes(number ?? '')));
  const withTexts = (await server.beside(texts)).join('').length;
  const { status, body } = await lead.post<{ position: string }>(`/v1/customers/${customer}/erase`, {
    ground: 'requested',
  });
  expect(status).toBe(200);
  ({ position } = body);
  for (const search of ['brzeczyszczykiewicz', 'zuzanna', 'zuzanna@example.org', '022 5550199'])
    await eventually(search, []);
  // What is no text of theirs stays: the cases themselves, and what others said.
  expect(await found('quux')).toEqual([others]);
  expect(await found(`${first}`)).toEqual([first]);
  await server.beside(async (engine) => {
    const followed = await rowsOf(engine);
    expect((await texts(engine)).join('').length).toBeLessThan(withTexts / 2);
    await engine.pool.query(`delete from search_generation`);
    await indexer(engine).catchUp();
    expect(await rowsOf(engine)).toEqual(followed);
    // What was forgotten is not missed.
    expect(await audited(engine)).toEqual([]);
  });
});

it('shows in a table with one token changed that the comparison can fail', () =>
  server.beside(async (engine) => {
    const followed = await rowsOf(engine);
    await engine.pool.query(
      `update ${await tableOf(engine)} set terms = terms || 'aaaaaaaa'::tsvector where key = $1`,
      [others],
    );
    expect(await rowsOf(engine)).not.toEqual(followed);
    expect(await audited(engine)).toEqual([`request-${others} request-text`]);
  }));

it('goes on behind a case of which no words can be made, and comes back to it with a build that can', async () => {
  const stopped = await open('Teleprinter', other);
  await server.beside(async ({ store: { client } }) => {
    const metadata = { schema: '1', commandId: randomUUID(), actor: 'x', origin: 'live', prev: '', hash: '' };
    const at = new Date().toISOString();
    await client.appendToStream(
      `request-${stopped}`,
      jsonEvent({
        ...{ id: randomUUID(), type: 'RequestNoted', data: { text: 42 } },
        metadata: { ...metadata, recordedAt: at, occurredAt: at },
      }),
    );
  });
  const next = await open('Telegraph', other);
  await eventually('telegraph', [next]);
  await eventually('teleprinter', []);
  const passes = searchIndexes.map((index): SearchIndex => ({
    ...index,
    documentOf: (key, events) =>
      index.documentOf(
        key,
        events.filter(({ data }) => Object(data).text !== 42),
      ),
  }));
  await server.beside(async (engine) => {
    const newer = indexer(engine, passes);
    newer.start();
    await eventually('teleprinter', [stopped]);
    await newer.stop();
  });
});

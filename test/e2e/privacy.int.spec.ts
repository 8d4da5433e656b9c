import { randomBytes, randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as Database } from 'pg';
import { ErasureAnswer } from '../../libs/customers/commands/erase/erase.http';
import { customerCategory } from '../../libs/customers/events';
import { CertificateView } from '../../libs/customers/read-models/certificate/certificate.http';
import { exceptionCategory } from '../../libs/exceptions/events';
import { EventStore } from '../../libs/eventing/event-store.adapter';
import { verifyChains } from '../../libs/eventing/verify-chains.adapter';
import { layoutOf } from '../../libs/platform/embedded/data-directory';
import { startEventStore } from '../../libs/platform/embedded/event-store-process';
import { postgresPasswords } from '../../libs/platform/embedded/postgres-passwords';
import { readRuntime } from '../../libs/platform/embedded/runtime-file';
import { clientOf } from '../../libs/platform/embedded/store-parts';
import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { contextOf } from '../../libs/platform/http/command-context';
import { roles } from '../../libs/platform/auth/caller';
import { requestCategory } from '../../libs/requests/events';
import { HistoryAnswer } from '../../libs/requests/read-models/history/history.http';
import { QueueAnswer } from '../../libs/requests/read-models/queue/queue.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { Directory } from '../../libs/teams/directory.adapter';
import { staffCategory, teamCategory } from '../../libs/teams/events';
import { formsOf, searchFiles } from './search-of-files';
import { Client, ProblemBody, serve, Served } from './served';

/**
 * What is personal is nowhere in clear but in an answer to who may read it, and what is erased is nowhere at all.
 *
 * The planted strings share a beginning that stands nowhere else, so that one search finds all of them.
 */
jest.setTimeout(120_000);

const categories = [requestCategory, customerCategory, exceptionCategory, staffCategory, teamCategory];
const marker = randomBytes(8).toString('hex');
const phoneMarker = String(randomBytes(6).readUIntBE(0, 6)).padStart(15, '7');
const planted: string[] = [];
const needle = (): string => {
  const text = `ZZQ${marker}${randomBytes(8).toString('hex')}`;
  planted.push(text);
  return text;
};
const phone = (): string => {
  const text = `+${phoneMarker}${String(randomBytes(6).readUIntBE(0, 6)).padStart(15, '0')}`;
  planted.push(text);
  return text;
};
const control = `CTL${randomBytes(16).toString('hex')}`;

interface Person {
  readonly email: string;
  readonly opening: object;
  readonly key: Record<string, string>;
  /** Everything that was said about them. */
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
  readonly exception: string;
  /** Address of a file that they sent. */
  readonly file: string;
  readonly id: string;
}

let server: Served;
let agent: Client;
let lead: Client;
let position = '0';

const order = async (who: Client, number: string, verb: string, body: object) => {
  const answer = await who.post(`/v1/requests/${number}/${verb}`, body);
  expect({ verb, status: answer.status }).toEqual({ verb, status: 200 });
  ({ position } = answer.body);
  return answer.body;
};
const after = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}after=${position}`;

/** What stands in the customer's own stream, in an exception and in a file. */
const plantBeyondCases = async (id: string, number: string): Promise<Pick<Person, 'exception' | 'file'>> => {
  for (const [verb, body] of [
    ['rectify', { name: needle(), contactPoint: { id: 'phone', address: phone() }, reason: needle() }],
    ['add-contact-point', { channel: 'letter', address: needle() }],
    ['place-legal-hold', { matter: 'A', reason: needle() }],
    ['release-legal-hold', { matter: 'A' }],
  ] as const)
    expect((await lead.post(`/v1/customers/${id}/${verb}`, body)).status).toBe(200);
  const exception = { kind: 'delay', what: needle(), why: needle(), customer: id };
  const opened = await agent.post('/v1/exceptions', exception);
  expect(opened.status).toBe(201);
  const informed = { channel: 'phone', text: needle() };
  expect((await agent.post(`/v1/exceptions/${opened.body.number}/inform`, informed)).status).toBe(200);
  const path = `/v1/requests/${number}/attachments`;
  const headers = { 'content-type': 'text/plain', 'content-disposition': `attachment; filename="${needle()}.txt"` };
  const attached = await agent.raw<CommandAnswer>(path, needle(), headers);
  expect(attached.status).toBe(200);
  ({ position } = attached.body);
  return { exception: opened.body.number, file: `${path}/${attached.body.revision}` };
};

/** Two cases about one person, with a planted string in every field that is personal. */
const plant = async (): Promise<Person> => {
  const first = planted.length;
  const email = `${needle()}@example.org`;
  const facts = (category: string) => ({
    ...{ subject: needle(), description: needle(), type: 'incident', impact: 'high', urgency: 'high', category },
    customer: { name: needle(), email, phone: phone() },
  });
  const key = { 'idempotency-key': randomUUID() };
  const opening = facts(control);
  const one = (await agent.post('/v1/requests', opening, key)).body.number;
  const other = (await agent.post('/v1/requests', facts('other'))).body.number;
  await order(agent, one, 'assign', { team: 'support', assignee: 'bob' });
  await order(agent, one, 'escalate', { to: 'L2', reason: needle() });
  await order(agent, one, 'hold', { reason: needle(), waitingFor: 'customer' });
  await order(agent, one, 'resume', {});
  await order(agent, one, 'respond', { text: needle() });
  await order(agent, one, 'note', { text: needle() });
  await order(agent, one, 'resolve', { code: 'fixed', resolution: needle() });
  await order(agent, one, 'reopen', { reason: needle() });
  await order(agent, one, 'correct', { revision: 0, reason: needle(), subject: needle(), description: needle() });
  await order(agent, one, 'correct', { revision: 5, reason: needle(), text: needle() });
  await order(agent, one, 'correct', { revision: 7, reason: needle(), resolution: needle() });
  await order(lead, one, 'redact', { revision: 6, reason: needle() });
  await order(agent, other, 'cancel', { reason: needle() });
  const { customer } = (await agent.get<RequestView>(after(`/v1/requests/${other}`))).body;
  const himself = await server.as('customer', customer.id);
  await order(himself, one, 'respond', { text: needle() });
  await until(async () => (await lead.get(`/v1/customers/${customer.id}`)).status === 200);
  const beyond = await plantBeyondCases(customer.id, one);
  return { email, opening, key, texts: planted.slice(first), numbers: [one, other], ...beyond, id: customer.id };
};

const asOwner = async <R extends object>(database: string, sql: string, values: unknown[] = []): Promise<R[]> => {
  const { dataDirectory } = server;
  const folder = readRuntime(layoutOf(dataDirectory).run)?.postgresSocketFolder;
  const { owner: password } = postgresPasswords(layoutOf(dataDirectory));
  const client = new Database({ host: folder, port: 5432, database, user: 'owner', password });
  await client.connect();
  try {
    return (await client.query<R>(sql, values)).rows;
  } finally {
    await client.end();
  }
};
/** Every row of every table as text: in its files a long row is compressed, and no search finds anything in it. */
const rowsOf = async (database: string): Promise<string> => {
  const tables = await asOwner<{ name: string }>(
    database,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await asOwner<{ row: string }>(database, `select t::text as row from ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
};
const allRows = async (): Promise<string> => `${await rowsOf('casefold')}\n${await rowsOf('keystore')}`;
const contactsOf = async (id: string): Promise<number> => {
  const sql = 'select count(*)::int as rows from customer_contact where customer = $1';
  return (await asOwner<{ rows: number }>('casefold', sql, [id]))[0]?.rows ?? -1;
};
const lookMillisecondsMax = 30_000;
/** Asks again, as fast as the answers come, until it is so. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + lookMillisecondsMax;
  while (!(await isSo())) if (Date.now() > deadline) throw new Error('it did not come about in time');
};

/** Every export that was given is an event. */
let exported = 0;

/** Every answer that any role gets about somebody. */
const everything = async ({ numbers, id, exception, file }: Person): Promise<string> => {
  const paths = [
    ...['', '/export', '/export.html'].map((part) => `/v1/customers/${id}${part}`),
    ...[`/v1/exceptions/${exception}`, file],
    ...numbers.flatMap((number) =>
      ['', '/history', '/accountability', '/service-levels', '/conversation'].map(
        (part) => `/v1/requests/${number}${part}`,
      ),
    ),
    ...numbers.map((number) => `/v1/requests?search=${number}`),
    ...['/v1/queue?limit=200&status=open,held,resolved,closed,cancelled', '/v1/events'],
  ];
  const texts: string[] = [];
  for (const role of roles) {
    const client = await server.as(role, role === 'customer' ? id : 'bob');
    for (const path of paths) {
      await client.get(after('/v1/requests?search=x'));
      const { status, text } = await client.get(path);
      if (path.includes('/export') && status === 200) exported++;
      texts.push(text);
    }
  }
  return texts.join('\n');
};
const seenOf = (texts: readonly string[], answers: string): readonly string[] =>
  texts.filter((text) => answers.includes(text));

let ada: Person;
let grace: Person;

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
  lead = await server.as('lead', 'carol');
  await server.beside(async (engine) => {
    const headers = { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined };
    const context = contextOf({ caller: { id: 'test' }, target: 'staff', headers, now: new Date() });
    const directory = new Directory(engine.runner, engine.installation);
    await directory.registerStaff('planted', needle(), 'support', context);
    await directory.registerTeam('planted', needle(), { ...context, commandId: randomUUID() });
  });
  ada = await plant();
  grace = await plant();
  await until(async () => (await contactsOf(ada.id)) === 3 && (await contactsOf(grace.id)) === 3);
});
afterAll(() => server.stop());

const markers = [`ZZQ${marker}`, phoneMarker];
const found = (texts: readonly string[]) => searchFiles(server.dataDirectory, texts);
const markedRows = async (): Promise<readonly Buffer[]> => {
  const rows = await allRows();
  const forms = markers.flatMap((text) => [...formsOf(text).values()]);
  return forms.filter((bytes) => rows.includes(bytes.toString('latin1')));
};

describe('the data directory', () => {
  const inFolder = (folder: string) => (file: string) => file.startsWith(join(server.dataDirectory, folder));

  it('holds none of the planted strings in any file and any form: log, heap, write-ahead log, logs, runtime files', async () => {
    expect(planted.length).toBeGreaterThan(40);
    // What is refused is not kept either, and must not reach a log.
    await agent.post('/v1/requests', { ...ada.opening, subject: [needle()] });
    await agent.post(`/v1/requests/${ada.numbers[0]}/note`, { text: needle(), unknown: needle() });
    await agent.post(`/v1/requests/${ada.numbers[0]}/close`, { text: needle() });
    await agent.get(`/v1/requests?search=${needle()}`);
    await agent.get(`/v1/requests/${needle()}`);
    await agent.get(`/v1/queue?team=${needle()}`);
    await asOwner('postgres', 'checkpoint');
    const { hits, files, bytes } = found(markers);
    expect(hits).toEqual([]);
    expect(files).toBeGreaterThan(500);
    expect(bytes).toBeGreaterThan(30_000_000);
    expect(await markedRows()).toEqual([]);
  });

  it('is searched where it matters: what is not personal is found in the log, in rows, in the heap and in the write-ahead log', async () => {
    expect(
      found([control])
        .hits.map(({ file }) => file)
        .filter(inFolder('eventstore')),
    ).not.toEqual([]);
    expect((await allRows()).split(control).length).toBeGreaterThan(4);
    const files = found([ada.numbers[0] ?? 'none']).hits.map(({ file }) => file);
    expect(files.filter(inFolder('postgres/cluster/base'))).not.toEqual([]);
    expect(files.filter(inFolder('postgres/cluster/pg_wal'))).not.toEqual([]);
  });

  it('is searched for every form: each is found in a file that is written with it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'casefold-test-'));
    const text = planted[0] ?? '';
    for (const [form, bytes] of formsOf(text)) {
      rmSync(folder, { recursive: true });
      mkdirSync(join(folder, 'deep'), { recursive: true });
      writeFileSync(join(folder, 'deep', 'file'), Buffer.concat([randomBytes(1000), bytes, randomBytes(1000)]));
      expect(searchFiles(folder, markers.slice(0, 1)).hits.map((hit) => hit.form)).toContain(`${markers[0]} ${form}`);
    }
    for (const offset of [0, 1, 2]) {
      writeFileSync(join(folder, 'deep', 'file'), Buffer.from(`${'?'.repeat(offset)}${text}!`).toString('base64'));
      expect(searchFiles(folder, markers.slice(0, 1)).hits).not.toEqual([]);
    }
    rmSync(folder, { recursive: true });
  });

  it('holds none of them after the server has stopped and started either', async () => {
    await server.halt();
    expect(found(markers).hits).toEqual([]);
    await server.start();
  });

  it('keeps its secrets from everybody else', () => {
    const folder = join(server.dataDirectory, 'secrets');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const names = readdirSync(folder);
    expect(names.length).toBeGreaterThanOrEqual(5);
    expect(names.map((name) => [name, statSync(join(folder, name)).mode & 0o777])).toEqual(
      names.map((name) => [name, 0o600]),
    );
  });

  it('is not betrayed by what the server prints', () => {
    const printed = server.logged.join('\n').toLowerCase();
    for (const text of planted) expect(printed).not.toContain(text.toLowerCase());
  });
});

describe('the redaction of one text', () => {
  it('leaves that text unreadable for everybody, and all others as they were', async () => {
    const [number = ''] = grace.numbers;
    const path = `/v1/requests/${number}`;
    const before = (await agent.get<HistoryAnswer>(after(`${path}/history`))).body.events;
    const reason = needle();
    await order(lead, number, 'redact', { revision: 3, reason });
    const history = (await agent.get<HistoryAnswer>(after(`${path}/history`))).body.events;
    expect(history[3]).toEqual({
      ...before[3],
      data: { ...before[3]?.data, reason: '[redacted]' },
      reason: '[redacted]',
    });
    expect(history.slice(0, 3)).toEqual(before.slice(0, 3));
    expect(history.slice(4, -1)).toEqual(before.slice(4));
    expect(history.at(-1)).toMatchObject({
      type: 'RequestTextRedacted',
      reason,
      data: { redacts: 3, pointer: '/reason' },
    });
    const answers = await everything(grace);
    const hidden = String(before[3]?.reason);
    expect(hidden).toContain(marker);
    expect(answers).not.toContain(hidden);
    expect(answers).toContain(String(before[2]?.reason));
    const again = await lead.post(`${path}/redact`, { revision: 3, reason: 'twice' });
    expect(again.status).toBe(200);
  });
});

describe('the erasure of one customer', () => {
  let backup: string;
  let before: {
    readonly history: HistoryAnswer;
    readonly total: number;
    readonly events: number;
    readonly streams: number;
  };
  let keyDestroyedAt: string;

  const counted = async () => {
    const history = (await agent.get<HistoryAnswer>(after(`/v1/requests/${ada.numbers[0]}/history`))).body;
    const { total } = (await agent.get<QueueAnswer>(after('/v1/queue?status=open,held,resolved,closed,cancelled')))
      .body;
    const verified = await server.beside((engine) =>
      verifyChains(engine.installation, engine.store.readAll(categories)),
    );
    expect(verified.broken).toBeUndefined();
    return { history, total, events: verified.events, streams: verified.streams };
  };
  const personKey = (id: string) =>
    asOwner<{ wrapped: Buffer | null; destroyed: boolean }>(
      'keystore',
      'select wrapped, destroyed_at is not null as destroyed from person_key where id = $1',
      [id],
    );
  let exportOfBefore: string;
  const certificate = async () =>
    (await lead.get<CertificateView>(after(`/v1/customers/${ada.id}/erasure-certificate`))).body;
  const erase = (who: Client) =>
    who.post<ErasureAnswer & ProblemBody>(`/v1/customers/${ada.id}/erase`, { ground: 'requested' });

  beforeAll(async () => {
    backup = mkdtempSync(join(tmpdir(), 'casefold-test-'));
    await server.halt();
    cpSync(layoutOf(server.dataDirectory).eventStore, join(backup, 'eventstore'), { recursive: true });
    await server.start();
    exported = 0;
    before = await counted();
  });
  afterAll(() => rmSync(backup, { recursive: true, force: true }));

  it('begins with somebody who can be read; this shows that the looks below would see them', async () => {
    const answers = await everything(ada);
    // The note was redacted, and why there was a legal hold is told nobody; what was put right stands in histories.
    expect(seenOf(ada.texts, answers).length).toBeGreaterThanOrEqual(ada.texts.length - 2);
  });

  it('is a lead’s or an administrator’s to order, and tells since when nothing can be read', async () => {
    exportOfBefore = (await lead.get(`/v1/customers/${ada.id}/export`)).text;
    exported++;
    expect((await erase(agent)).status).toBe(403);
    const answer = await erase(lead);
    expect(answer.status).toBe(200);
    ({ keyDestroyedAt, position } = answer.body);
    expect(answer.body).toEqual({
      ...{ customer: ada.id, keyDestroyedAt: expect.stringMatching(/Z$/), erased: [ada.id], kept: [], position },
    });
    const again = await erase(await server.as('admin'));
    expect(again.body).toMatchObject({ customer: ada.id, keyDestroyedAt });
  });

  const nothingIsLeft = async (): Promise<void> => {
    const answers = await everything(ada);
    expect(seenOf(ada.texts, answers)).toEqual([]);
    expect(answers).toContain('[erased]');
    const view = (await agent.get<RequestView>(`/v1/requests/${ada.numbers[0]}`)).body;
    expect(view).toMatchObject({ subject: '[erased]', description: '[erased]', category: control });
    expect(view.customer).toEqual({ id: ada.id, name: '[erased]', email: '[erased]', phone: '[erased]' });
  };

  it('leaves no trace of the person in any answer to any role, and everybody else as they were', async () => {
    await nothingIsLeft();
    const answers = await everything(grace);
    expect(seenOf(grace.texts, answers).length).toBeGreaterThanOrEqual(grace.texts.length - 3);
  });

  it('leaves the proof: chains fit, events and cases are as many as before, with the three that record it', async () => {
    await until(async () => (await certificate()).isVerified);
    const now = await counted();
    // The wish, the proof and the certificate; and who was given an export.
    expect(now.events).toBe(before.events + 3 + exported);
    expect(now.streams).toBe(before.streams);
    expect(now.total).toBe(before.total);
    const facts = ({ events }: HistoryAnswer) =>
      events.map(({ type, revision, hash, actor }) => [type, revision, hash, actor.id]);
    expect(facts(now.history)).toEqual(facts(before.history));
  });

  it('is certified: histories, events and texts of theirs in every stream, as the log gives them', async () => {
    const { streams, textCount, keyDestroyedAt: since } = await certificate();
    expect(since).toBe(keyDestroyedAt);
    expect(streams.map(({ stream }) => stream).sort()).toEqual(
      [`customer-${ada.id}`, `exception-${ada.exception}`, ...ada.numbers.map((number) => `request-${number}`)].sort(),
    );
    // All that were planted but the bytes of the file, which are no event's; what was sealed twice counts twice.
    expect(textCount).toBeGreaterThanOrEqual(ada.texts.length - 1);
  });

  it('leaves none of the strings in any file or row; where an export lies, the same search finds all that were in it', async () => {
    await asOwner('postgres', 'checkpoint');
    expect(found(markers).hits).toEqual([]);
    expect(await markedRows()).toEqual([]);
    const copy = join(server.dataDirectory, 'export-of-before.json');
    writeFileSync(copy, exportOfBefore);
    const texts = ada.texts.filter((text) => exportOfBefore.includes(text));
    expect(texts.length).toBeGreaterThanOrEqual(20);
    const hits = searchFiles(server.dataDirectory, texts).hits.filter(({ form }) => form.endsWith(' plain'));
    expect(hits).toEqual(texts.map((text) => ({ file: copy, form: `${text} plain` })));
    rmSync(copy);
  });

  it('takes the rows by which the person could be found, and nobody else’s', async () => {
    expect(await contactsOf(ada.id)).toBe(0);
    expect(await contactsOf(grace.id)).toBe(3);
  });

  const keyStaysDestroyed = async (): Promise<void> =>
    expect(await personKey(ada.id)).toEqual([{ wrapped: null, destroyed: true }]);

  it('cannot be undone by a retry: an opening under its key answers as the first time and brings no key back', async () => {
    const retried = await agent.post('/v1/requests', ada.opening, ada.key);
    expect({ status: retried.status, number: retried.body.number }).toEqual({ status: 201, number: ada.numbers[0] });
    expect(retried.headers.get('idempotency-replayed')).toBe('true');
    await keyStaysDestroyed();
  });

  it('cannot be undone by a late command: what would say more about the person is refused, work goes on', async () => {
    const [number = ''] = ada.numbers;
    for (const [verb, body] of [
      ['note', { text: needle() }],
      ['respond', { text: needle() }],
      ['escalate', { to: 'L9', reason: needle() }],
      ['resolve', { code: 'fixed', resolution: needle() }],
      ['correct', { revision: 0, reason: needle(), subject: needle() }],
    ] as const) {
      const refused = await agent.post<ProblemBody>(`/v1/requests/${number}/${verb}`, body);
      expect({ verb, status: refused.status, code: refused.body.code }).toEqual({
        verb,
        status: 409,
        code: 'PERSON_ERASED',
      });
    }
    const named = await agent.post<ProblemBody>('/v1/requests', { ...ada.opening, customer: { id: ada.id } });
    expect({ status: named.status, code: named.body.code }).toEqual({ status: 409, code: 'CUSTOMER_ERASED' });
    const himself = await server.as('customer', ada.id);
    const own = await himself.post<ProblemBody>('/v1/requests', ada.opening);
    expect({ status: own.status, code: own.body.code }).toEqual({ status: 409, code: 'PERSON_ERASED' });
    await order(agent, number, 'assign', { team: 'billing' });
    // What is open can end, and why is nowhere to be read.
    const other = ada.numbers[1] ?? '';
    await order(agent, other, 'cancel', { reason: needle() });
    const { events } = (await agent.get<HistoryAnswer>(after(`/v1/requests/${other}/history`))).body;
    expect(events.at(-1)).toMatchObject({ type: 'RequestCancelled', actor: { handle: 'alice' }, reason: '[erased]' });
    await keyStaysDestroyed();
  });

  it('lets the same address begin anew as somebody else', async () => {
    const opened = await agent.post('/v1/requests', { ...ada.opening, customer: { name: needle(), email: ada.email } });
    ({ position } = opened.body);
    const { customer } = (await agent.get<RequestView>(after(`/v1/requests/${opened.body.number}`))).body;
    expect(customer).toMatchObject({ email: ada.email });
    expect(customer.id).not.toBe(ada.id);
  });

  it('reaches a customer who came without a word about themselves', async () => {
    const id = randomUUID();
    const silent = await server.as('customer', id);
    const text = needle();
    const opening = { ...ada.opening, subject: text, description: text, customer: {} };
    const { number } = (await silent.post('/v1/requests', opening)).body;
    await until(async () => (await lead.post(`/v1/customers/${id}/erase`, { ground: 'requested' })).status === 200);
    expect((await agent.get<RequestView>(`/v1/requests/${number}`)).body).toMatchObject({ subject: '[erased]' });
  });

  it('never takes a member of staff or a team for a customer', async () => {
    const { id } = await server.as('agent', 'alice');
    const { teamId } = (await agent.get<RequestView>(after(`/v1/requests/${grace.numbers[0]}`))).body;
    for (const other of [id, teamId]) {
      const answer = await agent.post<ProblemBody>('/v1/requests', { ...ada.opening, customer: { id: other } });
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 422, code: 'UNKNOWN_CUSTOMER' });
    }
  });

  it('is of customers only: a member of staff, a team or nobody at all is not found', async () => {
    const { id } = await server.as('agent', 'alice');
    const { teamId } = (await agent.get<RequestView>(after(`/v1/requests/${grace.numbers[0]}`))).body;
    for (const other of [id, teamId, randomUUID()]) {
      const answer = await lead.post<ProblemBody>(`/v1/customers/${other}/erase`, { ground: 'requested' });
      expect({ other, status: answer.status, code: answer.body.code }).toEqual({
        ...{ other, status: 404, code: 'NOT_FOUND' },
      });
    }
    const none = await lead.post<ProblemBody>('/v1/customers/alice/erase', { ground: 'requested' });
    expect(none.body).toMatchObject({
      status: 400,
      code: 'MALFORMED_REQUEST',
      detail: 'The id of a customer is a UUID.',
    });
  });

  it('lasts: after a restart it is as it was', async () => {
    await server.restart();
    const view = (await agent.get<RequestView>(after(`/v1/requests/${ada.numbers[0]}`))).body;
    expect(view).toMatchObject({ subject: '[erased]', customer: { name: '[erased]' }, team: 'billing' });
    expect((await erase(lead)).body).toMatchObject({ customer: ada.id, keyDestroyedAt });
    await keyStaysDestroyed();
  });

  it('holds for a copy of the log from before it: with the keys of today that person cannot be read there, others can', async () => {
    const { installation } = server.secrets;
    const socket = join(backup, 'socket');
    const running = await startEventStore(join(backup, 'eventstore'), socket, new AbortController().signal);
    const client = clientOf({ socket });
    const textsInCopy = (): Promise<string> =>
      server.beside(async (present) => {
        const copy = new EventStore(client);
        const data: unknown[] = [];
        for await (const event of copy.readAll(categories)) data.push(present.types.decode(event).data);
        const verified = await verifyChains(installation, copy.readAll(categories));
        expect(verified).toMatchObject({ events: data.length, broken: undefined });
        return JSON.stringify(await present.unsealer.open(data, true));
      });
    const texts = await textsInCopy().finally(async () => {
      await client.dispose();
      await running.stop();
    });
    expect(seenOf(ada.texts, texts)).toEqual([]);
    expect(texts).toContain('[erased]');
    // The bytes of a file are not in the log.
    expect(seenOf(grace.texts, texts).length).toBeGreaterThanOrEqual(grace.texts.length - 3);
  });
});

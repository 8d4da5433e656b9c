import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { runCommandLine } from '../../apps/cli/cli';
import { rebuild } from '../../libs/eventing/projections/rebuild';
import { ClockAnswer, ServiceLevelsAnswer } from '../../libs/requests/read-models/service-levels/service-levels.http';
import { requestProjections } from '../../libs/requests/read-models/projections';
import { pointReportingViews } from '../../libs/requests/reporting/point-reporting-views.adapter';
import { Client as Caller, serve, Served } from '../e2e/served';
import { eventually } from '../faults/harness/eventually';

/** What reporting jobs rely on: names, types and meanings of the views, and that they read them and nothing else. */
jest.setTimeout(60_000);

const golden = join(__dirname, '..', 'golden', 'reporting.json');
const secret = 'ZZQ-secret';

let server: Served;
let agent: Caller;
let reporter: Client;
let number: string;
let position: string;

const casefold = async (line: string): Promise<{ exitCode: number; out: string }> => {
  let out = '';
  const exitCode = await runCommandLine(line.split(' '), {
    terminal: { out: (text) => void (out += text), note: () => undefined, isWatched: false },
    environment: { CASEFOLD_DATA: server.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  return { exitCode, out };
};

const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> => (await reporter.query(sql)).rows;
const refusal = async (sql: string): Promise<string> => {
  try {
    await reporter.query(sql);
    return 'done';
  } catch (error) {
    return error instanceof DatabaseError ? String(error.code) : String(error);
  }
};
const notAllowed = '42501';

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
  const customer = { name: secret, email: 'zzq@example.org' };
  const opening = { subject: secret, description: secret, type: 'incident', impact: 'high', urgency: 'high', customer };
  ({ number, position } = (await agent.post('/v1/requests', opening)).body);
  for (const [verb, body] of [
    ['assign', { team: 'support', assignee: 'bob' }],
    ['hold', { reason: secret, waitingFor: 'customer' }],
    ['resume', {}],
    ['respond', { text: secret }],
    ['resolve', { code: 'fixed', resolution: secret }],
  ] as const)
    ({ position } = (await agent.post(`/v1/requests/${number}/${verb}`, body)).body);
  await agent.get(`/v1/requests/${number}?after=${position}`);
  const { out } = await casefold('reporting --json');
  reporter = new Client(JSON.parse(out));
  await reporter.connect();
});
afterAll(async () => {
  await reporter.end();
  await server.stop();
});

it('are the columns, types and meanings that were agreed on (UPDATE_GOLDEN=1 agrees on others)', async () => {
  const columns = await rows(`
    select c.table_name as view, c.column_name as column, c.data_type as type,
      col_description(format('reporting.%I', c.table_name)::regclass, c.ordinal_position::integer) as meaning
    from information_schema.columns c where c.table_schema = 'reporting' order by c.table_name, c.ordinal_position`);
  const text = `${JSON.stringify(columns, null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, text);
  expect(existsSync(golden) && readFileSync(golden, 'utf8')).toBe(text);
  for (const column of columns) expect(column).toMatchObject({ meaning: expect.stringMatching(/./) });
});

it('tell a request, its clocks and who held it as the routes do', async () => {
  const [request] = await rows(`select * from requests where number = '${number}'`);
  expect(request).toMatchObject({ status: 'resolved', priority: 'P1', team: 'support', assignee: 'bob', revision: 5 });
  expect(request).toMatchObject({ resolution_code: 'fixed', responses: 1, due_at: null, waiting_for: null });
  const { body } = await agent.get<ServiceLevelsAnswer>(`/v1/requests/${number}/service-levels`);
  const clocks = await rows(`select * from clocks where number = '${number}' order by place`);
  const told = (clock: ClockAnswer) => [clock.metric, clock.status, clock.targetSeconds, clock.dueAt];
  expect(
    clocks.map((clock) => [clock['metric'], clock['status'], Number(clock['target_seconds']), iso(clock['due_at'])]),
  ).toEqual(body.clocks.map(told));
  const spans = await rows(
    `select stage, team, seconds, to_at from handovers where number = '${number}' order by place`,
  );
  expect(spans.map(({ stage, team }) => [stage, team])).toEqual([
    ...[
      ['open', null],
      ['open', 'support'],
      ['held', 'support'],
      ['open', 'support'],
      ['resolved', 'support'],
    ],
  ]);
  expect(spans.at(-1)).toMatchObject({ to_at: null, seconds: null });
});
const iso = (instant: unknown): unknown => (instant instanceof Date ? instant.toISOString() : instant);

it('tell the log without what is sealed', async () => {
  const events = await rows(`select type, data from events where number = '${number}' order by sequence`);
  expect(events.map(({ type }) => type)).toEqual([
    ...['RequestOpened', 'RequestAssigned', 'RequestHeld', 'RequestResumed', 'RequestResponded', 'RequestResolved'],
  ]);
  expect(events[0]?.['data']).toMatchObject({ type: 'incident', priority: 'P1', contact: {} });
  expect(events[2]?.['data']).toEqual({ waitingFor: 'customer', until: null });
  const views = ['requests', 'clocks', 'handovers', 'events', 'customers', 'staff', 'teams', 'quarantine'];
  for (const view of [...views, 'exceptions', 'bulk_runs', 'bulk_items', 'names'])
    expect(JSON.stringify(await rows(`select * from ${view}`))).not.toMatch(/ZZQ|zzq|\$enc/);
});

it('tell exceptions and bulk jobs, without the words that are sealed', async () => {
  const opening = { kind: 'late', what: secret, why: secret, requests: [number], owner: 'bob' };
  const { body: exception } = await agent.post('/v1/exceptions', opening);
  const order = { verb: 'note', body: { text: secret }, numbers: [number] };
  const lead = await server.as('lead', 'carol');
  const { body: job } = await lead.post<{ id: string; position: string }>('/v1/bulk', order);
  await eventually('the job is done', async () => {
    const [run] = await rows(`select status from bulk_runs where id = '${job.id}'`);
    return run?.['status'] === 'completed';
  });
  expect(await rows('select number, status, requests, kind, owner, actions, due_at from exceptions')).toEqual([
    {
      number: exception.number,
      status: 'opened',
      requests: [number],
      kind: 'late',
      owner: 'bob',
      actions: 0,
      due_at: null,
    },
  ]);
  expect(await rows('select verb, started_by, requests, done, nothing, refused, pending from bulk_runs')).toEqual([
    { verb: 'note', started_by: 'carol', requests: 1, done: 1, nothing: 0, refused: 0, pending: 0 },
  ]);
  expect(await rows('select place, number, outcome, code, revision from bulk_items')).toEqual([
    { place: 1, number, outcome: 'done', code: null, revision: 6 },
  ]);
});

it('tell the names of a time, of types, their states, and what else has one', async () => {
  const lead = await server.as('lead', 'carol');
  const incident = { name: 'Trouble', statusNames: { open: 'Open' }, fields: { language: 'optional' } };
  const { body: before } = await lead.get<{ document: { types: object } }>('/v1/configuration');
  const document = { types: { ...before.document.types, incident } };
  const applied = await lead.post('/v1/configuration/apply', { document });
  await lead.get(`/v1/requests/${number}?after=${applied.body.position}`);
  const named = await rows(`
    select kind, id, revision, name, held_from is null as is_seeded, held_until is null as holds from names
    where id in ('incident', 'incident/open', 'incident/held', 'language/de') order by kind, id, revision`);
  expect(named.map((each) => Object.values(each).join(' '))).toEqual([
    'choices language/de 1 German true true',
    'statuses incident/held 1 On hold true false',
    'statuses incident/open 1 Open true false',
    'statuses incident/open 2 Open false true',
    'types incident 1 Incident true false',
    'types incident 2 Trouble false true',
  ]);
  const joined = await rows(`
    select r.number, n.name from requests r join names n on n.kind = 'types' and n.id = r.type
      and (n.held_from is null or n.held_from <= r.opened_at) and (n.held_until is null or n.held_until > r.opened_at)
    where r.number = '${number}'`);
  expect(joined).toEqual([{ number, name: 'Incident' }]);
});

it('read instants as they were written, to the millisecond, and take what is none for nothing', async () => {
  const written = [
    '2026-01-05T09:00:00.123Z',
    '2024-02-29T23:59:59.999Z',
    '2026-12-31T00:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
  ];
  const none = ['', 'x', '2026-13-01T00:00:00.000Z', '2026-01-05', '2026-01-05T24:00:00.000Z', 'infinity', 'now'];
  for (const zone of ['UTC', 'Europe/Berlin']) {
    await reporter.query(`set timezone = '${zone}'`);
    for (const text of written)
      expect(iso((await reporter.query('select reporting.instant($1) as at', [text])).rows[0].at)).toBe(text);
    for (const text of none)
      expect((await reporter.query('select reporting.instant($1) as at', [text])).rows).toEqual([{ at: null }]);
  }
  await reporter.query('reset timezone');
  // A day that there is not is the one that it would be; nothing fails for it.
  const { rows: overflown } = await reporter.query(`select reporting.instant('2026-02-30T00:00:00.000Z') as at`);
  expect(iso(overflown[0].at)).toBe('2026-03-02T00:00:00.000Z');
});

it('lead to nobody whose processing is restricted, and count the same', async () => {
  const lead = await server.as('lead', 'carol');
  const { id } = (await agent.get<{ customer: { id: string } }>(`/v1/requests/${number}`)).body.customer;
  const told = await server.as('customer', id);
  const { body: asked } = await told.post(`/v1/requests/${number}/respond`, { text: secret });
  await agent.get(`/v1/requests/${number}?after=${asked.position}`);
  const counted = async () =>
    rows(`select (select count(*) from requests) as requests, (select count(*) from events where category <> 'customer') as events,
      (select count(*) from exceptions) as exceptions, (select count(*) from customers) as customers`);
  const naming = async (): Promise<readonly unknown[]> => {
    const found: boolean[] = [];
    for (const sql of [
      `select number from requests where customer_id = '${id}'`,
      `select number from exceptions where customer_id = '${id}'`,
      `select type from events where actor_id = '${id}'`,
      `select type from events where data::text like '%${id}%'`,
      `select type from events where category = 'customer' and key = '${id}' and data is not null`,
      `select id from customers where id = '${id}' and kind is not null`,
    ])
      found.push((await rows(sql)).length > 0);
    return found;
  };
  const restrict = async (verb: string, body: object): Promise<void> => {
    const { body: done } = await lead.post(`/v1/customers/${id}/${verb}`, body);
    await agent.get(`/v1/requests/${number}?after=${done.position}`);
  };
  const before = await counted();
  expect(await naming()).toEqual(Array(6).fill(true));
  await restrict('restrict-processing', { ground: 'unlawful', reason: secret });
  expect([await naming(), await counted()]).toEqual([Array(6).fill(false), before]);
  expect(await rows(`select id, status, segment from customers where restricted_since is not null`)).toEqual([
    { id, status: 'active', segment: null },
  ]);
  await restrict('lift-restriction', { reason: secret });
  expect(await naming()).toEqual(Array(6).fill(true));
});

it('say how far they are, and what is missing', async () => {
  const [state] = await rows('select * from completeness');
  expect(BigInt(String(state?.['position']))).toBeGreaterThanOrEqual(BigInt(position));
  expect(state).toMatchObject({ generation: 1, quarantined: '0' });
  await server.beside(({ pool }) =>
    pool.query(
      `insert into projection_quarantine (projection, version, key, revision, sequence, event_id, error)
       select name, version, $1, 3, 9, gen_random_uuid(), 'x' from projection_version where name = 'queue' and followed`,
      [number],
    ),
  );
  expect(await rows('select quarantined from completeness')).toEqual([{ quarantined: '1' }]);
  expect(await rows('select projection, key, revision from quarantine')).toEqual([
    { projection: 'queue', key: number, revision: 3 },
  ]);
  await server.beside(({ pool }) => pool.query('delete from projection_quarantine'));
});

it('are all that their account may read, and nothing that it may write', async () => {
  for (const table of ['public.event_log', 'public.request_v1', 'public.customer_contact'])
    expect([table, await refusal(`select * from ${table}`)]).toEqual([table, notAllowed]);
  await reporter.query('set default_transaction_read_only = off');
  for (const sql of [
    ...['delete from reporting.teams', 'create table public.x (a integer)', 'create table reporting.x (a integer)'],
    ...['create temporary table x (a integer)', `create role x`, `alter role casefold password 'x'`],
    ...['create schema x', 'drop view reporting.requests', `select pg_read_file('/etc/passwd')`],
  ])
    expect([sql, await refusal(sql)]).toEqual([sql, notAllowed]);
  const keystore = new Client({
    ...(JSON.parse((await casefold('reporting --json')).out) as object),
    database: 'keystore',
  });
  await expect(keystore.connect()).rejects.toThrow(/permission denied/);
});

it('end a statement that takes too long', async () =>
  expect(await rows('show statement_timeout')).toEqual([{ statement_timeout: '1min' }]));

it('stay right while read models are rebuilt and switched beside them, twice', async () => {
  const before = await rows('select * from requests order by number');
  await server.beside(async ({ pool, types, build }) => {
    for (const _time of [1, 2])
      await rebuild(pool, types, requestProjections, { build, startedBy: 'a test', onSwitch: pointReportingViews });
    const { rows: read } = await pool.query<{ name: string }>(
      `select distinct t.relname as name from pg_class v join pg_namespace n on n.oid = v.relnamespace
         and n.nspname = 'reporting' join pg_rewrite w on w.ev_class = v.oid join pg_depend d on d.objid = w.oid
       join pg_class t on t.oid = d.refobjid and t.relkind = 'r' order by 1`,
    );
    expect(read.map(({ name }) => name).filter((name) => name.endsWith('_old'))).toEqual([]);
    expect(read.length).toBeGreaterThan(6);
  });
  expect(await rows('select * from requests order by number')).toEqual(before);
});

it('would be seen to read the tables from before when nobody points them anew', async () => {
  await server.beside(async ({ pool, types, build }) => {
    await rebuild(pool, types, requestProjections, { build, startedBy: 'a test' });
    const stale = `select count(*) as stale from pg_class v join pg_namespace n on n.oid = v.relnamespace and n.nspname = 'reporting'
      join pg_rewrite w on w.ev_class = v.oid join pg_depend d on d.objid = w.oid join pg_class t on t.oid = d.refobjid
      where t.relname like '%\\_old'`;
    expect(Number((await pool.query(stale)).rows[0].stale)).toBeGreaterThan(0);
    await pointReportingViews(pool);
    expect(Number((await pool.query(stale)).rows[0].stale)).toBe(0);
  });
});

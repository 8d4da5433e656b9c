import fc from 'fast-check';
import { keyOf, Recorded } from '../../../eventing/event';
import { Role } from '../../../platform/auth/caller';
import { RequestEvent } from '../../events';
import { assigned, resolved } from '../../testing/given';
import { Cut } from '../../../eventing/projections/as-of';
import { priorities, Status, statuses } from '../../vocabulary';
import { DirectoryQuery } from '../directory/directory.query';
import { HistoryAnswer } from '../history/history.http';
import { PastQueueQuery } from '../queue/past-queue.query';
import { PagePlace } from '../page-cursor';
import { QueueAnswer } from '../queue/queue.http';
import { nextDue, queueProjection, QueueRow } from '../queue/queue.projection';
import { requestProjection } from '../request/request.projection';
import { RequestView } from '../request/request-view.http';
import { clocksAt } from '../service-levels/clocks-at';
import { PopulationAnswer } from '../service-levels/population.http';
import { clockStatuses, PopulationQuery } from '../service-levels/population.query';
import { serviceLevelsProjection, ServiceLevelsRow } from '../service-levels/service-levels.projection';
import { ServiceLevelsAnswer } from '../service-levels/service-levels.http';
import { anyHistory } from '../testing/arbitrary-history';
import { ReadServer, startReadServer } from '../testing/read-server';
import { rebuilt } from '../testing/timeline';
import { AsOfQuery, rowAsOf } from './as-of.query';
import { holding, pointValues } from './versions-at.query';

let server: ReadServer;
beforeAll(async () => {
  server = await startReadServer();
}, 60_000);
afterAll(() => server.stop(), 30_000);

const get = async <Body>(path: string, role: Role = 'agent', id?: string) => {
  const after = `${path.includes('?') ? '&' : '?'}after=${server.lastPosition()}`;
  const headers = { authorization: `Bearer ${await server.token(role, id)}` };
  const response = await fetch(server.address + path + after, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
};

const history = async (number: string): Promise<HistoryAnswer> =>
  (await get<HistoryAnswer>(`/v1/requests/${number}/history`)).body;

const corrected = (corrects: number, values: object): RequestEvent => ({
  type: 'RequestCorrected',
  data: { corrects, reason: 'typo', values },
});

describe('one case as of the past', () => {
  let number: string;
  let events: HistoryAnswer['events'];
  beforeAll(async () => {
    number = await server.open({ product: 'LaserJet 4' }, { occurredAt: '2026-01-05T09:00:00.000Z' });
    await server.append(number, assigned({ team: 'team-1', assignee: null }));
    await server.append(number, corrected(0, { product: 'LaserJet 5' }));
    await server.append(number, resolved);
    ({ events } = await history(number));
  });
  const asOf = (point: string | undefined, rest = '') =>
    get<RequestView>(`/v1/requests/${number}?asOf=${point}${rest}`);
  const sequence = (revision: number): string => events[revision]?.sequence ?? '';

  it('is what was known at a sequence, and says so', async () => {
    const { body, headers } = await asOf(sequence(1));
    expect(body).toMatchObject({ product: 'LaserJet 4', status: 'open', teamId: 'team-1', revision: '1' });
    expect(headers.get('casefold-as-of')).toBe(sequence(1));
    expect(headers.get('etag')).toBe('"1"');
    expect((await asOf(sequence(2))).body).toMatchObject({ product: 'LaserJet 5', status: 'open', revision: '2' });
  });
  it('is what was known at an instant: nothing that was recorded later', async () => {
    const { body, headers } = await asOf(events[3]?.recordedAt);
    expect(body).toMatchObject({ status: 'resolved' });
    expect(BigInt(headers.get('casefold-as-of') ?? 0)).toBeGreaterThanOrEqual(BigInt(sequence(3)));
    const before = new Date(Date.parse(events[0]?.recordedAt ?? '') - 1).toISOString();
    expect((await asOf(before)).status).toBe(404);
  });
  it('is what was so at an instant, with the correction made since', async () => {
    const { body, headers } = await asOf('2026-01-05T09:00:00Z', '&meaning=true');
    expect(body).toMatchObject({ product: 'LaserJet 5', status: 'open', teamId: null, revision: '0' });
    expect(headers.get('casefold-as-of')).toBe('2026-01-05T09:00:00.000Z');
    expect((await asOf('2026-01-05T08:59:59.999Z', '&meaning=true')).status).toBe(404);
    expect((await asOf('2026-01-05T09:00:00Z')).status).toBe(404);
  });
  it('tells the clocks as they stood then', async () => {
    const path = `/v1/requests/${number}/service-levels?asOf=2026-01-05T09:05:00Z&meaning=true`;
    expect((await get<ServiceLevelsAnswer>(path)).body.clocks[0]).toMatchObject({
      ...{ status: 'running', elapsedSeconds: 300, remainingSeconds: 600 },
    });
    const then = await get<ServiceLevelsAnswer>(`/v1/requests/${number}/service-levels?asOf=${sequence(0)}`);
    expect(then.body).toMatchObject({ revision: '0', clocks: [{ status: 'breached' }, { status: 'breached' }] });
  });
  it('tells the history that could be read then', async () => {
    const { body } = await get<HistoryAnswer>(`/v1/requests/${number}/history?asOf=${sequence(1)}`);
    expect(body).toMatchObject({ revision: '1', events: [{ correctedBy: [] }, { type: 'RequestAssigned' }] });
    expect(body.events).toHaveLength(2);
  });
  it('answers for whom it was there', async () => {
    const { body } = await asOf(sequence(0));
    const mine = await get<RequestView>(`/v1/requests/${number}?asOf=${sequence(0)}`, 'customer', body.customer.id);
    expect(mine.body).toMatchObject({ number, revision: '0' });
    expect((await get(`/v1/requests/${number}?asOf=${sequence(0)}`, 'customer')).status).toBe(404);
  });
  it.each([
    ['?asOf=999999999', '/asOf'],
    ['?asOf=2099-01-01T00:00:00Z', '/asOf'],
    ['?asOf=yesterday', '/asOf'],
    ['?asOf=', '/asOf'],
    ['?meaning=true', '/meaning'],
    ['?asOf=1&meaning=perhaps', '/meaning'],
    ['/history?asOf=1&meaning=true', '/meaning'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await get<{ errors: { pointer: string }[] }>(`/v1/requests/${number}${query}`);
    expect([status, body.errors.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });
});

describe('at every sequence and instant', () => {
  const log: Recorded<RequestEvent>[] = [];
  const numbers: string[] = [];
  const everybody = { customer: undefined, personal: true, internal: true };
  beforeAll(async () => {
    const sample = fc.sample(anyHistory, { numRuns: 10, seed: 20261125 });
    await Promise.all(
      sample.map(async (events) => {
        const { priority, team } = { priority: 'P1' as const, team: null, ...events[0]?.data };
        const number = await server.open({ priority, team }, { occurredAt: events[0]?.metadata.occurredAt ?? '' });
        numbers.push(number);
        for (const { type, data, metadata } of events.slice(1))
          await server.append(number, { type, data } as RequestEvent, 'somebody', { occurredAt: metadata.occurredAt });
      }),
    );
    await get(`/v1/requests/${numbers[0]}`);
    const { store, types } = server.installation.engine;
    for await (const event of store.readAll(['request'])) log.push(types.decode<RequestEvent>(event));
  }, 60_000);
  const historyOf = (number: string, events: readonly Recorded<RequestEvent>[]) =>
    events.filter(({ stream }) => keyOf(stream) === number);
  const cutAt = async (sequence: number): Promise<Cut> =>
    (await new AsOfQuery(server.installation.engine).resolve({ sequence }, 'recorded', new Date())).cut;

  it('one case is the fold of the log cut there', async () => {
    const asOf = new AsOfQuery(server.installation.engine);
    for (const [index] of log.entries()) {
      const cut = await cutAt(index + 1);
      for (const number of numbers) {
        const cutOff = historyOf(number, log.slice(0, index + 1));
        const found = await asOf.find(everybody, requestProjection, number, cut).catch(() => undefined);
        expect(found?.row ?? null).toEqual(rebuilt(requestProjection, cutOff));
      }
    }
  }, 120_000);

  it('an instant stands for what was recorded until then', async () => {
    const asOf = new AsOfQuery(server.installation.engine);
    for (const { metadata } of log) {
      const { cut } = await asOf.resolve({ instant: metadata.recordedAt }, 'recorded', new Date());
      const later = log.findIndex((event) => event.metadata.recordedAt > metadata.recordedAt);
      expect(cut).toEqual({ meaning: 'recorded', sequence: later < 0 ? log.length : later });
    }
  });

  /** Everything that the rows say, in the queue's order. */
  const queueOf = (rows: readonly (readonly [number: string, row: QueueRow | null])[], wanted: readonly Status[]) =>
    rows
      .flatMap(([number, row]) => (row && wanted.includes(row.status) ? [{ number, row }] : []))
      .map(({ number, row }) => {
        const due = nextDue(row);
        return [
          due ? new Date(due.at).toISOString() : '~',
          number,
          row.status,
          row.priority,
          row.assignee,
          row.level,
        ].join();
      })
      .sort();
  const allNumbers = (): readonly string[] => [...new Set(log.map(({ stream }) => keyOf(stream)))];
  const pages = async (cut: Cut, wanted: readonly Status[]): Promise<{ shown: string[]; total: number }> => {
    const { engine } = server.installation;
    const queue = new PastQueueQuery(engine, new DirectoryQuery(engine));
    const filter = { statuses: wanted, priorities, team: undefined, assignee: undefined, without: [] };
    const shown: string[] = [];
    for (let from: PagePlace | undefined; ;) {
      const { entries, next, total } = await queue.page(everybody, filter, from, 4, cut);
      for (const { dueAt, number, status, priority, assignee, level } of entries)
        shown.push([dueAt?.toISOString() ?? '~', number, status, priority, assignee, level].join());
      if (!next) return { shown, total };
      from = next;
    }
  };

  it.each([[['open', 'held'] as const], [statuses]])(
    'the queue of %j is that of a replay, as recorded',
    async (wanted) => {
      for (let sequence = 0; sequence <= log.length; sequence++) {
        const rows = allNumbers().map((number) => {
          return [number, rebuilt(queueProjection, historyOf(number, log.slice(0, sequence)))] as const;
        });
        const expected = queueOf(rows, wanted);
        expect(await pages({ meaning: 'recorded', sequence }, wanted)).toEqual({
          shown: expected,
          total: expected.length,
        });
      }
    },
    120_000,
  );

  it('the queue is that of a replay, as true', async () => {
    const decoded = (number: string) => ({
      events: historyOf(number, log).map((event) => ({ sequence: log.indexOf(event) + 1, event })),
      unreadable: undefined,
    });
    const instants = new Set(
      log.flatMap(({ metadata }) => [-1, 0, 1].map((by) => Date.parse(metadata.occurredAt) + by)),
    );
    for (const instant of instants) {
      const cut = { meaning: 'true' as const, instant };
      const rows = allNumbers().map((number) => {
        return [number, rowAsOf(queueProjection, number, decoded(number), cut)?.row ?? null] as const;
      });
      const expected = queueOf(rows, statuses);
      expect(await pages(cut, statuses)).toEqual({ shown: expected, total: expected.length });
    }
  }, 120_000);

  /** What each case's own answer says of its clocks. */
  const clocksOf = (rows: readonly (readonly [number: string, row: ServiceLevelsRow | null])[], now: number) =>
    rows.flatMap(([number, row]) =>
      (row?.clocks ? clocksAt(row.clocks, now) : []).map(({ metric, cycle, status, priority, team, breachesAt }) =>
        [number, metric, cycle, status, priority, team, breachesAt].join(),
      ),
    );
  const population = async (point: { now: number; cut: Cut }) => {
    const query = new PopulationQuery(server.installation.engine);
    const filter = { metric: undefined, team: undefined, priorities, statuses: clockStatuses };
    const clocks: string[] = [];
    const dues: number[] = [];
    for (let from: PagePlace | undefined; ;) {
      const page = await query.page(filter, from, 20, point);
      for (const { number, metric, cycle, status, priority, team, breachesAt } of page.clocks) {
        const at = breachesAt === null ? null : new Date(breachesAt).toISOString();
        clocks.push([number, metric, cycle, status, priority, team, at].join());
        dues.push(breachesAt ?? Infinity);
      }
      if (page.next) {
        from = page.next;
        continue;
      }
      const counted = page.groups.flatMap(({ counts }) => Object.values(counts));
      return { clocks, dues, totals: [page.total, counted.reduce((sum, count) => sum + count, 0)] };
    }
  };
  const expectPopulation = async (
    point: { now: number; cut: Cut },
    rows: readonly (readonly [number: string, row: ServiceLevelsRow | null])[],
  ): Promise<void> => {
    const expected = clocksOf(rows, point.now);
    const { clocks, dues, totals } = await population(point);
    expect([...clocks].sort()).toEqual([...expected].sort());
    expect(dues).toEqual([...dues].sort((left, right) => left - right));
    expect(totals).toEqual([expected.length, expected.length]);
  };

  it('the clocks of all cases are those of replays, as recorded', async () => {
    const asOf = new AsOfQuery(server.installation.engine);
    for (let sequence = 1; sequence <= log.length; sequence++) {
      const point = await asOf.resolve({ sequence }, 'recorded', new Date());
      const rows = allNumbers().map((number) => {
        return [number, rebuilt(serviceLevelsProjection, historyOf(number, log.slice(0, sequence)))] as const;
      });
      await expectPopulation(point, rows);
    }
  }, 120_000);

  it('the clocks of all cases are those of replays, as true', async () => {
    for (const { metadata } of log) {
      const instant = Date.parse(metadata.occurredAt);
      const cut = { meaning: 'true' as const, instant };
      const rows = allNumbers().map((number) => {
        const events = historyOf(number, log).map((event) => ({ sequence: log.indexOf(event) + 1, event }));
        return [
          number,
          rowAsOf(serviceLevelsProjection, number, { events, unreadable: undefined }, cut)?.row ?? null,
        ] as const;
      });
      await expectPopulation({ cut, now: instant }, rows);
    }
  }, 120_000);
});

it('counts the clocks of all cases over HTTP, now and then', async () => {
  const number = await server.open({ priority: 'P2' });
  const sequence = (await history(number)).events[0]?.sequence;
  await server.append(number, resolved);
  const path = '/v1/service-levels?priority=P2&limit=200';
  const now = await get<PopulationAnswer>(`${path}&status=met,missed`);
  expect(now.body.items).toContainEqual(expect.objectContaining({ number, metric: 'resolution', status: 'met' }));
  const then = await get<PopulationAnswer>(`${path}&status=running,breached&asOf=${sequence}`);
  expect(then.headers.get('casefold-as-of')).toBe(sequence);
  expect(then.body.items).toContainEqual(expect.objectContaining({ number, metric: 'resolution', status: 'running' }));
  expect((await get('/v1/service-levels', 'customer')).status).toBe(403);
  expect((await get('/v1/service-levels?status=late')).status).toBe(422);
});

it('shows the queue of the past over HTTP, page after page, with cursors that belong to it', async () => {
  const number = await server.open();
  const sequence = (await history(number)).events[0]?.sequence;
  await server.append(number, resolved);
  const path = `/v1/queue?limit=1&asOf=${sequence}`;
  const seen: string[] = [];
  let page = await get<QueueAnswer>(path);
  expect(page.headers.get('casefold-as-of')).toBe(sequence);
  const { total, nextCursor: cursor } = page.body;
  for (; ; page = await get<QueueAnswer>(`${path}&cursor=${page.body.nextCursor}`)) {
    expect(page.body.total).toBe(total);
    seen.push(...page.body.items.map((item) => item.number));
    if (page.body.nextCursor === null) break;
  }
  expect(seen).toContain(number);
  expect(seen).toHaveLength(total);
  expect((await get<QueueAnswer>('/v1/queue?limit=200')).body.items.map((item) => item.number)).not.toContain(number);
  expect((await get(`/v1/queue?limit=1&asOf=${Number(sequence) + 1}&cursor=${cursor}`)).status).toBe(400);
});

it('reads of all versions only those stretches of the index in which one that holds can begin', async () => {
  const { pool } = server.installation.engine;
  const sql = holding(queueProjection, 'q.key', 'unnest($5::text[]) as a (wanted)', 'and q.status = wanted');
  const db = await pool.connect();
  try {
    await db.query('begin; set local enable_seqscan = off; set local enable_bitmapscan = off');
    const values = [...pointValues({ meaning: 'recorded', sequence: 3 }), ['open', 'held']];
    const { rows } = await db.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, values);
    const condition = rows.map((row) => row['QUERY PLAN']).find((line) => line.includes('Index Cond'));
    expect(condition).toMatch(/level = c\.wanted_level.*valid_from > c\.earliest/);
  } finally {
    await db.query('rollback');
    db.release();
  }
});

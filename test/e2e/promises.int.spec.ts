import { randomUUID } from 'node:crypto';
import { Book } from '../../libs/service-levels/book';
import { ServiceLevelBook } from '../../libs/service-levels/book.adapter';
import { eventually } from '../faults/harness/eventually';
import { Client, ProblemBody, serve, Served } from './served';

/** Policies and calendars over HTTP, and what becomes of the cases that are opened under them. */
jest.setTimeout(120_000);

interface PolicyAnswer {
  readonly holds: number | null;
  readonly draft: object | null;
  readonly revisions: readonly { readonly revision: number; readonly corrects: number | null }[];
}
interface Clocks {
  readonly clocks: readonly {
    readonly metric: string;
    readonly status: string;
    readonly policy: { readonly id: string; readonly revision: number };
    readonly targetSeconds: number;
    readonly endedBy: string | null;
  }[];
}

let server: Served;
let lead: Client;
let agent: Client;

beforeAll(async () => {
  server = await serve();
  lead = await server.as('lead', 'carol');
  agent = await server.as('agent', 'alice');
});
afterAll(() => server.stop());

const target = (targetSeconds: number) => ({ calendar: 'always', targetSeconds });
const resolution = (targetSeconds: number) => ({
  ...{ metric: 'resolution', start: ['opened'], stop: ['resolved', 'closed'], cancel: ['cancelled'] },
  ...{ pause: ['waiting-customer'], reopens: true },
  targets: Object.fromEntries(['P1', 'P2', 'P3', 'P4', 'P5'].map((priority) => [priority, target(targetSeconds)])),
});
const policy = (rank: number, match: object, ...clocks: object[]) => ({ rank, match, clocks });
const at = (id: string, verb: string): string => `/v1/service-level-policies/${id}/${verb}`;
const activate = async (id: string, body: object): Promise<string> => {
  expect(await lead.post<ProblemBody>(at(id, 'draft'), body)).toMatchObject({ status: 200 });
  const answer = await lead.post(at(id, 'activate'), {});
  expect(answer).toMatchObject({ status: 200, body: { events: ['PolicyActivated'] } });
  return answer.body.position;
};
const opening = (more: object = {}) => ({
  ...{ subject: 'Printer', description: 'Smoke', type: 'incident', impact: 'high', urgency: 'high' },
  customer: { name: 'Ada' },
  ...more,
});
const open = async (more: object = {}): Promise<string> => {
  const { status, body } = await agent.post('/v1/requests', opening(more));
  expect(status).toBe(201);
  return body.number;
};
const clocksOf = async (number: string, after: string): Promise<Clocks['clocks']> =>
  (await agent.get<Clocks>(`/v1/requests/${number}/service-levels?after=${after}`)).body.clocks;
const historyOf = (number: string) =>
  server.beside(async ({ store, types }) =>
    (await store.read(`request-${number}`)).map((event) => types.decode(event)),
  );
const named = async (number: string) => {
  const events = await historyOf(number);
  return events.map(({ metadata: { policy: id, policyMatch } }) => [id, policyMatch]);
};

/** A customer who came with a request is registered by a process a moment later. */
const segmented = async (customer: string, segment: string): Promise<void> => {
  const deadline = performance.now() + 20_000;
  while ((await lead.post(`/v1/customers/${customer}/segment`, { segment })).status !== 200)
    if (performance.now() > deadline) throw new Error('the customer was not registered');
};

describe('a policy', () => {
  it('is drafted, previewed, activated, and holds for the cases that come', async () => {
    const before = await open({ type: 'hardware' });
    const body = policy(10, { types: ['hardware'], priorities: ['P1'] }, resolution(600));
    expect((await lead.post(at('hardware', 'draft'), body)).body.events).toEqual(['PolicyDrafted']);
    expect((await lead.post(at('hardware', 'draft'), body)).body.events).toEqual([]);
    const { body: preview } = await agent.get<object>(
      `/v1/service-level-policies/hardware/preview?after=${(await agent.post(`/v1/requests/${before}/note`, { text: 'x' })).body.position}`,
    );
    expect(preview).toMatchObject({ id: 'hardware', open: 1, total: 1, numbers: [before] });
    expect((await lead.post(at('hardware', 'activate'), {})).body.events).toEqual(['PolicyActivated']);
    const after = await open({ type: 'hardware' });
    const other = await open({ type: 'software' });
    const { position } = (await agent.post(`/v1/requests/${other}/note`, { text: 'x' })).body;
    const policies = await Promise.all([before, after, other].map((number) => clocksOf(number, position)));
    expect(policies.map((clocks) => clocks.at(-1)?.policy)).toEqual([
      { id: 'standard', revision: 1 },
      { id: 'hardware', revision: 1 },
      { id: 'standard', revision: 1 },
    ]);
    expect(await named(after)).toEqual([['hardware@1', 'type=hardware priority=P1']]);
    expect((await named(before))[0]).toEqual(['standard@1', 'everything']);
    const { body: read } = await agent.get<PolicyAnswer>('/v1/service-level-policies/hardware');
    expect(read).toMatchObject({ holds: 1, draft: null, revisions: [{ revision: 1, corrects: null }] });
  });

  it('is found by the segment of the customer and by the team', async () => {
    await activate('segment', policy(5, { customerSegments: ['gold'] }, resolution(60)));
    await activate('team', policy(6, { teams: ['billing'] }, resolution(70)));
    const first = await open({ customer: { name: 'Grace', email: 'grace@example.org' } });
    const [{ data } = { data: {} }] = await historyOf(first);
    const customer = String(Reflect.get(data, 'customer'));
    await segmented(customer, 'gold');
    const second = await open({ customer: { id: customer } });
    expect(await named(second)).toEqual([['segment@1', 'customerSegment=gold']]);
    const third = await open({ team: 'billing' });
    expect((await named(third))[0]?.[0]).toBe('team@1');
    await agent.post(`/v1/requests/${third}/assign`, { team: 'support' });
    expect((await named(third))[1]?.[0]).toBe('standard@1');
    await lead.post(at('segment', 'retire'), {});
    expect((await named(await open({ customer: { id: customer } })))[0]?.[0]).toBe('standard@1');
  });

  it('keeps the cases that are under it when its next revision comes, unless it says otherwise', async () => {
    await activate('next', policy(7, { types: ['next'] }, resolution(600)));
    const number = await open({ type: 'next' });
    await activate('next', { ...policy(7, { types: ['next'] }, resolution(300)), revisionChange: 'move' });
    await agent.post(`/v1/requests/${number}/classify`, { category: 'printing' });
    expect(await named(number)).toEqual([
      ['next@1', 'type=next'],
      [undefined, undefined],
    ]);
    const later = await open({ type: 'next' });
    await activate('next', policy(7, { types: ['next'] }, resolution(100)));
    await agent.post(`/v1/requests/${later}/classify`, { category: 'printing' });
    expect(await named(later)).toEqual([
      ['next@2', 'type=next'],
      ['next@3', 'type=next'],
    ]);
  });

  it.each<[string, object, readonly [string, string][]]>([
    ['no clock', policy(1, {}), [['/clocks', 'CLOCKS_COUNT']]],
    ['a clock that never ends', policy(1, {}, { ...resolution(60), stop: [] }), [['/clocks/0/stop', 'NEVER_STOPS']]],
    [
      'an unknown calendar',
      policy(1, {}, { ...resolution(60), targets: { P1: { calendar: 'moon', targetSeconds: 60 } } }),
      [['/clocks/0/targets/P1/calendar', 'UNKNOWN_CALENDAR']],
    ],
    [
      'a target out of reach',
      policy(1, {}, { ...resolution(60), targets: { P2: target(2_000_000_000) } }),
      [['/clocks/0/targets/P2/targetSeconds', 'TARGET_UNREACHABLE']],
    ],
    ['a list that matches nothing', policy(1, { types: [] }, resolution(60)), [['/match/types', 'MATCHES_NOTHING']]],
    ['the same clock twice', policy(1, {}, resolution(1), resolution(2)), [['/clocks/1/metric', 'CLOCK_TWICE']]],
    [
      'a clock after one that is not there',
      policy(1, {}, { ...resolution(60), after: 'first-response' }),
      [['/clocks/0/after', 'UNKNOWN_CLOCK']],
    ],
    [
      'a warning before the beginning',
      policy(1, {}, { ...resolution(60), warnSecondsBefore: [60], warnShares: [100] }),
      [
        ['/clocks/0/warnShares/0', 'NOT_A_SHARE'],
        ['/clocks/0/warnSecondsBefore/0', 'WARNS_TOO_EARLY'],
      ],
    ],
    [
      'a word of no vocabulary',
      policy(1, {}, { ...resolution(60), start: ['full moon'] }),
      [['/clocks/0/start', 'IS_IN']],
    ],
    [
      'a second and a half',
      policy(1, {}, { ...resolution(60), targets: { P1: target(1.5) } }),
      [['/clocks/0/targets/P1/targetSeconds', 'IS_INT']],
    ],
    [
      'a team that nobody knows',
      policy(1, { teams: ['nobody'] }, resolution(60)),
      [['/match/teams/0', 'UNKNOWN_TEAM']],
    ],
  ])('is refused with a pointer: %s', async (_, body, expected) => {
    const { status, body: problem } = await lead.post<ProblemBody>(at('bad', 'draft'), body);
    expect([status, problem.errors?.map(({ pointer, code }) => [pointer, code])]).toEqual([422, expected]);
    expect((await lead.post<ProblemBody>(at('bad', 'activate'), {})).body.code).toBe('NOTHING_DRAFTED');
  });

  it('that is standard is for every case, and stays', async () => {
    const restricted = await lead.post<ProblemBody>(
      at('standard', 'draft'),
      policy(1, { types: ['x'] }, resolution(60)),
    );
    expect(restricted.body.errors).toMatchObject([{ pointer: '/match', code: 'STANDARD_RESTRICTED' }]);
    expect((await lead.post<ProblemBody>(at('standard', 'retire'), {})).body.code).toBe('POLICY_NEEDED');
  });

  it('is changed by those who lead, and read by all staff', async () => {
    const customer = await server.as('customer', randomUUID());
    expect((await agent.post<ProblemBody>(at('gold', 'draft'), {})).status).toBe(403);
    expect((await customer.get('/v1/service-level-policies')).status).toBe(403);
    expect((await agent.get('/v1/service-level-policies/nothing')).status).toBe(404);
    expect((await agent.get('/v1/service-level-policies/toString')).status).toBe(404);
  });
});

describe('a calendar', () => {
  const draft = (body: object) => lead.post<ProblemBody>('/v1/calendars/office/draft', body);
  const week = { 1: [{ from: '09:00', to: '17:00' }] };

  it.each<[string, object, readonly [string, string][]]>([
    ['no open day', { zone: 'Europe/Rome', week: {} }, [['/week', 'NEVER_OPEN']]],
    ['no such zone', { zone: 'Europe/Atlantis', week }, [['/zone', 'UNKNOWN_ZONE']]],
    [
      'intervals that overlap',
      {
        zone: 'UTC',
        week: {
          2: [
            { from: '09:00', to: '12:00' },
            { from: '11:00', to: '13:00' },
          ],
        },
      },
      [['/week/2/1', 'INTERVALS_OVERLAP']],
    ],
    [
      'no such day, where it was given',
      { zone: 'UTC', holidays: ['2026-12-25', '2026-02-30', '2026-01-01'] },
      [['/holidays/1', 'NOT_A_DATE']],
    ],
    ['no such time', { zone: 'UTC', week: { 3: [{ from: '9', to: '17:00' }] } }, [['/week/3/0', 'NOT_A_TIME']]],
    [
      'no such country',
      { zone: 'UTC', publicHolidays: { country: 'XX', yearFirst: 2026, yearLast: 2026 } },
      [['/publicHolidays/country', 'UNKNOWN_COUNTRY']],
    ],
    ['no iCalendar', { zone: 'UTC', iCalendar: 'hello' }, [['/iCalendar', 'NOT_ICALENDAR']]],
    [
      'an exception that is empty the wrong way',
      { zone: 'UTC', exceptions: [{ date: '2026-12-24', times: [{ from: '12:00', to: '12:00' }] }] },
      [['/exceptions/0/times/0', 'INTERVAL_EMPTY']],
    ],
    [
      'an exception that is given twice',
      { zone: 'UTC', exceptions: ['2026-12-24', '2026-12-24'].map((date) => ({ date, times: [] })) },
      [['/exceptions/1/date', 'DATE_TWICE']],
    ],
  ])('is refused with a pointer: %s', async (_, body, expected) => {
    const { status, body: problem } = await draft(body);
    expect([status, problem.errors?.map(({ pointer, code }) => [pointer, code])]).toEqual([422, expected]);
    expect(problem.detail).toMatch(/ has 1 fault$/);
  });

  it('does not hold where a target of a policy would be out of its reach', async () => {
    const hours = (to: string) =>
      lead.post<ProblemBody>('/v1/calendars/hot-line/draft', { zone: 'UTC', week: { 1: [{ from: '09:00', to }] } });
    const hold = () => lead.post<ProblemBody>('/v1/calendars/hot-line/activate', {});
    await hours('17:00');
    expect(await hold()).toMatchObject({ status: 200 });
    const targets = { P1: { calendar: 'hot-line', targetSeconds: 576_000 } };
    await activate('far', policy(9_000, { types: ['nothing'] }, { ...resolution(1), targets }));
    await hours('09:01');
    expect(await hold()).toMatchObject({
      status: 422,
      body: {
        code: 'CALENDAR_INVALID',
        errors: [{ pointer: '', code: 'TARGET_UNREACHABLE', detail: expect.stringMatching(/policy far/) }],
      },
    });
  });

  it('may have a name that every object has a member of, as a policy may', async () => {
    expect(await lead.post('/v1/calendars/constructor/draft', { zone: 'UTC' })).toMatchObject({ status: 200 });
    expect(await lead.post('/v1/calendars/constructor/activate', {})).toMatchObject({ status: 200 });
    await activate('constructor', policy(9_001, { types: ['nothing'] }, resolution(60)));
  });

  it('takes holidays of a country, from iCalendar and made by hand', async () => {
    const iCalendar = [
      ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//', 'BEGIN:VEVENT', 'UID:1'],
      ...['DTSTART;VALUE=DATE:20260714', 'END:VEVENT', 'END:VCALENDAR'],
    ].join('\r\n');
    const publicHolidays = { country: 'IT', yearFirst: 2026, yearLast: 2026 };
    expect(
      (await draft({ zone: 'Europe/Rome', week, holidays: ['2026-08-14'], publicHolidays, iCalendar })).status,
    ).toBe(200);
    await lead.post('/v1/calendars/office/activate', {});
    const { body } = await agent.get<{ revisions: readonly { body: { holidays: readonly string[] } }[] }>(
      '/v1/calendars/office',
    );
    expect(body.revisions[0]?.body.holidays).toEqual(
      expect.arrayContaining(['2026-04-06', '2026-07-14', '2026-08-14', '2026-12-25']),
    );
  });
});

describe('activating a policy while as many cases are opened as the server takes', () => {
  const callers = 48;
  const openingsBetween = 48;

  /** Opens cases of a type until it is over. @returns the terms of each, in the order of the log */
  const underLoad = async (type: string, during: (opened: readonly string[]) => Promise<void>) => {
    const numbers: string[] = [];
    let isOver = false;
    const caller = async (): Promise<void> => {
      while (!isOver) numbers.push(await open({ type }));
    };
    const began = performance.now();
    const calling = Promise.all(Array.from({ length: callers }, caller));
    try {
      await during(numbers);
    } finally {
      isOver = true;
      await calling;
    }
    const perSecond = Math.round((numbers.length * 1000) / (performance.now() - began));
    process.stderr.write(`${numbers.length} cases opened by ${callers} callers, ${perSecond} a second\n`);
    return server.beside(async ({ store }) => {
      const events = await Promise.all(numbers.map((number) => store.readOne(`request-${number}`, 0)));
      const known = events.flatMap((event) => (event ? [event] : []));
      return known
        .sort((one, other) => (one.position < other.position ? -1 : 1))
        .map(({ metadata }) => metadata.policy);
    });
  };
  const runsOf = (order: readonly (string | undefined)[]): readonly (string | undefined)[] =>
    order.filter((name, place) => name !== order[place - 1]);
  const more = (opened: readonly string[], count: number): Promise<void> => {
    const goal = opened.length + count;
    return eventually('more are opened', async () => opened.length >= goal);
  };

  it('splits cases cleanly at one position', async () => {
    const order = await underLoad('split', async (opened) => {
      await more(opened, openingsBetween);
      for (const seconds of [600, 500]) {
        await activate('split', policy(3, { types: ['split'] }, resolution(seconds)));
        await more(opened, openingsBetween);
      }
    });
    expect(runsOf(order)).toEqual(['standard@1', 'split@1', 'split@2']);
  });

  it('does not where every other one goes by a book from before, so that the test above can fail', async () => {
    const { begin } = ServiceLevelBook.prototype;
    let stale: Book | undefined;
    let openings = 0;
    ServiceLevelBook.prototype.begin = async function (at, write) {
      const known = await this.current();
      stale ??= known;
      return write(openings++ % 2 ? stale : known, at);
    };
    try {
      const order = await underLoad('torn', async (opened) => {
        await more(opened, 1);
        await activate('torn', policy(4, { types: ['torn'] }, resolution(60)));
        await more(opened, 2 * callers);
      });
      expect(runsOf(order).length).toBeGreaterThan(2);
    } finally {
      ServiceLevelBook.prototype.begin = begin;
    }
  });
});

import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { Recorded } from '../../libs/eventing/event';
import { EventStore } from '../../libs/eventing/event-store.adapter';
import { serviceEvent } from '../../libs/requests/clock-events';
import { RequestEvent } from '../../libs/requests/events';
import { requestEvolution } from '../../libs/requests/request';
import { ServiceLevelBook } from '../../libs/service-levels/book.adapter';
import { clocksOf } from '../../libs/service-levels/clocks';
import { knownTerms, learnTerms } from '../../libs/service-levels/known-terms';
import { standardTerms } from '../../libs/service-levels/seeds';
import { Client, ProblemBody, serve, Served } from './served';

/**
 * The worked cases through everything: policies and calendars over HTTP, commands over HTTP at instants that enter by the clock's
 * port, events, read models, answers.
 */
jest.setTimeout(120_000);

interface ClockAnswer {
  readonly metric: string;
  readonly cycle: number;
  readonly status: string;
  readonly priority: string;
  readonly policy: { readonly id: string; readonly revision: number };
  readonly calendar: { readonly id: string; readonly revision: number };
  readonly elapsedSeconds: number;
  readonly dueAt: string | null;
  readonly endedBy: string | null;
}
interface LevelsAnswer {
  readonly clocks: readonly ClockAnswer[];
  readonly explanations?: readonly {
    readonly metric: string;
    readonly pausedSeconds: number;
    readonly sentences: readonly string[];
  }[];
}
interface HistoryAnswer {
  readonly events: readonly {
    readonly type: string;
    readonly sequence: number | string;
    readonly occurredAt: string;
    readonly data: object;
  }[];
}

const minute = 60;
const hour = 3_600;
const clock = { now: Date.parse('2026-01-05T08:00:00Z') };
let server: Served;
let lead: Client;
let agent: Client;
let customer: Client;

beforeAll(async () => {
  server = await serve(() => new Date(clock.now));
  lead = await server.as('lead', 'carol');
  agent = await server.as('agent', 'alice');
  customer = await server.as('customer', randomUUID());
});
afterAll(() => server.stop());

const berlin = (text: string): number => DateTime.fromISO(text, { zone: 'Europe/Berlin' }).toMillis();
const day = (time: string): number => Date.parse(`2026-02-02T${time.length === 5 ? `${time}:00` : time}Z`);
const iso = (instant: number): string => new Date(instant).toISOString();

const long = { from: '2000-01-01T00:00:00Z' };
const put = async (path: string, body: object): Promise<void> => {
  const { status, text } = await lead.post(path, body);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
};

const calendar = async (
  id: string,
  zone: string,
  days: readonly number[],
  times: object[],
  holidays: string[] = [],
) => {
  const week = Object.fromEntries(days.map((each) => [each, times]));
  await put(`/v1/calendars/${id}/draft`, { zone, week, holidays });
  await put(`/v1/calendars/${id}/activate`, long);
  return id;
};
const weekdays = [1, 2, 3, 4, 5];
const all = [...weekdays, 6, 7];

type Targets = Readonly<Record<string, number | readonly [calendar: string, seconds: number]>>;
const targetsOf = (targets: Targets): object =>
  Object.fromEntries(
    Object.entries(targets).map(([priority, target]) => {
      const [id, targetSeconds] = typeof target === 'number' ? ['always', target] : target;
      return [priority, { calendar: id, targetSeconds }];
    }),
  );
const base = { cancel: ['cancelled'], pause: [] };
const response = (targets: Targets, more: object = {}) => ({
  ...{ metric: 'first-response', start: ['opened'], stop: ['staff-replied', 'resolved', 'closed'] },
  ...{ ...base, targets: targetsOf(targets), ...more },
});
const resolution = (targets: Targets, more: object = {}) => ({
  ...{ metric: 'resolution', start: ['opened'], stop: ['resolved', 'closed'], reopens: true },
  ...{ ...base, pause: ['waiting-customer'], targets: targetsOf(targets), ...more },
});
const next = (targets: Targets) => ({
  ...{
    metric: 'next-response',
    start: ['customer-wrote'],
    stop: ['staff-replied', 'resolved', 'closed'],
    repeats: true,
  },
  ...{ ...base, after: 'first-response', targets: targetsOf(targets) },
});
const update = (targets: Targets) => ({
  ...{ metric: 'periodic-update', start: ['opened', 'staff-replied'], stop: ['staff-replied', 'resolved', 'closed'] },
  ...{ ...base, repeats: true, targets: targetsOf(targets) },
});

let rank = 0;
/** A policy for one type of case, without a chain that would act on what is long past. @returns the type */
const promise = async (id: string, clocks: object[], more: object = {}): Promise<string> => {
  await put(`/v1/service-level-policies/${id}/draft`, {
    ...{ rank: ++rank, match: { types: [id] }, clocks, escalation: [] },
    ...more,
  });
  await put(`/v1/service-level-policies/${id}/activate`, long);
  return id;
};

const impacts = {
  P1: ['high', 'high'],
  P2: ['high', 'medium'],
  P3: ['medium', 'medium'],
  P4: ['medium', 'low'],
} as const;
type Named = keyof typeof impacts;

class Case {
  private position = '0';
  constructor(readonly number: string) {}

  async at(instant: number, verb: string, body: object = {}, who: Client = agent): Promise<this> {
    clock.now = instant;
    const { status, text, body: answer } = await who.post(`/v1/requests/${this.number}/${verb}`, body);
    if (status !== 200) throw new Error(`${verb}: ${status} ${text}`);
    this.position = answer.position;
    return this;
  }
  reply = (instant: number) => this.at(instant, 'respond', { text: 'We are on it' });
  write = (instant: number) => this.at(instant, 'respond', { text: 'Well?' }, customer);
  hold = (instant: number) => this.at(instant, 'hold', { reason: 'Asked', waitingFor: 'customer' });
  resume = (instant: number) => this.at(instant, 'resume');
  resolve = (instant: number) => this.at(instant, 'resolve', { code: 'fixed', resolution: 'Done' });
  reopen = (instant: number) => this.at(instant, 'reopen', { reason: 'Again' });
  raise = (instant: number, to: Named) =>
    this.at(instant, 'classify', { impact: impacts[to][0], urgency: impacts[to][1] });

  async levels(instant: number, query = ''): Promise<LevelsAnswer> {
    clock.now = instant;
    const path = `/v1/requests/${this.number}/service-levels?after=${this.position}${query}`;
    return (await agent.get<LevelsAnswer>(path)).body;
  }
  /** The newest run of a clock as it is seen at an instant. */
  async clock(instant: number, metric = 'resolution'): Promise<ClockAnswer> {
    const found = (await this.levels(instant)).clocks.filter((each) => each.metric === metric).at(-1);
    if (!found) throw new Error(`there is no clock ${metric}`);
    return found;
  }
  async history(): Promise<HistoryAnswer['events']> {
    return (await agent.get<HistoryAnswer>(`/v1/requests/${this.number}/history?after=${this.position}`)).body.events;
  }
  /** Waits for what timers and processes write. */
  async until(type: string, count = 1): Promise<HistoryAnswer['events']> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const found = (await this.history()).filter((event) => event.type === type);
      if (found.length >= count) return found;
      if (performance.now() > deadline) throw new Error(`${type} did not come`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  /** What the log itself has. */
  log(): Promise<readonly Recorded<RequestEvent>[]> {
    const read = async (store: EventStore) => store.read(`request-${this.number}`);
    return server.beside(async ({ store, types }) =>
      (await read(store)).map((event) => types.decode<RequestEvent>(event)),
    );
  }
}

const open = async (instant: number, type: string, priority: Named = 'P3'): Promise<Case> => {
  clock.now = instant;
  const [impact, urgency] = impacts[priority];
  const body = { subject: 'Printer', description: 'Smoke', type, impact, urgency, customer: { name: 'Ada' } };
  const { status, text, body: answer } = await customer.post('/v1/requests', body);
  if (status !== 201) throw new Error(`open: ${status} ${text}`);
  return new Case(answer.number).at(instant, 'note', { text: 'seen' });
};

describe('business time', () => {
  it('case 1: a target runs over the weekend', async () => {
    const opened = berlin('2026-01-30T16:30');
    const short = await open(opened, await promise('c1', [response({ P3: ['business-hours', hour] })]));
    const longer = await open(opened, await promise('c1-4h', [response({ P3: ['business-hours', 4 * hour] })]));
    expect((await short.clock(opened, 'first-response')).dueAt).toBe(iso(berlin('2026-02-02T09:30')));
    expect((await longer.clock(opened, 'first-response')).dueAt).toBe(iso(berlin('2026-02-02T12:30')));
  });

  it('case 2: a first answer while closed has taken no time', async () => {
    const one = await open(
      berlin('2026-01-30T19:00'),
      await promise('c2', [response({ P3: ['business-hours', hour] })]),
    );
    expect((await one.clock(clock.now, 'first-response')).dueAt).toBe(iso(berlin('2026-02-02T10:00')));
    await one.reply(berlin('2026-01-31T11:00'));
    expect(await one.clock(clock.now, 'first-response')).toMatchObject({ elapsedSeconds: 0, status: 'met' });
  });

  it('case 3: holidays between, due at the end of a day', async () => {
    const shop = await calendar(
      'c3',
      'Europe/Berlin',
      all,
      [{ from: '09:00', to: '21:00' }],
      ['2016-11-11', '2016-11-13'],
    );
    const one = await open(berlin('2016-11-09T23:00'), await promise('c3', [resolution({ P3: [shop, 48 * hour] })]));
    expect((await one.clock(clock.now)).dueAt).toBe(iso(berlin('2016-11-15T21:00')));
  });

  it.each([
    ['case 4: around the clock across the spring change', 'c4', '2026-03-28T20:00', '2026-03-29T03:00:00.000Z'],
    ['case 5: around the clock across the autumn change', 'c5', '2026-10-24T20:00', '2026-10-25T02:00:00.000Z'],
  ])('%s', async (_, id, opened, due) => {
    const one = await open(berlin(opened), await promise(id, [resolution({ P3: 8 * hour })]));
    expect((await one.clock(clock.now)).dueAt).toBe(due);
  });

  it('case 6: Sunday 00–06 has 5 hours in spring and 7 in autumn', async () => {
    const sundays = await calendar('c6', 'Europe/Berlin', [7], [{ from: '00:00', to: '06:00' }]);
    const type = await promise('c6', [resolution({ P3: [sundays, 100 * hour] })]);
    const measured = async (from: string, to: string) => {
      const one = await open(berlin(from), type);
      return (await (await one.resolve(berlin(to))).clock(clock.now)).elapsedSeconds;
    };
    expect(await measured('2026-03-29T00:00', '2026-03-30T00:00')).toBe(5 * hour);
    expect(await measured('2026-10-25T00:00', '2026-10-26T00:00')).toBe(7 * hour);
  });

  it('case 7: the offset of Friday does not hold on Monday', async () => {
    const one = await open(
      berlin('2026-03-27T16:00'),
      await promise('c7', [resolution({ P3: ['business-hours', 2 * hour] })]),
    );
    expect((await one.clock(clock.now)).dueAt).toBe('2026-03-30T08:00:00.000Z');
  });

  it('case 8: a pause from 02:30 to 02:30 in the autumn night is an hour', async () => {
    const one = await open(berlin('2026-10-25T01:00'), await promise('c8', [resolution({ P3: 4 * hour })]));
    expect((await one.clock(clock.now)).dueAt).toBe(iso(Date.parse('2026-10-25T04:00+01:00')));
    await one.hold(Date.parse('2026-10-25T02:30+02:00'));
    await one.resume(Date.parse('2026-10-25T02:30+01:00'));
    const { explanations } = await one.levels(clock.now, '&explain=true');
    expect(explanations?.[0]?.pausedSeconds).toBe(hour);
    expect((await one.clock(clock.now)).dueAt).toBe(iso(Date.parse('2026-10-25T05:00+01:00')));
  });

  it('case 9: daylight saving of half an hour', async () => {
    await put('/v1/calendars/c9/draft', { zone: 'Australia/Lord_Howe' });
    await put('/v1/calendars/c9/activate', long);
    const type = await promise('c9', [resolution({ P3: ['c9', 6 * hour] })]);
    const one = await open(Date.parse('2026-04-04T22:00+11:00'), type);
    expect((await one.clock(clock.now)).dueAt).toBe(iso(Date.parse('2026-04-05T03:30+10:30')));
  });

  it('case 10: a lunch break', async () => {
    const times = [
      { from: '08:00', to: '12:00' },
      { from: '13:30', to: '18:00' },
    ];
    const lunch = await calendar('c10', 'America/Sao_Paulo', weekdays, times);
    const two = await open(
      Date.parse('2026-02-02T11:30-03:00'),
      await promise('c10', [resolution({ P3: [lunch, 2 * hour] })]),
    );
    expect((await two.clock(clock.now)).dueAt).toBe(iso(Date.parse('2026-02-02T15:00-03:00')));
    const half = await open(
      Date.parse('2026-02-02T12:30-03:00'),
      await promise('c10-30', [resolution({ P3: [lunch, 30 * minute] })]),
    );
    expect((await half.clock(clock.now)).dueAt).toBe(iso(Date.parse('2026-02-02T14:00-03:00')));
  });

  it('case 28: an hour before the due time is an hour of business', async () => {
    const longDays = await calendar('c28', 'Europe/Berlin', weekdays, [{ from: '08:00', to: '18:00' }]);
    const type = await promise('c28', [resolution({ P3: [longDays, 4 * hour] }, { warnSecondsBefore: [hour] })]);
    const one = await open(berlin('2026-02-02T17:00'), type);
    expect(await one.clock(clock.now)).toMatchObject({
      dueAt: iso(berlin('2026-02-03T11:00')),
      warnings: [{ at: iso(berlin('2026-02-03T10:00')), secondsBefore: hour, share: null }],
    });
  });

  it('case 31: time under two calendars is counted by each', async () => {
    const chicago = await calendar('c31-chicago', 'America/Chicago', all, [{ from: '07:00', to: '21:00' }]);
    const francisco = await calendar('c31-sf', 'America/Los_Angeles', all, [{ from: '08:00', to: '17:30' }]);
    const type = await promise('c31', [response({ P3: [chicago, 100 * hour], P2: [francisco, 100 * hour] })]);
    const one = await open(Date.parse('2020-09-29T17:01:38Z'), type);
    await one.raise(Date.parse('2020-09-30T19:01:25Z'), 'P2');
    await one.reply(Date.parse('2020-09-30T19:01:46Z'));
    // 538 min 22 s, 421 min 25 s, and 21 s; published as 959.46 min, from an opening rounded up to 17:02.
    expect((await one.clock(clock.now, 'first-response')).elapsedSeconds).toBe(32_302 + 25_285 + 21);
  });

  it('case 33: what can never be reached is refused when it is saved, and far targets are exact', async () => {
    const never = await lead.post<ProblemBody>('/v1/calendars/c33/draft', { zone: 'Europe/Berlin', week: { 1: [] } });
    expect([never.status, never.body.errors]).toMatchObject([422, [{ pointer: '/week', code: 'NEVER_OPEN' }]]);
    const clocks = [resolution({ P3: ['business-hours', 2_000_000_000] })];
    const far = await lead.post<ProblemBody>('/v1/service-level-policies/c33/draft', { rank: 1, match: {}, clocks });
    expect([far.status, far.body.errors]).toMatchObject([
      422,
      [{ pointer: '/clocks/0/targets/P3/targetSeconds', code: 'TARGET_UNREACHABLE' }],
    ]);
    // Ten years of 52 weeks of 40 hours, opened on a Monday morning: due on a Friday at five.
    const type = await promise('c33', [resolution({ P3: ['business-hours', 520 * 40 * hour] })]);
    const one = await open(berlin('2026-01-05T09:00'), type);
    expect((await one.clock(clock.now)).dueAt).toBe(iso(berlin('2035-12-21T17:00')));
  });
});

describe('holds', () => {
  const tenToSix = [{ from: '10:00', to: '18:00' }];

  it('case 11: half an hour on hold moves the due time by as much', async () => {
    const id = await calendar('c11', 'UTC', weekdays, tenToSix);
    const type = await promise('c11', [response({ P3: [id, hour] }), resolution({ P3: [id, 4 * hour] })]);
    const one = await open(day('12:00'), type);
    expect((await one.clock(clock.now)).dueAt).toBe(iso(day('16:00')));
    await one.reply(day('12:30'));
    await one.hold(day('12:30'));
    expect(await one.clock(clock.now)).toMatchObject({ dueAt: null, status: 'paused' });
    await one.resume(day('13:00'));
    expect((await one.clock(clock.now)).dueAt).toBe(iso(day('16:30')));
    await one.resolve(day('13:30'));
    expect(await one.clock(clock.now)).toMatchObject({ status: 'met', elapsedSeconds: 60 * minute });
    const answered = { status: 'met', fulfilledAt: iso(day('12:30')) };
    expect(await one.clock(clock.now, 'first-response')).toMatchObject(answered);
  });

  it('case 12: a hold over a holiday and a weekend', async () => {
    const id = await calendar('c12', 'Europe/Berlin', weekdays, tenToSix, ['2026-02-06']);
    const one = await open(berlin('2026-02-05T17:30'), await promise('c12', [resolution({ P3: [id, 4 * hour] })]));
    await one.hold(berlin('2026-02-05T17:50'));
    await one.resume(berlin('2026-02-09T12:30'));
    await one.resolve(berlin('2026-02-09T13:00'));
    const { explanations } = await one.levels(clock.now, '&explain=true');
    expect(explanations?.[0]?.pausedSeconds).toBe(160 * minute);
    const expected = { dueAt: iso(berlin('2026-02-09T16:10')), elapsedSeconds: 50 * minute, status: 'met' };
    expect(await one.clock(clock.now)).toMatchObject(expected);
  });

  it('case 13: two pauses in one minute', async () => {
    const one = await open(day('10:00:00'), await promise('c13', [resolution({ P3: hour })]));
    await one.hold(day('10:00:05'));
    await one.resume(day('10:00:15'));
    await one.hold(day('10:00:40'));
    await one.resume(day('10:00:50'));
    await one.resolve(day('10:01:00'));
    const { explanations } = await one.levels(clock.now, '&explain=true');
    expect([explanations?.[0]?.pausedSeconds, (await one.clock(clock.now)).elapsedSeconds]).toEqual([20, 40]);
  });

  it('case 26: answered and put on hold at once', async () => {
    const type = await promise('c26', [response({ P3: 5 * minute }, { pause: ['waiting-customer'] })]);
    const one = await open(day('10:00'), type);
    await one.reply(day('10:02'));
    await one.hold(day('10:02'));
    expect(await one.clock(clock.now, 'first-response')).toMatchObject({ status: 'met', elapsedSeconds: 2 * minute });
  });
});

describe('reopening', () => {
  it('case 14: time resolved and closed is not counted', async () => {
    const one = await open(day('10:00'), await promise('c14', [resolution({ P3: 5 * minute })]));
    await one.resolve(day('10:00'));
    await one.at(day('10:00'), 'close');
    await one.reopen(day('10:06'));
    const expected = { elapsedSeconds: 0, status: 'running', dueAt: iso(day('10:11')) };
    expect(await one.clock(clock.now)).toMatchObject(expected);
  });

  it('case 15: a new cycle, and the old one keeps its result', async () => {
    const type = await promise('c15', [response({ P3: hour })], { reopen: 'new-cycle' });
    const one = await open(berlin('2026-02-02T09:00'), type);
    await one.resolve(berlin('2026-02-02T09:05'));
    await one.reopen(berlin('2026-02-06T14:00'));
    await one.reply(berlin('2026-02-06T14:10'));
    expect((await one.levels(clock.now)).clocks).toMatchObject([
      { cycle: 1, elapsedSeconds: 5 * minute, status: 'met' },
      { cycle: 2, elapsedSeconds: 10 * minute, status: 'met' },
    ]);
  });
});

describe('another priority', () => {
  it.each([
    ['carry', '12:00'],
    ['restart', '13:00'],
    ['retroactive', '12:00'],
  ])('case 16: raised to a shorter target, %s: due %s', async (priorityChange, due) => {
    const clocks = [resolution({ P3: 3 * hour, P2: 2 * hour })];
    const one = await open(day('10:00'), await promise(`c16-${priorityChange}`, clocks, { priorityChange }));
    await one.raise(day('11:00'), 'P2');
    expect(await one.clock(clock.now)).toMatchObject({ dueAt: iso(day(due)), priority: 'P2' });
  });

  it('case 17: a clock can be born breached, and nobody is warned of that', async () => {
    const clocks = [resolution({ P3: 8 * hour, P1: hour }, { warnShares: [50, 75] })];
    const one = await open(day('10:00'), await promise('c17', clocks, { priorityChange: 'retroactive' }));
    await one.raise(day('13:00'), 'P1');
    const expected = {
      bornBreached: true,
      breachesAt: iso(day('13:00')),
      dueAt: iso(day('11:00')),
      status: 'breached',
    };
    expect(await one.clock(clock.now)).toMatchObject({ ...expected, warnings: [] });
    const [breach] = await one.until('ServiceLevelBreached');
    expect(breach).toMatchObject({ occurredAt: iso(day('13:00')), data: { bornBreached: true } });
    expect((await one.history()).filter(({ type }) => type === 'ServiceLevelWarned')).toEqual([]);
  });

  it('case 18: a retroactive target keeps the pauses before it', async () => {
    const clocks = [resolution({ P3: 8 * hour, P1: hour })];
    const one = await open(day('10:00'), await promise('c18', clocks, { priorityChange: 'retroactive' }));
    await one.hold(day('10:10'));
    await one.resume(day('10:30'));
    await one.raise(day('10:30'), 'P1');
    expect((await one.clock(clock.now)).dueAt).toBe(iso(day('11:20')));
  });

  it('case 19: a first response stays judged under the priority of its day', async () => {
    const one = await open(day('10:00'), await promise('c19', [response({ P2: hour, P4: 8 * hour })]), 'P2');
    await one.reply(day('10:40'));
    await one.raise(day('11:00'), 'P4');
    await one.raise(day('12:00'), 'P2');
    const expected = { priority: 'P2', targetSeconds: hour, elapsedSeconds: 40 * minute, status: 'met' };
    expect((await one.levels(clock.now)).clocks).toMatchObject([expected]);
  });
});

describe('another policy', () => {
  it('case 20: met under the revision of its day, and missed under the next when that is tried on it', async () => {
    const type = await promise('c20', [resolution({ P3: 4 * hour })]);
    const one = await open(day('10:00'), type);
    await one.resolve(day('12:30'));
    await promise('c20', [resolution({ P3: 2 * hour })]);
    expect(await one.clock(clock.now)).toMatchObject({ status: 'met', policy: { id: 'c20', revision: 1 } });
    const later = await server.beside(async ({ runner }) => {
      const { policies } = await new ServiceLevelBook(runner).refresh();
      return policies[type]?.revisions.at(-1)?.value;
    });
    if (!later) throw new Error('there is no second revision');
    const terms = learnTerms({ policy: later, calendars: standardTerms.calendars });
    const tried = (await one.log()).flatMap((event) => {
      const service = serviceEvent(event);
      return service ? [{ ...service, ...(service.terms === undefined ? {} : { terms }) }] : [];
    });
    expect(clocksOf(tried, knownTerms)).toMatchObject([{ status: 'missed', policy: { id: 'c20', revision: 2 } }]);
  });

  it('case 21: a holiday added as a correction retracts the breach; before it the old answer stands', async () => {
    const id = await calendar('c21', 'Europe/Berlin', weekdays, [{ from: '09:00', to: '17:00' }]);
    const one = await open(berlin('2026-04-30T16:00'), await promise('c21', [resolution({ P3: [id, 4 * hour] })]));
    clock.now = berlin('2026-05-01T13:00');
    const [breach] = await one.until('ServiceLevelBreached');
    expect(breach).toMatchObject({ occurredAt: iso(berlin('2026-05-01T12:00')) });
    expect((await one.clock(clock.now)).status).toBe('breached');

    clock.now = berlin('2026-05-04T08:00');
    const week = Object.fromEntries(weekdays.map((each) => [each, [{ from: '09:00', to: '17:00' }]]));
    await put('/v1/calendars/c21/draft', { zone: 'Europe/Berlin', week, holidays: ['2026-05-01'] });
    await put('/v1/calendars/c21/correct', { revision: 1, reason: 'Labour Day was missing' });
    const [retracted] = await one.until('ServiceLevelBreachRetracted');
    expect(retracted?.data).toMatchObject({
      metric: 'resolution',
      dueAt: iso(berlin('2026-05-01T12:00')),
      because: 'c21@2',
    });
    const after = { dueAt: iso(berlin('2026-05-04T12:00')), calendar: { id, revision: 2 } };
    expect(await one.clock(berlin('2026-05-01T13:00'))).toMatchObject({ ...after, status: 'running' });
    const { clocks } = await one.levels(clock.now, `&asOf=${breach?.sequence}`);
    expect(clocks).toMatchObject([
      { dueAt: iso(berlin('2026-05-01T12:00')), calendar: { id, revision: 1 }, status: 'breached' },
    ]);
    // When the new due time has passed as well, it is told like any other.
    clock.now = berlin('2026-05-04T13:00');
    expect((await one.until('ServiceLevelBreached', 2)).at(-1)).toMatchObject({
      occurredAt: iso(berlin('2026-05-04T12:00')),
    });
  });

  it('case 22: what somebody was when they answered is what counts', async () => {
    const one = await open(day('10:00'), await promise('c22', [response({ P3: hour })]));
    const then = await server.as('agent', 'xaver');
    await one.at(day('10:20'), 'respond', { text: 'We are on it' }, then);
    // Since then they have been made a reporter, who may answer nobody.
    const now = await server.as('reporter', 'xaver');
    expect((await now.post(`/v1/requests/${one.number}/respond`, { text: 'More' })).status).toBe(403);
    const state = (await one.log()).reduce(requestEvolution.evolve, requestEvolution.initialState);
    const tracks = state.status === 'none' ? [] : state.time.clocks?.tracks;
    expect(tracks).toMatchObject([{ metric: 'first-response', outcome: 'fulfilled', endedBy: 'staff-replied' }]);
    expect(await one.clock(clock.now, 'first-response')).toMatchObject({ status: 'met', elapsedSeconds: 20 * minute });
  });

  it('case 32: a clock that only the policy before had ends cancelled, and its history stays', async () => {
    const teams = { teams: ['support'], types: ['c32'] };
    await promise('c32', [resolution({ P3: 8 * hour }), update({ P3: 2 * hour })], { match: teams });
    await promise('c32-billing', [resolution({ P3: 8 * hour })], { match: { teams: ['billing'], types: ['c32'] } });
    const moved = await open(day('10:00'), 'c32');
    await moved.at(day('10:00'), 'assign', { team: 'support' });
    await moved.reply(day('10:30'));
    await moved.at(day('11:00'), 'assign', { team: 'billing' });
    const { clocks } = await moved.levels(clock.now);
    expect(clocks.filter(({ metric }) => metric === 'periodic-update')).toMatchObject([
      { cycle: 1, status: 'met', elapsedSeconds: 30 * minute, policy: { id: 'c32' } },
      { cycle: 2, status: 'cancelled', endedBy: 'policy', elapsedSeconds: 30 * minute, policy: { id: 'c32' } },
    ]);
    expect(await moved.clock(clock.now)).toMatchObject({ status: 'running', policy: { id: 'c32-billing' } });
  });
});

describe('answers', () => {
  it('case 23: only the first response runs until it is given', async () => {
    const one = await open(day('10:00'), await promise('c23', [response({ P3: 4 * hour }), next({ P3: hour })]));
    await one.write(day('10:30'));
    const { clocks } = await one.levels(clock.now);
    expect(clocks.map(({ metric, dueAt }) => [metric, dueAt])).toEqual([['first-response', iso(day('14:00'))]]);
  });

  it('case 24: from the earliest message that nobody has answered', async () => {
    const one = await open(day('11:00'), await promise('c24', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]));
    await one.reply(day('12:00'));
    await one.write(day('12:05'));
    await one.write(day('12:20'));
    await one.reply(day('12:50'));
    const expected = { dueAt: iso(day('12:35')), elapsedSeconds: 45 * minute, status: 'missed', cycle: 1 };
    expect(await one.clock(clock.now, 'next-response')).toMatchObject(expected);
  });

  it('case 25: resolving answers what was open', async () => {
    const one = await open(day('14:00'), await promise('c25', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]));
    await one.reply(day('14:30'));
    await one.write(day('15:00'));
    await one.resolve(day('15:05'));
    expect(await one.clock(day('15:31'), 'next-response')).toMatchObject({ status: 'met', endedBy: 'resolved' });
    expect((await one.history()).map(({ type }) => type)).not.toContain('ServiceLevelBreached');
  });

  it('case 27: what a customer writes starts the clock; a note and an automatic reply do not stop it', async () => {
    const one = await open(day('10:00'), await promise('c27', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]));
    const running = async () => (await one.clock(clock.now, 'next-response')).status;
    await one.reply(day('10:01'));
    await one.write(day('10:02'));
    expect(await running()).toBe('running');
    await one.at(day('10:03'), 'note', { text: 'Hm' });
    await server.beside(({ runner }) =>
      runner.execute({
        ...{ evolution: requestEvolution, key: one.number, expects: 'existing', body: {} },
        context: {
          ...{ actor: 'process:acknowledge', commandId: randomUUID(), fresh: true, origin: 'live' },
          ...{ correlationId: randomUUID(), causationId: randomUUID(), recordedAt: iso(day('10:04')) },
        },
        decide: (): RequestEvent[] => [{ type: 'RequestResponded', data: { text: 'We got it', by: 'staff' } }],
      }),
    );
    await one.at(day('10:05'), 'note', { text: 'Still' });
    expect(await running()).toBe('running');
    await one.reply(day('10:06'));
    expect(await one.clock(clock.now, 'next-response')).toMatchObject({ status: 'met', elapsedSeconds: 4 * minute });
  });

  it.each([
    [28_786, 'met'],
    [28_800, 'met'],
    [28_801, 'missed'],
  ])('case 29: resolved after %d of 28800 s: %s', async (elapsed, status) => {
    const one = await open(day('10:00'), await promise(`c29-${elapsed}`, [resolution({ P3: 28_800 })]));
    await one.resolve(day('10:00') + elapsed * 1_000);
    expect(await one.clock(clock.now)).toMatchObject({ elapsedSeconds: elapsed, status });
  });

  it('case 34: revision orders what happened in the same second', async () => {
    const type = await promise('c34', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]);
    const [asked, answered] = [await open(day('10:00'), type), await open(day('10:00'), type)];
    await asked.reply(day('10:01'));
    await asked.reply(day('10:05'));
    await asked.write(day('10:05'));
    expect(await asked.clock(clock.now, 'next-response')).toMatchObject({ status: 'running', cycle: 1 });
    await answered.reply(day('10:01'));
    await answered.write(day('10:05'));
    await answered.reply(day('10:05'));
    expect(await answered.clock(clock.now, 'next-response')).toMatchObject({ status: 'met', elapsedSeconds: 0 });
  });
});

describe('merging', () => {
  it('case 30: the wait counts from the first of both, and what was merged gets its clocks back', async () => {
    const type = await promise('c30', [response({ P3: hour })]);
    const b = await open(day('09:00'), type);
    const a = await open(day('10:00'), type);
    clock.now = day('10:05');
    const [breach] = await b.until('ServiceLevelBreached');
    expect(breach).toMatchObject({ occurredAt: iso(day('10:00')) });

    await b.at(day('10:10'), 'merge', { into: a.number, reason: 'The same printer' });
    await a.until('RequestAbsorbed');
    const told = (await b.history()).map((event) => event.type);
    const ended = { status: 'cancelled', endedBy: 'merged', elapsedSeconds: 70 * minute };
    expect(await b.clock(day('10:15'), 'first-response')).toMatchObject(ended);
    const late = await customer.post<ProblemBody & { mergedInto: string }>(`/v1/requests/${b.number}/respond`, {
      text: 'Well?',
    });
    expect([late.status, late.body]).toMatchObject([409, { code: 'REQUEST_MERGED', mergedInto: a.number }]);
    await a.reply(day('10:20'));
    const missed = { status: 'missed', elapsedSeconds: 80 * minute, startedAt: iso(day('09:00')) };
    expect(await a.clock(day('10:20'), 'first-response')).toMatchObject(missed);
    await a.until('ServiceLevelBreached');
    // The breach stays on record, and nothing of a clock that has ended is told any more.
    expect((await b.history()).map((event) => event.type)).toEqual(told);

    await b.at(day('10:30'), 'unmerge', { reason: 'Two printers after all' });
    await a.until('ServiceLevelBreachRetracted');
    await b.until('RequestUnmerged');
    const restored = { status: 'breached', endedBy: null, dueAt: iso(day('10:00')) };
    expect(await b.clock(day('10:30'), 'first-response')).toMatchObject(restored);
    const met = { status: 'met', elapsedSeconds: 20 * minute, startedAt: iso(day('10:00')) };
    expect(await a.clock(day('10:30'), 'first-response')).toMatchObject(met);
  });
});

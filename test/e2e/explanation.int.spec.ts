import { DateTime } from 'luxon';
import { runCommandLine } from '../../apps/cli/cli';
import { serviceEvent } from '../../libs/requests/clock-events';
import { requestEvolution } from '../../libs/requests/request';
import { ServiceLevelBook } from '../../libs/service-levels/book.adapter';
import { clocksOf } from '../../libs/service-levels/clocks';
import { knownTerms, learnTerms } from '../../libs/service-levels/known-terms';
import { standardTerms } from '../../libs/service-levels/seeds';
import { ProblemBody } from './served';
import { Case, day, hour, iso, minute, resolution, response, ServiceDesk, update } from './service-desk';

/**
 * Why a clock stands as it does, over HTTP and on the command line; and what becomes of it when it comes under another policy, when a
 * policy was wrong, and when its case is merged.
 */
jest.setTimeout(120_000);

let desk: ServiceDesk;
beforeAll(async () => {
  desk = await ServiceDesk.open();
});
afterAll(() => desk.stop());

const berlin = (text: string): number => DateTime.fromISO(text, { zone: 'Europe/Berlin' }).toMillis();
const nineToFive = Object.fromEntries([1, 2, 3, 4, 5].map((each) => [each, [{ from: '09:00', to: '17:00' }]]));

const casefold = async (...args: string[]): Promise<{ exitCode: number; printed: string }> => {
  let printed = '';
  const print = (text: string): void => void (printed += text);
  const exitCode = await runCommandLine(args, {
    terminal: { out: print, note: print, isWatched: false },
    environment: { CASEFOLD_DATA: desk.server.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(desk.clock.now),
  });
  return { exitCode, printed };
};

describe('an explanation', () => {
  let one: Case;

  beforeAll(async () => {
    const office = await desk.calendar('desk', { zone: 'UTC', week: { 1: [{ from: '08:00', to: '12:00' }] } });
    one = await desk.case(day('07:30'), await desk.promise('explained', [resolution({ P3: [office, 3 * hour] })]));
    await one.at(day('08:10'), 'assign', { team: 'support' });
    await one.at(day('08:30'), 'assign', { team: 'support', assignee: 'alice' });
    await one.hold(day('09:00'));
    await one.resume(day('09:45'));
    await one.resolve(day('10:00'));
  });

  it('names each stretch, its causes, its revisions and its seconds', async () => {
    expect(await one.explained(desk.clock.now)).toMatchObject({
      ...{ metric: 'resolution', elapsedSeconds: 4_500, pausedSeconds: 2_700 },
      intervals: [
        {
          ...{ cause: 'running', countedSeconds: 3_600, calendarSeconds: 3_600, wallSeconds: 5_400 },
          ...{ calendar: { id: 'desk', revision: 1 }, policy: { id: 'explained', revision: 1 } },
          ...{ startedBy: { revision: '0', type: 'RequestOpened' }, endedBy: { type: 'RequestHeld' } },
        },
        { cause: 'held', countedSeconds: 0, calendarSeconds: 2_700, startedBy: { type: 'RequestHeld' } },
        { cause: 'running', countedSeconds: 900, endedBy: { revision: '5', type: 'RequestResolved' } },
      ],
    });
  });

  it('says who had it, in seconds that add up', async () => {
    expect((await one.explained(desk.clock.now)).heldBy).toMatchObject({
      parts: [
        { holder: 'nobody', countedSeconds: 600, pausedSeconds: 0 },
        { holder: 'team', countedSeconds: 1_200, pausedSeconds: 0 },
        { holder: 'agent', countedSeconds: 2_700, pausedSeconds: 0 },
        { holder: 'customer', countedSeconds: 0, pausedSeconds: 2_700 },
      ],
      ...{ outsideHoursSeconds: 1_800, countedSeconds: 4_500, wallSeconds: 9_000 },
    });
  });

  it('reads as sentences, and the same on the command line', async () => {
    const { sentences } = await one.explained(desk.clock.now);
    expect(sentences).toEqual([
      'resolution: 10800 s of desk@1 are promised for P3 by explained@1.',
      'It began at 2026-02-02T07:30:00.000Z with RequestOpened (revision 0).',
      'From 2026-02-02T07:30:00.000Z to 2026-02-02T09:00:00.000Z it ran: 3600 s by desk@1 of 5400 s, until RequestHeld (revision 3).',
      'From 2026-02-02T09:00:00.000Z to 2026-02-02T09:45:00.000Z it stood still (waiting-customer): 2700 s by desk@1 of 2700 s do not count, until RequestResumed (revision 4).',
      'From 2026-02-02T09:45:00.000Z to 2026-02-02T10:00:00.000Z it ran: 900 s by desk@1 of 900 s, until RequestResolved (revision 5).',
      'It was fulfilled at 2026-02-02T10:00:00.000Z with RequestResolved (revision 5).',
      'Together 4500 s count and 2700 s do not: it is met.',
    ]);
    const { exitCode, printed } = await casefold('explain', one.number);
    expect([exitCode, printed.split('\n').slice(0, sentences.length)]).toEqual([0, sentences]);
    expect(printed).toContain('outside hours 1800 s');
  });

  it('is not given unasked, and not for a wrong word', async () => {
    expect(await one.levels(desk.clock.now)).not.toHaveProperty('explanations');
    const path = `/v1/requests/${one.number}/service-levels?explain=yes`;
    expect((await desk.agent.get(path)).status).toBe(422);
  });
});

describe('a policy that was wrong', () => {
  it('is corrected in the cases under it, and in no other; before that the old answer stands', async () => {
    await desk.promise('wrong', [resolution({ P3: 600 })]);
    await desk.promise('right', [resolution({ P3: 600 })]);
    const [late, other] = [await desk.case(day('08:00'), 'wrong'), await desk.case(day('08:00'), 'right')];
    await late.hold(day('08:10'), 'supplier');
    await late.resume(day('08:20'));
    for (const each of [late, other]) await each.resolve(day('08:30'));
    await late.until('ServiceLevelBreached');
    const newest = (await late.history()).at(-1);
    expect(await late.clock(desk.clock.now)).toMatchObject({ status: 'missed', elapsedSeconds: 1_800 });

    // Supplier time was never meant to count, and twenty minutes were promised.
    desk.clock.now = day('09:00');
    await desk.draft('wrong', [resolution({ P3: 1_200 }, { pause: ['waiting-supplier'] })]);
    await desk.put('/v1/service-level-policies/wrong/correct', { revision: 1, reason: 'Supplier time does not count' });
    const [retracted] = await late.until('ServiceLevelBreachRetracted');
    expect(retracted?.data).toMatchObject({ metric: 'resolution', cycle: 1, because: 'wrong@2' });
    expect(await late.clock(desk.clock.now)).toMatchObject({
      ...{ status: 'met', elapsedSeconds: 1_200, targetSeconds: 1_200, policy: { id: 'wrong', revision: 2 } },
    });
    const past = await late.levels(desk.clock.now, `&asOf=${newest?.sequence}`);
    expect(past.clocks).toMatchObject([{ status: 'missed', policy: { id: 'wrong', revision: 1 } }]);
    const untouched = { status: 'missed', policy: { id: 'right', revision: 1 } };
    expect(await other.clock(desk.clock.now)).toMatchObject(untouched);
    expect((await other.history()).map(({ type }) => type)).not.toContain('ServiceLevelTermsCorrected');
  });

  it('retracts nothing when a revision is merely the next', async () => {
    const one = await desk.case(day('08:00'), await desk.promise('next', [resolution({ P3: 600 })]));
    await one.resolve(day('08:30'));
    await one.until('ServiceLevelBreached');
    await desk.promise('next', [resolution({ P3: 10 * hour })]);
    await one.at(day('08:40'), 'close');
    const under = { status: 'missed', policy: { id: 'next', revision: 1 } };
    expect(await one.clock(desk.clock.now)).toMatchObject(under);
  });

  it('retracts a breach that rested on an instant which was put right', async () => {
    const one = await desk.case(day('08:00'), await desk.promise('instant', [resolution({ P3: 600 })]));
    await one.resolve(day('08:30'));
    await one.until('ServiceLevelBreached');
    const occurredAt = '2026-02-02T08:05:00Z';
    await one.at(day('08:40'), 'correct', { revision: 1, reason: 'Done on the telephone', occurredAt });
    const [retracted] = await one.until('ServiceLevelBreachRetracted');
    expect(retracted?.data).toMatchObject({ because: expect.stringMatching(/^correction \d+$/) });
    expect(await one.clock(desk.clock.now)).toMatchObject({ status: 'met', elapsedSeconds: 300 });
  });

  it('cannot be corrected where there is no such revision', async () => {
    await desk.draft('never', [resolution({ P3: 600 })]);
    const path = '/v1/service-level-policies/never/correct';
    const { body } = await desk.lead.post<ProblemBody>(path, { revision: 1, reason: 'x' });
    expect(body.code).toBe('NOTHING_ACTIVE');
  });
});

describe('another policy', () => {
  it('case 20: met under the revision of its day, and missed under the next when that is tried on it', async () => {
    const type = await desk.promise('c20', [resolution({ P3: 4 * hour })]);
    const one = await desk.case(day('10:00'), type);
    await one.resolve(day('12:30'));
    await desk.promise('c20', [resolution({ P3: 2 * hour })]);
    expect(await one.clock(desk.clock.now)).toMatchObject({ status: 'met', policy: { id: 'c20', revision: 1 } });
    const later = await desk.server.beside(async ({ runner }) => {
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
    const office = { zone: 'Europe/Berlin', week: nineToFive };
    const id = await desk.calendar('c21', office);
    const one = await desk.case(
      berlin('2026-04-30T16:00'),
      await desk.promise('c21', [resolution({ P3: [id, 4 * hour] })]),
    );
    desk.clock.now = berlin('2026-05-01T13:00');
    const [breach] = await one.until('ServiceLevelBreached');
    expect(breach).toMatchObject({ occurredAt: iso(berlin('2026-05-01T12:00')) });
    expect((await one.clock(desk.clock.now)).status).toBe('breached');

    desk.clock.now = berlin('2026-05-04T08:00');
    await desk.put('/v1/calendars/c21/draft', { ...office, holidays: ['2026-05-01'] });
    await desk.put('/v1/calendars/c21/correct', { revision: 1, reason: 'Labour Day was missing' });
    const [retracted] = await one.until('ServiceLevelBreachRetracted');
    expect(retracted?.data).toMatchObject({
      metric: 'resolution',
      dueAt: iso(berlin('2026-05-01T12:00')),
      because: 'c21@2',
    });
    const after = { dueAt: iso(berlin('2026-05-04T12:00')), calendar: { id, revision: 2 } };
    expect(await one.clock(berlin('2026-05-01T13:00'))).toMatchObject({ ...after, status: 'running' });
    const { clocks } = await one.levels(desk.clock.now, `&asOf=${breach?.sequence}`);
    expect(clocks).toMatchObject([
      { dueAt: iso(berlin('2026-05-01T12:00')), calendar: { id, revision: 1 }, status: 'breached' },
    ]);
    // When the new due time has passed as well, it is told like any other.
    desk.clock.now = berlin('2026-05-04T13:00');
    expect((await one.until('ServiceLevelBreached', 2)).at(-1)).toMatchObject({
      occurredAt: iso(berlin('2026-05-04T12:00')),
    });
  });

  it('case 22: what somebody was when they answered is what counts', async () => {
    const one = await desk.case(day('10:00'), await desk.promise('c22', [response({ P3: hour })]));
    const then = await desk.server.as('agent', 'xaver');
    await one.at(day('10:20'), 'respond', { text: 'We are on it' }, then);
    // Since then they have been made a reporter, who may answer nobody.
    const now = await desk.server.as('reporter', 'xaver');
    expect((await now.post(`/v1/requests/${one.number}/respond`, { text: 'More' })).status).toBe(403);
    const state = (await one.log()).reduce(requestEvolution.evolve, requestEvolution.initialState);
    const tracks = state.status === 'none' ? [] : state.time.clocks?.tracks;
    expect(tracks).toMatchObject([{ metric: 'first-response', outcome: 'fulfilled', endedBy: 'staff-replied' }]);
    expect(await one.clock(desk.clock.now, 'first-response')).toMatchObject({
      status: 'met',
      elapsedSeconds: 20 * minute,
    });
  });

  it('case 32: a clock that only the policy before had ends cancelled, and its history stays', async () => {
    const teams = { teams: ['support'], types: ['c32'] };
    await desk.promise('c32', [resolution({ P3: 8 * hour }), update({ P3: 2 * hour })], { match: teams });
    await desk.promise('c32-billing', [resolution({ P3: 8 * hour })], {
      match: { teams: ['billing'], types: ['c32'] },
    });
    const moved = await desk.case(day('10:00'), 'c32');
    await moved.at(day('10:00'), 'assign', { team: 'support' });
    await moved.reply(day('10:30'));
    await moved.at(day('11:00'), 'assign', { team: 'billing' });
    const { clocks } = await moved.levels(desk.clock.now);
    expect(clocks.filter(({ metric }) => metric === 'periodic-update')).toMatchObject([
      { cycle: 1, status: 'met', elapsedSeconds: 30 * minute, policy: { id: 'c32' } },
      { cycle: 2, status: 'cancelled', endedBy: 'policy', elapsedSeconds: 30 * minute, policy: { id: 'c32' } },
    ]);
    expect(await moved.clock(desk.clock.now)).toMatchObject({ status: 'running', policy: { id: 'c32-billing' } });
  });
});

describe('merging', () => {
  it('case 30: the wait counts from the first of both, and what was merged gets its clocks back', async () => {
    const type = await desk.promise('c30', [response({ P3: hour })]);
    const b = await desk.case(day('09:00'), type);
    const a = await desk.case(day('10:00'), type);
    desk.clock.now = day('10:05');
    const [breach] = await b.until('ServiceLevelBreached');
    expect(breach).toMatchObject({ occurredAt: iso(day('10:00')) });

    await b.at(day('10:10'), 'merge', { into: a.number, reason: 'The same printer' });
    await a.until('RequestAbsorbed');
    const told = (await b.history()).map((event) => event.type);
    const ended = { status: 'cancelled', endedBy: 'merged', elapsedSeconds: 70 * minute };
    expect(await b.clock(day('10:15'), 'first-response')).toMatchObject(ended);
    const late = await desk.customer.post<ProblemBody & { mergedInto: string }>(`/v1/requests/${b.number}/respond`, {
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

it('leaves rows that are those of a rebuild, with every policy, calendar and correction in them', async () => {
  const { exitCode, printed } = await casefold('rebuild', '--check');
  expect([exitCode, printed]).toEqual([0, expect.stringContaining('service-levels: ')]);
});

import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { RequestEvent } from '../../libs/requests/events';
import { requestEvolution } from '../../libs/requests/request';
import { ProblemBody } from './served';
import { day, hour, iso, minute, next, resolution, response, ServiceDesk } from './service-desk';

/** The worked cases through everything; those of other policies and of merges stand with the explanations. */
jest.setTimeout(120_000);

let desk: ServiceDesk;
beforeAll(async () => {
  desk = await ServiceDesk.open();
});
afterAll(() => desk.stop());

const berlin = (text: string): number => DateTime.fromISO(text, { zone: 'Europe/Berlin' }).toMillis();
const weekdays = [1, 2, 3, 4, 5];
const all = [...weekdays, 6, 7];
const calendar = (id: string, zone: string, days: readonly number[], times: object[], holidays: string[] = []) =>
  desk.calendar(id, { zone, week: Object.fromEntries(days.map((each) => [each, times])), holidays });

describe('business time', () => {
  it('case 1: a target runs over the weekend', async () => {
    const opened = berlin('2026-01-30T16:30');
    const short = await desk.case(opened, await desk.promise('c1', [response({ P3: ['business-hours', hour] })]));
    const longer = await desk.case(
      opened,
      await desk.promise('c1-4h', [response({ P3: ['business-hours', 4 * hour] })]),
    );
    expect((await short.clock(opened, 'first-response')).dueAt).toBe(iso(berlin('2026-02-02T09:30')));
    expect((await longer.clock(opened, 'first-response')).dueAt).toBe(iso(berlin('2026-02-02T12:30')));
  });

  it('case 2: a first answer while closed has taken no time', async () => {
    const one = await desk.case(
      berlin('2026-01-30T19:00'),
      await desk.promise('c2', [response({ P3: ['business-hours', hour] })]),
    );
    expect((await one.clock(desk.clock.now, 'first-response')).dueAt).toBe(iso(berlin('2026-02-02T10:00')));
    await one.reply(berlin('2026-01-31T11:00'));
    expect(await one.clock(desk.clock.now, 'first-response')).toMatchObject({ elapsedSeconds: 0, status: 'met' });
  });

  it('case 3: holidays between, due at the end of a day', async () => {
    const shop = await calendar(
      'c3',
      'Europe/Berlin',
      all,
      [{ from: '09:00', to: '21:00' }],
      ['2016-11-11', '2016-11-13'],
    );
    const one = await desk.case(
      berlin('2016-11-09T23:00'),
      await desk.promise('c3', [resolution({ P3: [shop, 48 * hour] })]),
    );
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(berlin('2016-11-15T21:00')));
  });

  it.each([
    ['case 4: around the clock across the spring change', 'c4', '2026-03-28T20:00', '2026-03-29T03:00:00.000Z'],
    ['case 5: around the clock across the autumn change', 'c5', '2026-10-24T20:00', '2026-10-25T02:00:00.000Z'],
  ])('%s', async (_, id, opened, due) => {
    const one = await desk.case(berlin(opened), await desk.promise(id, [resolution({ P3: 8 * hour })]));
    expect((await one.clock(desk.clock.now)).dueAt).toBe(due);
  });

  it('case 6: Sunday 00–06 has 5 hours in spring and 7 in autumn', async () => {
    const sundays = await calendar('c6', 'Europe/Berlin', [7], [{ from: '00:00', to: '06:00' }]);
    const type = await desk.promise('c6', [resolution({ P3: [sundays, 100 * hour] })]);
    const measured = async (from: string, to: string) => {
      const one = await desk.case(berlin(from), type);
      return (await (await one.resolve(berlin(to))).clock(desk.clock.now)).elapsedSeconds;
    };
    expect(await measured('2026-03-29T00:00', '2026-03-30T00:00')).toBe(5 * hour);
    expect(await measured('2026-10-25T00:00', '2026-10-26T00:00')).toBe(7 * hour);
  });

  it('case 7: the offset of Friday does not hold on Monday', async () => {
    const one = await desk.case(
      berlin('2026-03-27T16:00'),
      await desk.promise('c7', [resolution({ P3: ['business-hours', 2 * hour] })]),
    );
    expect((await one.clock(desk.clock.now)).dueAt).toBe('2026-03-30T08:00:00.000Z');
  });

  it('case 8: a pause from 02:30 to 02:30 in the autumn night is an hour', async () => {
    const one = await desk.case(berlin('2026-10-25T01:00'), await desk.promise('c8', [resolution({ P3: 4 * hour })]));
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(Date.parse('2026-10-25T04:00+01:00')));
    await one.hold(Date.parse('2026-10-25T02:30+02:00'));
    await one.resume(Date.parse('2026-10-25T02:30+01:00'));
    expect((await one.explained(desk.clock.now)).pausedSeconds).toBe(hour);
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(Date.parse('2026-10-25T05:00+01:00')));
  });

  it('case 9: daylight saving of half an hour', async () => {
    const always = await desk.calendar('c9', { zone: 'Australia/Lord_Howe' });
    const type = await desk.promise('c9', [resolution({ P3: [always, 6 * hour] })]);
    const one = await desk.case(Date.parse('2026-04-04T22:00+11:00'), type);
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(Date.parse('2026-04-05T03:30+10:30')));
  });

  it('case 10: a lunch break', async () => {
    const times = [
      { from: '08:00', to: '12:00' },
      { from: '13:30', to: '18:00' },
    ];
    const lunch = await calendar('c10', 'America/Sao_Paulo', weekdays, times);
    const two = await desk.case(
      Date.parse('2026-02-02T11:30-03:00'),
      await desk.promise('c10', [resolution({ P3: [lunch, 2 * hour] })]),
    );
    expect((await two.clock(desk.clock.now)).dueAt).toBe(iso(Date.parse('2026-02-02T15:00-03:00')));
    const half = await desk.case(
      Date.parse('2026-02-02T12:30-03:00'),
      await desk.promise('c10-30', [resolution({ P3: [lunch, 30 * minute] })]),
    );
    expect((await half.clock(desk.clock.now)).dueAt).toBe(iso(Date.parse('2026-02-02T14:00-03:00')));
  });

  it('case 28: an hour before the due time is an hour of business', async () => {
    const longDays = await calendar('c28', 'Europe/Berlin', weekdays, [{ from: '08:00', to: '18:00' }]);
    const type = await desk.promise('c28', [resolution({ P3: [longDays, 4 * hour] }, { warnSecondsBefore: [hour] })]);
    const one = await desk.case(berlin('2026-02-02T17:00'), type);
    expect(await one.clock(desk.clock.now)).toMatchObject({
      dueAt: iso(berlin('2026-02-03T11:00')),
      warnings: [{ at: iso(berlin('2026-02-03T10:00')), secondsBefore: hour, share: null }],
    });
  });

  it('case 31: time under two calendars is counted by each', async () => {
    const chicago = await calendar('c31-chicago', 'America/Chicago', all, [{ from: '07:00', to: '21:00' }]);
    const francisco = await calendar('c31-sf', 'America/Los_Angeles', all, [{ from: '08:00', to: '17:30' }]);
    const type = await desk.promise('c31', [response({ P3: [chicago, 100 * hour], P2: [francisco, 100 * hour] })]);
    const one = await desk.case(Date.parse('2020-09-29T17:01:38Z'), type);
    await one.raise(Date.parse('2020-09-30T19:01:25Z'), 'P2');
    await one.reply(Date.parse('2020-09-30T19:01:46Z'));
    // 538 min 22 s, 421 min 25 s, and 21 s; published as 959.46 min, from an opening rounded up to 17:02.
    expect((await one.clock(desk.clock.now, 'first-response')).elapsedSeconds).toBe(32_302 + 25_285 + 21);
  });

  it('case 33: what can never be reached is refused when it is saved, and far targets are exact', async () => {
    const never = await desk.lead.post<ProblemBody>('/v1/calendars/c33/draft', {
      zone: 'Europe/Berlin',
      week: { 1: [] },
    });
    expect([never.status, never.body.errors]).toMatchObject([422, [{ pointer: '/week', code: 'NEVER_OPEN' }]]);
    const clocks = [resolution({ P3: ['business-hours', 2_000_000_000] })];
    const far = await desk.lead.post<ProblemBody>('/v1/service-level-policies/c33/draft', {
      rank: 1,
      match: {},
      clocks,
    });
    expect([far.status, far.body.errors]).toMatchObject([
      422,
      [{ pointer: '/clocks/0/targets/P3/targetSeconds', code: 'TARGET_UNREACHABLE' }],
    ]);
    // Ten years of 52 weeks of 40 hours, opened on a Monday morning: due on a Friday at five.
    const type = await desk.promise('c33', [resolution({ P3: ['business-hours', 520 * 40 * hour] })]);
    const one = await desk.case(berlin('2026-01-05T09:00'), type);
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(berlin('2035-12-21T17:00')));
  });
});

describe('holds', () => {
  const tenToSix = [{ from: '10:00', to: '18:00' }];

  it('case 11: half an hour on hold moves the due time by as much', async () => {
    const id = await calendar('c11', 'UTC', weekdays, tenToSix);
    const type = await desk.promise('c11', [response({ P3: [id, hour] }), resolution({ P3: [id, 4 * hour] })]);
    const one = await desk.case(day('12:00'), type);
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(day('16:00')));
    await one.reply(day('12:30'));
    await one.hold(day('12:30'));
    expect(await one.clock(desk.clock.now)).toMatchObject({ dueAt: null, status: 'paused' });
    await one.resume(day('13:00'));
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(day('16:30')));
    await one.resolve(day('13:30'));
    expect(await one.clock(desk.clock.now)).toMatchObject({ status: 'met', elapsedSeconds: 60 * minute });
    const answered = { status: 'met', fulfilledAt: iso(day('12:30')) };
    expect(await one.clock(desk.clock.now, 'first-response')).toMatchObject(answered);
  });

  it('case 12: a hold over a holiday and a weekend', async () => {
    const id = await calendar('c12', 'Europe/Berlin', weekdays, tenToSix, ['2026-02-06']);
    const one = await desk.case(
      berlin('2026-02-05T17:30'),
      await desk.promise('c12', [resolution({ P3: [id, 4 * hour] })]),
    );
    await one.hold(berlin('2026-02-05T17:50'));
    await one.resume(berlin('2026-02-09T12:30'));
    await one.resolve(berlin('2026-02-09T13:00'));
    expect((await one.explained(desk.clock.now)).pausedSeconds).toBe(160 * minute);
    const expected = { dueAt: iso(berlin('2026-02-09T16:10')), elapsedSeconds: 50 * minute, status: 'met' };
    expect(await one.clock(desk.clock.now)).toMatchObject(expected);
  });

  it('case 13: two pauses in one minute', async () => {
    const one = await desk.case(day('10:00:00'), await desk.promise('c13', [resolution({ P3: hour })]));
    await one.hold(day('10:00:05'));
    await one.resume(day('10:00:15'));
    await one.hold(day('10:00:40'));
    await one.resume(day('10:00:50'));
    await one.resolve(day('10:01:00'));
    expect(await one.explained(desk.clock.now)).toMatchObject({ pausedSeconds: 20, elapsedSeconds: 40 });
  });

  it('case 26: answered and put on hold at once', async () => {
    const type = await desk.promise('c26', [response({ P3: 5 * minute }, { pause: ['waiting-customer'] })]);
    const one = await desk.case(day('10:00'), type);
    await one.reply(day('10:02'));
    await one.hold(day('10:02'));
    expect(await one.clock(desk.clock.now, 'first-response')).toMatchObject({
      status: 'met',
      elapsedSeconds: 2 * minute,
    });
  });
});

describe('reopening', () => {
  it('case 14: time resolved and closed is not counted', async () => {
    const one = await desk.case(day('10:00'), await desk.promise('c14', [resolution({ P3: 5 * minute })]));
    await one.resolve(day('10:00'));
    await one.at(day('10:00'), 'close');
    await one.reopen(day('10:06'));
    const expected = { elapsedSeconds: 0, status: 'running', dueAt: iso(day('10:11')) };
    expect(await one.clock(desk.clock.now)).toMatchObject(expected);
  });

  it('case 15: a new cycle, and the old one keeps its result', async () => {
    const type = await desk.promise('c15', [response({ P3: hour })], { reopen: 'new-cycle' });
    const one = await desk.case(berlin('2026-02-02T09:00'), type);
    await one.resolve(berlin('2026-02-02T09:05'));
    await one.reopen(berlin('2026-02-06T14:00'));
    await one.reply(berlin('2026-02-06T14:10'));
    expect((await one.levels(desk.clock.now)).clocks).toMatchObject([
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
    const one = await desk.case(day('10:00'), await desk.promise(`c16-${priorityChange}`, clocks, { priorityChange }));
    await one.raise(day('11:00'), 'P2');
    expect(await one.clock(desk.clock.now)).toMatchObject({ dueAt: iso(day(due)), priority: 'P2' });
  });

  it('case 17: a clock can be born breached, and nobody is warned of that', async () => {
    const clocks = [resolution({ P3: 8 * hour, P1: hour }, { warnShares: [50, 75] })];
    const one = await desk.case(day('10:00'), await desk.promise('c17', clocks, { priorityChange: 'retroactive' }));
    await one.raise(day('13:00'), 'P1');
    const expected = {
      bornBreached: true,
      breachesAt: iso(day('13:00')),
      dueAt: iso(day('11:00')),
      status: 'breached',
    };
    expect(await one.clock(desk.clock.now)).toMatchObject({ ...expected, warnings: [] });
    const [breach] = await one.until('ServiceLevelBreached');
    expect(breach).toMatchObject({ occurredAt: iso(day('13:00')), data: { bornBreached: true } });
    expect((await one.history()).filter(({ type }) => type === 'ServiceLevelWarned')).toEqual([]);
  });

  it('case 18: a retroactive target keeps the pauses before it', async () => {
    const clocks = [resolution({ P3: 8 * hour, P1: hour })];
    const one = await desk.case(day('10:00'), await desk.promise('c18', clocks, { priorityChange: 'retroactive' }));
    await one.hold(day('10:10'));
    await one.resume(day('10:30'));
    await one.raise(day('10:30'), 'P1');
    expect((await one.clock(desk.clock.now)).dueAt).toBe(iso(day('11:20')));
  });

  it('case 19: a first response stays judged under the priority of its day', async () => {
    const one = await desk.case(day('10:00'), await desk.promise('c19', [response({ P2: hour, P4: 8 * hour })]), 'P2');
    await one.reply(day('10:40'));
    await one.raise(day('11:00'), 'P4');
    await one.raise(day('12:00'), 'P2');
    const expected = { priority: 'P2', targetSeconds: hour, elapsedSeconds: 40 * minute, status: 'met' };
    expect((await one.levels(desk.clock.now)).clocks).toMatchObject([expected]);
  });
});

describe('answers', () => {
  it('case 23: only the first response runs until it is given', async () => {
    const one = await desk.case(
      day('10:00'),
      await desk.promise('c23', [response({ P3: 4 * hour }), next({ P3: hour })]),
    );
    await one.write(day('10:30'));
    const { clocks } = await one.levels(desk.clock.now);
    expect(clocks.map(({ metric, dueAt }) => [metric, dueAt])).toEqual([['first-response', iso(day('14:00'))]]);
  });

  it('case 24: from the earliest message that nobody has answered', async () => {
    const one = await desk.case(
      day('11:00'),
      await desk.promise('c24', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]),
    );
    await one.reply(day('12:00'));
    await one.write(day('12:05'));
    await one.write(day('12:20'));
    await one.reply(day('12:50'));
    const expected = { dueAt: iso(day('12:35')), elapsedSeconds: 45 * minute, status: 'missed', cycle: 1 };
    expect(await one.clock(desk.clock.now, 'next-response')).toMatchObject(expected);
  });

  it('case 25: resolving answers what was open', async () => {
    const one = await desk.case(
      day('14:00'),
      await desk.promise('c25', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]),
    );
    await one.reply(day('14:30'));
    await one.write(day('15:00'));
    await one.resolve(day('15:05'));
    expect(await one.clock(day('15:31'), 'next-response')).toMatchObject({ status: 'met', endedBy: 'resolved' });
    expect((await one.history()).map(({ type }) => type)).not.toContain('ServiceLevelBreached');
  });

  it('case 27: what a customer writes starts the clock; a note and an automatic reply do not stop it', async () => {
    const one = await desk.case(
      day('10:00'),
      await desk.promise('c27', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]),
    );
    const running = async () => (await one.clock(desk.clock.now, 'next-response')).status;
    await one.reply(day('10:01'));
    await one.write(day('10:02'));
    expect(await running()).toBe('running');
    await one.at(day('10:03'), 'note', { text: 'Hm' });
    await desk.server.beside(({ runner }) =>
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
    expect(await one.clock(desk.clock.now, 'next-response')).toMatchObject({
      status: 'met',
      elapsedSeconds: 4 * minute,
    });
  });

  it.each([
    [28_786, 'met'],
    [28_800, 'met'],
    [28_801, 'missed'],
  ])('case 29: resolved after %d of 28800 s: %s', async (elapsed, status) => {
    const one = await desk.case(day('10:00'), await desk.promise(`c29-${elapsed}`, [resolution({ P3: 28_800 })]));
    await one.resolve(day('10:00') + elapsed * 1_000);
    expect(await one.clock(desk.clock.now)).toMatchObject({ elapsedSeconds: elapsed, status });
  });

  it('case 34: revision orders what happened in the same second', async () => {
    const type = await desk.promise('c34', [response({ P3: 4 * hour }), next({ P3: 30 * minute })]);
    const [asked, answered] = [await desk.case(day('10:00'), type), await desk.case(day('10:00'), type)];
    await asked.reply(day('10:01'));
    await asked.reply(day('10:05'));
    await asked.write(day('10:05'));
    expect(await asked.clock(desk.clock.now, 'next-response')).toMatchObject({ status: 'running', cycle: 1 });
    await answered.reply(day('10:01'));
    await answered.write(day('10:05'));
    await answered.reply(day('10:05'));
    expect(await answered.clock(desk.clock.now, 'next-response')).toMatchObject({ status: 'met', elapsedSeconds: 0 });
  });
});

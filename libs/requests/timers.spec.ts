import fc from 'fast-check';
import { fold } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { RequestEvent } from './events';
import { goneOff, tellServiceLevels } from './processes/tell-service-levels/tell';
import { anyHistory } from './read-models/testing/arbitrary-history';
import { iso, startOfDay, timeline } from './read-models/testing/timeline';
import { Request, requestEvolution } from './request';
import { held, noted, opened, reopened, resolved, responded, resumed } from './testing/given';
import { evolveTimekeeping, keyOf, type Timekeeping, type Timer, timersOf, untimed } from './timers';

const kept = (events: readonly Recorded<RequestEvent>[]): Timekeeping => events.reduce(evolveTimekeeping, untimed);
const after = (...steps: Parameters<typeof timeline>[0]): Timekeeping => kept(timeline(steps));
const second = (at: number): number => (at - startOfDay) / 1000;
/** What is armed, in words: a P1 has 900 s for the first response and 14,400 s for the resolution, around the clock. */
const armed = (time: Timekeeping): readonly string[] =>
  timersOf(time).map(({ type, metric, at, effectiveAt }) =>
    [type.replace('ServiceLevel', ''), metric, second(at), second(effectiveAt)].join(' '),
  );
const breached = (dueAt: number, metric = 'first-response'): RequestEvent => ({
  type: 'ServiceLevelBreached',
  data: { metric, cycle: 1, dueAt: iso(dueAt), targetSeconds: 900, bornBreached: false },
});

describe('timers of a case', () => {
  it('warn at three quarters, break a second after the due instant, and raise an hour later', () =>
    expect(armed(after([0, opened()]))).toEqual([
      'Warned first-response 675 675',
      'Breached first-response 901 900',
      'Overdue first-response 4500 4500',
      'Warned resolution 10800 10800',
      'Breached resolution 14401 14400',
      'Overdue resolution 18000 18000',
    ]));

  it('are gone with the answer that was in time', () =>
    expect(armed(after([0, opened()], [60, responded()])).every((timer) => timer.includes('resolution'))).toBe(true));

  it('move with a pause', () =>
    expect(armed(after([0, opened()], [60, responded()], [100, held], [1_100, resumed]))).toEqual([
      'Warned resolution 11800 11800',
      'Breached resolution 15401 15400',
      'Overdue resolution 19000 19000',
    ]));

  it('stand still during a pause', () =>
    expect(armed(after([0, opened()], [60, responded()], [100, held]))).toEqual([]));

  it('tell of a breach that nobody had noticed when the late answer came', () =>
    expect(armed(after([0, opened()], [2_000, responded()]))[0]).toBe('Breached first-response 901 900'));

  it('are not told twice', () =>
    expect(armed(after([0, opened()], [900, breached(900)])).filter((timer) => /first/.test(timer))).toEqual([
      'Overdue first-response 4500 4500',
    ]));

  it('do not tell again after reopening what was told before', () =>
    expect(
      armed(
        after([0, opened()], [14_400, breached(14_400, 'resolution')], [15_000, resolved], [15_100, reopened]),
      ).filter((timer) => /Breached resolution/.test(timer)),
    ).toEqual([]));

  it('are not armed by imported history', () =>
    expect(timersOf(kept(timeline([[0, opened()]], 'import:log:1')))).toEqual([]));

  it('are armed for what comes after the first work here on an imported case', () => {
    const [imported] = timeline([[0, opened()]], 'import:log:1');
    const [, live] = timeline([
      [0, opened()],
      [1_000, noted],
    ]);
    const worked = live && { ...live, metadata: { ...live.metadata, recordedAt: iso(1_000) } };
    expect(armed(kept([imported, worked].flatMap((event) => event ?? [])))).toEqual([
      'Overdue first-response 4500 4500',
      'Warned resolution 10800 10800',
      'Breached resolution 14401 14400',
      'Overdue resolution 18000 18000',
    ]);
  });
});

describe('what has gone off', () => {
  const told = (time: Timekeeping, now: number): readonly string[] =>
    goneOff(time, startOfDay + now * 1000).map(({ type, metric }) => `${type.replace('ServiceLevel', '')} ${metric}`);

  it('is nothing at the due instant itself', () =>
    expect(told(after([0, opened()]), 900)).toEqual(['Warned first-response']));
  it('is after an outage in order, without the warnings that a breach has overtaken', () =>
    expect(told(after([0, opened()]), 86_400)).toEqual([
      'Breached first-response',
      'Overdue first-response',
      'Breached resolution',
      'Overdue resolution',
    ]));
});

describe('telling', () => {
  const stateAfter = (...steps: Parameters<typeof timeline>[0]) =>
    timeline(steps).reduce(requestEvolution.evolve, requestEvolution.initialState);
  const now = startOfDay + 1_000_000;
  const breach = timersOf(after([0, opened()])).find(({ type }) => type === 'ServiceLevelBreached');
  const key = breach ? keyOf(breach) : '';

  it('says when it was due, however late it is', () =>
    expect(tellServiceLevels({ keys: [key], now: now + 86_400_000 }, stateAfter([0, opened()]))).toEqual([
      { ...breached(900), notes: expect.objectContaining({ occurredAt: iso(900), policy: 'standard@1' }) },
    ]));
  it('says nothing before its time', () =>
    expect(tellServiceLevels({ keys: [key], now: startOfDay + 900_000 }, stateAfter([0, opened()]))).toEqual([]));
  it('says nothing twice', () =>
    expect(tellServiceLevels({ keys: [key], now }, stateAfter([0, opened()], [900, breached(900)]))).toEqual([]));
  it('says together what has gone off together, in the order of the instants', () => {
    const state = stateAfter([0, opened()]);
    const gone = state.status === 'none' ? [] : goneOff(state.time, startOfDay + 20_000_000);
    const told = tellServiceLevels({ keys: gone.map(keyOf).reverse(), now: startOfDay + 20_000_000 }, state);
    expect(told.map(({ type, data }) => `${type} ${Object(data).metric}`)).toEqual([
      'ServiceLevelBreached first-response',
      'ServiceLevelOverdue first-response',
      'ServiceLevelBreached resolution',
      'ServiceLevelOverdue resolution',
    ]);
  });
  it('says nothing when the case has been answered in time since the timer was found', () =>
    expect(tellServiceLevels({ keys: [key], now }, stateAfter([0, opened()], [800, responded()]))).toEqual([]));
});

it('tells everything once, whenever it looks, and then nothing more', () => {
  const last = startOfDay + 400_000_000;
  fc.assert(
    fc.property(anyHistory, fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 6 }), (history, looks) => {
      const events = [...history];
      const state = (): Request => fold(requestEvolution, events);
      const passed = (now: number): readonly Timer[] => {
        const known = state();
        return known.status === 'none' ? [] : goneOff(known.time, now);
      };
      const keys: string[] = [];
      for (const now of [...looks.sort((one, other) => one - other).map((look) => startOfDay + look * 1000), last])
        for (const timer of passed(now)) {
          const [told] = tellServiceLevels({ keys: [keyOf(timer)], now }, state());
          const [first] = history;
          if (!told || !first) throw new Error('what has gone off can be told');
          keys.push(keyOf(timer));
          const metadata = { ...first.metadata, ...told.notes, recordedAt: new Date(now).toISOString() };
          events.push({ ...first, ...told, metadata, revision: events.length });
        }
      expect(new Set(keys).size).toBe(keys.length);
      expect(passed(last)).toEqual([]);
    }),
  );
});

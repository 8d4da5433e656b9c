import { RequestEvent } from '../../events';
import { closed, held, noted, opened, resolved, responded } from '../../testing/given';
import { iso, rebuilt, startOfDay, timeline } from '../testing/timeline';
import { clocksAt } from './clocks-at';
import { serviceLevelsProjection } from './service-levels.projection';

const statuses = (now: number, ...steps: readonly (readonly [seconds: number, event: RequestEvent])[]) => {
  const row = rebuilt(serviceLevelsProjection, timeline(steps));
  if (!row?.clocks) throw new Error('no clocks');
  return clocksAt(row.clocks, startOfDay + now * 1000);
};
const words = (...args: Parameters<typeof statuses>) => statuses(...args).map(({ status }) => status);

it('runs both clocks from the opening', () => expect(words(60, [0, opened()])).toEqual(['running', 'running']));
it('is still within the target at the due instant', () => expect(words(900, [0, opened()])[0]).toBe('running'));
it('is breached a second later, by the passing of time alone', () =>
  expect(words(901, [0, opened()])[0]).toBe('breached'));
it('meets the first response with an answer by staff', () =>
  expect(words(99_999, [0, opened()], [60, responded()])[0]).toBe('met'));
it('does not take an answer of the customer for ours', () =>
  expect(words(61, [0, opened()], [60, { type: 'RequestResponded', data: { text: 'Well?', by: 'customer' } }])[0]).toBe(
    'running',
  ));
it('misses the resolution that comes too late', () =>
  expect(words(99_999, [0, opened()], [20_000, resolved], [20_100, closed])[1]).toBe('missed'));
it('pauses the resolution while it waits for the customer', () =>
  expect(words(99_999, [0, opened()], [60, held])[1]).toBe('paused'));
it('tells what is elapsed and left now, not at the last event', () =>
  expect(statuses(300, [0, opened()], [60, noted])[0]).toMatchObject({
    targetSeconds: 900,
    elapsedSeconds: 300,
    remainingSeconds: 600,
    startedAt: iso(0),
    dueAt: iso(900),
  }));
it('counts business hours for the lower priorities', () =>
  // Nine in the morning in UTC is ten in Berlin: seven of eight hours are left on that day.
  expect(statuses(60, [0, opened({ priority: 'P4' })])[0]).toMatchObject({
    calendar: { id: 'business-hours' },
    dueAt: '2026-01-06T09:00:00.000Z',
  }));

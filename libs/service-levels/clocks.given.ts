/** Short ways to write a case's history and a policy in the specs of the clocks. */
import { DateTime } from 'luxon';
import type { Calendar, OpenTimes } from './calendar-definition';
import { type ServiceEvent } from './clock-state';
import { type Clock, clocksOf } from './clocks';
import { learnTerms, knownTerms } from './known-terms';
import { type ClockDefinition, type Metric, PRIORITIES, type Priority, type ServiceLevelPolicy } from './policy';
import { alwaysCalendar, businessHoursCalendar as EU, seededCalendars, standardPolicy } from './seeds';

export const MINUTE = 60;
export const HOUR = 3_600;
export const at = (text: string, zone = 'Europe/Berlin'): number => DateTime.fromISO(text, { zone }).toMillis();
/** An instant of a plain day around the clock. */
export const on = (time: string): number => at(`2026-02-02T${time}`);
export const seconds = (from: number, to: number): number => (to - from) / 1_000;

type Times = Record<'first-response' | 'resolution', number>;
export type Targets = Partial<Record<Priority, [Calendar, Partial<Times>]>>;
export type Change = Partial<ServiceLevelPolicy> & { pausing?: Partial<Record<Metric, ClockDefinition['pause']>> };
/** The standard policy with other targets; what is not named is far away, around the clock. */
export const policy = (targets: Targets, { pausing = {}, ...change }: Change = {}): ServiceLevelPolicy => ({
  ...standardPolicy,
  clocks: standardPolicy.clocks.map((clock) => ({
    ...clock,
    pause: pausing[clock.metric] ?? clock.pause,
    targets: Object.fromEntries(
      PRIORITIES.map((priority) => {
        const [calendar, times] = targets[priority] ?? [alwaysCalendar, {}];
        const targetSeconds = times[clock.metric as keyof Times] ?? 1e6;
        return [priority, { calendar: calendar.id, targetSeconds }];
      }),
    ),
  })),
  ...change,
});
export const resolution = (target: number, calendar = alwaysCalendar): Targets => ({
  P3: [calendar, { resolution: target }],
});
export const response = (target: number, calendar = alwaysCalendar): Targets => ({
  P3: [calendar, { 'first-response': target }],
});

export type Happening = [instant: number, kind: ServiceEvent['kind'], more?: Partial<ServiceEvent>];
export const history = (...happenings: Happening[]): ServiceEvent[] =>
  happenings.map(([instant, kind, more], revision) => ({ at: instant, revision, kind, ...more }));
export const toCustomer = { waitingFor: 'customer' } as const;
export const byStaff = { by: 'staff' } as const;

export const find = (clocks: Clock[], metric: Metric): Clock => {
  const found = clocks.filter((clock) => clock.metric === metric).at(-1);
  if (!found) throw new Error(`no ${metric} clock`);
  return found;
};
/** The clocks of a case that is under one policy from its opening on. */
export const clocksUnder = (
  events: readonly ServiceEvent[],
  by: ServiceLevelPolicy,
  calendars: readonly Calendar[],
): Clock[] => {
  const terms = learnTerms({ policy: by, calendars });
  return clocksOf(
    events.map((event) => (event.kind === 'opened' ? { ...event, terms } : event)),
    knownTerms,
  );
};
export const judged = (
  metric: Metric,
  events: ServiceEvent[],
  by: ServiceLevelPolicy,
  ...calendars: Calendar[]
): Clock => find(clocksUnder(events, by, [...calendars, ...seededCalendars]), metric);

const open: readonly OpenTimes[] = [{ from: '10:00', to: '18:00' }];
export const tenToSix: Calendar = {
  ...EU,
  id: 'ten-to-six',
  week: { 1: open, 2: open, 3: open, 4: open, 5: open },
};

/** Open every day between two local times. */
export function daily(zone: string, from: string, to: string): Calendar {
  const times = [{ from, to }];
  const week = { 1: times, 2: times, 3: times, 4: times, 5: times, 6: times, 7: times };
  return { id: zone, revision: 1, zone, week, holidays: [] };
}

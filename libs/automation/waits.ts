import { dueAt } from '../service-levels/calendar';
import { type Calendar } from '../service-levels/calendar-definition';
import { Rule } from './rule';

/** How long a rule waits, in the time of its calendar. */
const searchSteps = 50;
const lookBackMilliseconds = 10 * 366 * 86_400_000;

/** When a wait that began then is over; undefined for a rule that does not wait, or whose calendar there is not or hardly ever opens. */
export const overAt = ({ when }: Rule, calendars: readonly Calendar[], begun: number): number | undefined => {
  if (when.on === 'hold-until') return begun;
  if (when.on !== 'quiet') return undefined;
  const calendar = calendars.find(({ id }) => id === when.calendar);
  return (calendar && dueAt(calendar, begun, when.seconds)) ?? undefined;
};

/**
 * The latest beginning whose wait is over by now: a wait that began later ends no earlier, so that it is found by halving.
 * @returns undefined where no wait can be over
 */
export const begunUntil = (rule: Rule, calendars: readonly Calendar[], now: number): number | undefined => {
  let [over, pending] = [now - lookBackMilliseconds, now + 1];
  const isOver = (begun: number): boolean => (overAt(rule, calendars, begun) ?? Infinity) <= now;
  if (!isOver(over)) return undefined;
  for (let step = 0; step < searchSteps && pending - over > 1; step++) {
    const middle = Math.floor((over + pending) / 2);
    if (isOver(middle)) over = middle;
    else pending = middle;
  }
  return over;
};

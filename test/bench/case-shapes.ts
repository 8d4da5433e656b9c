import { seededMatrix } from '../../libs/configuration/seeds';
import { Decided } from '../../libs/eventing/command-runner';
import { RequestEvent } from '../../libs/requests/events';
import { impacts, levels } from '../../libs/requests/vocabulary';

/**
 * Whole cases as real logs have them: 5 or 6 events in the median, about 21 in the 99th percentile, most of them closed.
 * Pure: the same random numbers give the same case.
 */
export type Random = () => number;

/** A small generator with a seed; good enough to spread cases, and the same in every run. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export interface Holders {
  readonly teams: readonly string[];
  readonly staff: readonly string[];
}

const eventsMedian = 5.5;
const eventsSpread = 0.58;
const eventsMin = 2;
const eventsMax = 60;
const stillToDoShare = 0.1;
const daysBack = 60;
const hourMilliseconds = 3_600_000;

/** Log-normal, by the polar form of Box and Muller's. */
export const eventCount = (random: Random): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(eventsMax, Math.max(eventsMin, Math.round(eventsMedian * Math.exp(eventsSpread * normal))));
};

const pick = <T>(values: readonly T[], random: Random): T => {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('there is nothing to choose from');
  return value;
};

export const opening = (number: string, customer: string, random: Random): RequestEvent => {
  const [impact, urgency] = [pick(impacts, random), pick(impacts, random)];
  const classified = { type: 'incident', category: 'hardware', product: null, impact, urgency };
  const texts = { subject: `Printer stops after ${number}`, description: 'It stops after three pages. '.repeat(8) };
  return {
    type: 'RequestOpened',
    data: { number, customer, team: null, ...texts, ...classified, priority: seededMatrix[impact][urgency] },
  };
};

const middle = (index: number, { teams, staff }: Holders, random: Random): RequestEvent => {
  const assigned = { team: pick(teams, random), assignee: pick(staff, random), from: null };
  if (index === 0) return { type: 'RequestAssigned', data: assigned };
  switch (index % 5) {
    case 1:
      return { type: 'RequestResponded', data: { text: 'We are looking into it.', by: 'staff' } };
    case 2:
      return { type: 'RequestNoted', data: { text: 'The fuser was changed last spring.' } };
    case 3:
      return {
        type: 'RequestEscalated',
        data: { from: 'L1', to: levels[index % levels.length] ?? 'L2', reason: 'hard' },
      };
    default:
      return { type: 'RequestAssigned', data: assigned };
  }
};

const ending: readonly RequestEvent[] = [
  { type: 'RequestResolved', data: { code: 'fixed', resolution: 'The fuser was cleaned.' } },
  { type: 'RequestClosed', data: {} },
];

/** @param now epoch milliseconds; the case happened in the weeks before */
export const wholeCase = (
  { number, customer, now }: { readonly number: string; readonly customer: string; readonly now: number },
  holders: Holders,
  random: Random,
): readonly Decided<RequestEvent>[] => {
  const last = random() < stillToDoShare ? [] : ending;
  const between = Math.max(0, eventCount(random) - 1 - last.length);
  const steps = Array.from({ length: between }, (_, index) => middle(index, holders, random));
  const events = [opening(number, customer, random), ...steps, ...last];
  let at = now - random() * daysBack * 24 * hourMilliseconds;
  return events.map((event) => {
    const occurredAt = new Date(at).toISOString();
    at = Math.min(now, at + random() * 6 * hourMilliseconds);
    return { ...event, notes: { occurredAt } };
  });
};

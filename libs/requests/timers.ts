import { Recorded } from '../eventing/event';
import { type ClockState } from '../service-levels/clock-state';
import { type ClockTrack } from '../service-levels/clock-track';
import { type Clock, reachedAt } from '../service-levels/clocks';
import { chainOf } from '../service-levels/escalation';
import { knownTerms } from '../service-levels/known-terms';
import { clockOf, type TermsKey } from '../service-levels/policy';
import { foldClocks } from './clock-events';
import { RequestEvent, RequestEventOf } from './events';
import { judgedClocks } from './judged-clocks';

/**
 * What the clocks of a case will have to tell if nothing happens any more: warnings, the breach, and the steps after it.
 *
 * Guarantee: a timer is a pure consequence of the case's events and of the terms they were judged by, and so is the instant at
 * which it is told to have happened. What was told is never told again; a pause, a new target or an ending takes the timers
 * that rest on the old course away. A breach that has passed stays due even when the clock has ended since: no late worker
 * can cure it.
 * Not here: what the time is. Imported history arms nothing: see `armedFrom`.
 */
export interface Timer {
  readonly type: 'ServiceLevelWarned' | 'ServiceLevelBreached' | 'ServiceLevelOverdue';
  readonly metric: string;
  readonly cycle: number;
  /** Epoch milliseconds from which it may be told. */
  readonly at: number;
  /** Epoch milliseconds at which it will be said to have happened. */
  readonly effectiveAt: number;
  readonly dueAt: number;
  readonly targetSeconds: number;
  readonly bornBreached: boolean;
  readonly share: number | null;
  /** Counted seconds before the due instant, or after it. */
  readonly seconds: number;
  readonly policy: string;
  readonly calendar: string;
  readonly terms: TermsKey;
}

/** What the timers of a case need to know of its history. */
export interface Timekeeping {
  /** null before the opening. */
  readonly clocks: ClockState | null;
  /**
   * Timers from this instant on are armed; null: none are. An opening that happened here arms all. A case whose history was
   * imported arms what comes after the first work on it here.
   */
  readonly armedFrom: number | null;
  /** What was told already, by `keyOf`. */
  readonly told: readonly string[];
}

type Told = Recorded<RequestEventOf<Timer['type']>>;

const isTold = (event: Recorded<RequestEvent>): event is Told =>
  event.type === 'ServiceLevelWarned' || event.type === 'ServiceLevelBreached' || event.type === 'ServiceLevelOverdue';

const key = (type: string, metric: string, cycle: number, mark: number, at: number): string =>
  `${type} ${metric} ${cycle} ${mark} ${at}`;

/** One name for one firing, for ever: command ids are made from it. */
export const keyOf = ({ type, metric, cycle, seconds, effectiveAt }: Timer): string =>
  key(type, metric, cycle, type === 'ServiceLevelBreached' ? 0 : seconds, effectiveAt);

const keyOfTold = ({ type, data, metadata }: Told): string => {
  const seconds = 'secondsBefore' in data ? data.secondsBefore : 'secondsAfter' in data ? data.secondsAfter : 0;
  return key(type, data.metric, data.cycle, seconds, Date.parse(metadata.occurredAt));
};

export const untimed: Timekeeping = { clocks: null, armedFrom: null, told: [] };

const isLive = ({ metadata }: Recorded): boolean => !metadata.origin.startsWith('import:');

const armedBy = (event: Recorded<RequestEvent>): number | null => {
  if (!isLive(event)) return null;
  return event.type === 'RequestOpened' ? 0 : Date.parse(event.metadata.recordedAt);
};

/** A breach that was retracted is told again if it turns out to be one after all. */
const toldAfter = (told: readonly string[], event: Recorded<RequestEvent>): readonly string[] => {
  if (isTold(event)) return [...told, keyOfTold(event)];
  if (event.type !== 'ServiceLevelBreachRetracted') return told;
  const retracted = key('ServiceLevelBreached', event.data.metric, event.data.cycle, 0, Date.parse(event.data.dueAt));
  return told.filter((each) => each !== retracted);
};

/** A breach that was told and stands in the record. */
export interface ToldBreach {
  readonly metric: string;
  readonly cycle: number;
  /** Epoch milliseconds at which it was said to have happened. */
  readonly at: number;
}

/** Breaches that were told and are none by what is known now. */
export const unfoundedBreaches = ({ clocks, told }: Timekeeping): readonly ToldBreach[] => {
  if (!clocks) return [];
  const founded = new Set(judged(clocks).flatMap(breachOf).map(keyOf));
  return told.flatMap((each) => {
    const [type, metric = '', cycle, , at] = each.split(' ');
    return type === 'ServiceLevelBreached' && !founded.has(each)
      ? [{ metric, cycle: Number(cycle), at: Number(at) }]
      : [];
  });
};

export const evolveTimekeeping = (before: Timekeeping, event: Recorded<RequestEvent>): Timekeeping => {
  const opening = event.type === 'RequestOpened';
  const { clocks, armedFrom, told } = opening ? untimed : before;
  const folded = foldClocks(clocks, event);
  if (!folded) return untimed;
  return {
    clocks: folded,
    armedFrom: armedFrom ?? armedBy(event),
    told: toldAfter(told, event),
  };
};

/** A clock as the terms that hold for the case judge it. */
interface Judged {
  readonly track: ClockTrack;
  readonly clock: Clock;
}

const judged = (clocks: ClockState): readonly Judged[] => {
  const judgements = judgedClocks(clocks);
  return clocks.tracks.flatMap((track, place) => {
    const clock = judgements[place];
    return clock ? [{ track, clock }] : [];
  });
};

type Occasion = Pick<Timer, 'type' | 'at' | 'effectiveAt' | 'share' | 'seconds'>;

const timerOf = ({ track, clock }: Judged, { type, at, effectiveAt, share, seconds }: Occasion): Timer => ({
  type,
  metric: clock.metric,
  cycle: clock.cycle,
  at,
  effectiveAt,
  dueAt: clock.dueAt ?? 0,
  targetSeconds: clock.targetSeconds,
  bornBreached: clock.bornBreached,
  share,
  seconds,
  policy: `${clock.policy.id}@${clock.policy.revision}`,
  calendar: `${clock.calendar.id}@${clock.calendar.revision}`,
  terms: track.terms,
});

/** After how many counted seconds somebody is to be warned: what the policy says of the clock, and what its chain waits for. */
const warningsAfter = ({ track, clock }: Judged): ReadonlyMap<number, number | null> => {
  const { policy } = knownTerms(track.terms);
  const definition = clockOf(policy, clock.metric);
  const shares = chainOf(policy).flatMap(({ on, metric, share }) =>
    on === 'warned' && share !== null && (metric === null || metric === clock.metric) ? [share] : [],
  );
  const { targetSeconds } = clock;
  return new Map([
    ...(definition?.warnSecondsBefore ?? []).map((seconds) => [targetSeconds - seconds, null] as const),
    ...[...(definition?.warnShares ?? []), ...shares].map(
      (share) => [Math.ceil((targetSeconds * share) / 100), share] as const,
    ),
  ]);
};

/** Nobody is warned of a target that was set when the part of it had passed already. */
const warningsOf = (one: Judged): readonly Timer[] => {
  const { track, clock } = one;
  if (clock.status !== 'running' || clock.dueAt === null) return [];
  return [...warningsAfter(one)].flatMap(([after, share]) => {
    const at = reachedAt(track, Math.max(after, 0), knownTerms);
    if (at === null || at < track.appliedAt) return [];
    return [
      timerOf(one, { type: 'ServiceLevelWarned', at, effectiveAt: at, share, seconds: clock.targetSeconds - after }),
    ];
  });
};

/** A breach that came before the clock ended, whenever that is looked at. */
const breachOf = (one: Judged): readonly Timer[] => {
  const { breachesAt, dueAt, appliedAt } = one.clock;
  if (breachesAt === null || dueAt === null) return [];
  const effectiveAt = Math.max(dueAt, appliedAt);
  return [timerOf(one, { type: 'ServiceLevelBreached', at: breachesAt, effectiveAt, share: null, seconds: 0 })];
};

/** Steps of the chain that come some time after the breach, as long as the clock runs on. */
const stepsAfter = (one: Judged): readonly Timer[] => {
  const { track, clock } = one;
  if (track.outcome !== 'open' || clock.breachesAt === null) return [];
  const { breachesAt } = clock;
  const waits = chainOf(knownTerms(track.terms).policy).flatMap(({ on, metric, secondsAfter }) =>
    on === 'overdue' && (metric === null || metric === clock.metric) ? [secondsAfter] : [],
  );
  return [...new Set(waits)].flatMap((seconds) => {
    const reached = reachedAt(track, clock.targetSeconds + seconds, knownTerms);
    if (reached === null) return [];
    const at = Math.max(reached, breachesAt);
    return [timerOf(one, { type: 'ServiceLevelOverdue', at, effectiveAt: at, share: null, seconds })];
  });
};

/** Everything that is still to be told, in the order of time. */
export const timersOf = ({ clocks, armedFrom, told }: Timekeeping): readonly Timer[] => {
  if (!clocks || armedFrom === null) return [];
  const known = new Set(told);
  const untold = (timer: Timer): boolean => timer.at >= armedFrom && !known.has(keyOf(timer));
  return judged(clocks)
    .flatMap((one) => {
      const breach = breachOf(one);
      // Of what has happened nobody is warned any more.
      const isBreached = breach.some((timer) => known.has(keyOf(timer)));
      return [...(isBreached ? [] : warningsOf(one)), ...breach, ...stepsAfter(one)].filter(untold);
    })
    .sort((one, other) => one.at - other.at);
};

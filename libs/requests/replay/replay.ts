/**
 * A case told from its log: each event and what the case is after it.
 *
 * Guarantee: the state after an event is the fold of the events up to it, with those corrections in effect that had been made by
 * then; later ones change nothing before themselves. It rests on the log alone, on no read model.
 */
import { Recorded } from '../../eventing/event';
import { fold } from '../../eventing/decider';
import { effectiveInstants, Meaning } from '../../eventing/projections/as-of';
import { RequestEvent } from '../events';
import { replacementsIn } from '../read-models/history/replacements';
import { evolve, initialRequest, Request, requestEvolution } from '../request';
import { isClerical } from '../clock-events';
import { correctRequest, isRequestCorrection } from '../corrections';

export interface ReplayState {
  readonly status: Request['status'];
  readonly priority: string | null;
  readonly impact: string | null;
  readonly urgency: string | null;
  readonly type: string | null;
  readonly category: string | null;
  readonly product: string | null;
  readonly level: string | null;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly waitingFor: string | null;
  readonly code: string | null;
}

export interface ReplayStep {
  readonly revision: number;
  readonly type: RequestEvent['type'];
  /** Id of a member of staff, a customer or a system process. */
  readonly actor: string;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly origin: string;
  readonly sourceActivity: string | null;
  readonly flags: readonly string[];
  /** What was recorded, corrected or not. */
  readonly data: RequestEvent['data'];
  /** Of a correction: the values that held until then. */
  readonly replaced: object | null;
  /** Revisions of the corrections of this event. */
  readonly correctedBy: readonly number[];
  readonly state: ReplayState;
}

const nothingYet: ReplayState = {
  ...{ status: 'none', priority: null, impact: null, urgency: null, type: null, category: null, product: null },
  ...{ level: null, team: null, assignee: null, waitingFor: null, code: null },
};

const stateOf = (request: Request): ReplayState => {
  if (request.status === 'none') return nothingYet;
  const { status, priority, impact, urgency, type, category, product, level, assignment } = request;
  return {
    ...{ status, priority, impact, urgency, type, category, product, level },
    team: assignment?.team ?? null,
    assignee: assignment?.assignee ?? null,
    waitingFor: request.status === 'held' ? request.waitingFor : null,
    code: request.status === 'resolved' ? request.code : null,
  };
};

const statesAfter = (events: readonly Recorded<RequestEvent>[]): readonly Request[] => {
  let state = initialRequest;
  return events.map((event, index) => {
    // A correction reaches back: what it changes is folded anew.
    state = isRequestCorrection(event) ? fold(requestEvolution, events.slice(0, index + 1)) : evolve(state, event);
    return state;
  });
};

/** @param events of one case, from its first on */
export const replay = (events: readonly Recorded<RequestEvent>[]): readonly ReplayStep[] => {
  const states = statesAfter(events);
  const { replaced, correctedBy } = replacementsIn(events);
  return events.map(({ revision, type, data, metadata }, index) => ({
    revision,
    type,
    actor: metadata.actor,
    recordedAt: metadata.recordedAt,
    occurredAt: metadata.occurredAt,
    origin: metadata.origin,
    sourceActivity: metadata.sourceActivity ?? null,
    flags: metadata.flags?.split(' ') ?? [],
    data,
    replaced: replaced.get(revision) ?? null,
    correctedBy: correctedBy.get(revision) ?? [],
    state: stateOf(states[index] ?? initialRequest),
  }));
};

/** Up to a revision, or up to the last event that had happened at an instant. */
export type ReplayEnd = { readonly revision: number } | { readonly instant: number };

/** Revision orders, time never does: what stands before an event that had happened is told too, whatever its date. */
export const eventsUntil = <E extends Pick<Recorded, 'revision' | 'metadata'>>(
  events: readonly E[],
  end: ReplayEnd | undefined,
): readonly E[] => {
  if (!end) return events;
  if ('revision' in end) return events.filter(({ revision }) => revision <= end.revision);
  const last = events.findLastIndex(({ metadata }) => Date.parse(metadata.occurredAt) <= end.instant);
  return events.slice(0, last + 1);
};

/**
 * The history as of an instant. `recorded`: what stood in the log by then. `true`: what had happened by then, with every correction
 * that was made since; see `effectiveInstants`.
 */
export const eventsAsOf = (
  events: readonly Recorded<RequestEvent>[],
  instant: number,
  meaning: Meaning,
): readonly Recorded<RequestEvent>[] => {
  if (meaning === 'recorded') {
    const later = events.findIndex(({ metadata }) => Date.parse(metadata.recordedAt) > instant);
    return later < 0 ? events : events.slice(0, later);
  }
  const corrected = correctRequest(events);
  const instants = effectiveInstants(corrected, isClerical);
  return corrected.filter((_, index) => (instants[index] ?? Infinity) <= instant);
};

/** Ids that an answer should name by their handles. */
export const peopleIn = (steps: readonly ReplayStep[]): { staff: ReadonlySet<string>; teams: ReadonlySet<string> } => {
  const staff = new Set<string>();
  const teams = new Set<string>();
  for (const { actor, state } of steps) {
    staff.add(actor);
    if (state.assignee !== null) staff.add(state.assignee);
    if (state.team !== null) teams.add(state.team);
  }
  return { staff, teams };
};

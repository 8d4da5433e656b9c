import { Recorded } from '../eventing/event';
import { type ClockState, evolveClocks, ServiceEvent } from '../service-levels/clock-state';
import { knownTerms } from '../service-levels/known-terms';
import { RequestEvent, RequestEventOf } from './events';

/** The events of a case in the words of the service-level engine. */
/** What a process writes to a customer is no answer by staff. */
export const processActorPrefix = 'process:';

type Meaning = { -readonly [Member in keyof ServiceEvent]: ServiceEvent[Member] };

/** Whose reply it is was settled when it was written: what somebody is today changes nothing. */
const authorOf = ({ data, metadata }: Recorded<RequestEventOf<'RequestResponded'>>): ServiceEvent['by'] =>
  data.by === 'staff' && metadata.actor.startsWith(processActorPrefix) ? 'automatic' : data.by;

const waitsOf = ({ members }: RequestEventOf<'RequestAbsorbed'>['data']): ServiceEvent['waits'] =>
  members.flatMap(({ waits }) =>
    waits.map(({ metric, from, to }) => ({ metric, from: Date.parse(from), to: Date.parse(to) })),
  );

/** Epoch milliseconds at which it happened in the world. */
export const instantOf = ({ metadata }: Pick<Recorded, 'metadata'>): number => Date.parse(metadata.occurredAt);

// Every fold of a case comes through here at every event: each is one object, made at once.
const meaningOf = (event: Recorded<RequestEvent>): Meaning | undefined => {
  const { revision } = event;
  const at = instantOf(event);
  switch (event.type) {
    case 'RequestOpened':
      return { kind: 'opened', at, revision, priority: event.data.priority, team: event.data.team };
    case 'RequestClassified':
      return { kind: 'classified', at, revision, ...(event.data.priority && { priority: event.data.priority }) };
    case 'RequestAssigned':
      return { kind: 'assigned', at, revision, team: event.data.team, assignee: event.data.assignee };
    case 'RequestHeld':
      return { kind: 'held', at, revision, waitingFor: event.data.waitingFor };
    case 'RequestResumed':
      return { kind: 'resumed', at, revision };
    case 'RequestResponded':
      return { kind: 'responded', at, revision, by: authorOf(event) };
    case 'RequestResolved':
      return { kind: 'resolved', at, revision };
    case 'RequestClosed':
      return { kind: 'closed', at, revision };
    case 'RequestReopened':
      return { kind: 'reopened', at, revision };
    case 'RequestCancelled':
      return { kind: 'cancelled', at, revision };
    case 'RequestEscalated':
      return { kind: 'escalated', at, revision };
    case 'RequestNoted':
      return { kind: 'noted', at, revision };
    case 'RequestMerged':
      return event.data.into === null ? undefined : { kind: 'merged', at, revision };
    case 'RequestAbsorbed':
      return event.data.members.length ? { kind: 'absorbed', at, revision, waits: waitsOf(event.data) } : undefined;
    default:
      return undefined;
  }
};

const clerical: ReadonlySet<string> = new Set<RequestEvent['type']>([
  ...(['RequestCorrected', 'RequestTextRedacted'] as const),
  ...(['ServiceLevelWarned', 'ServiceLevelBreached', 'ServiceLevelOverdue', 'ServiceLevelNotified'] as const),
  ...(['ServiceLevelTermsCorrected', 'ServiceLevelBreachRetracted'] as const),
  ...(['RequestLinked', 'RequestUnlinked', 'RequestSplitOff', 'RequestSplitFrom', 'RequestMessageCopied'] as const),
  ...(['RequestMerged', 'RequestUnmerged', 'RequestAbsorbed', 'RequestSeparated'] as const),
  ...(['RequestResolutionShared', 'RequestResolvedWith'] as const),
  ...(['RequestMessageDelivered', 'RequestMessageFailed'] as const),
]);

/**
 * Corrections, redactions, relations and what became of messages are work on the record, not on the case: the case's own time does not move with them. The
 * first correction of a history imported from long ago would otherwise add years to it. What a timer tells was so without being told.
 */
export const isClerical = ({ type }: { readonly type: string }): boolean => clerical.has(type);

/** What the engine needs to know of an event; `undefined` for one that means nothing to any clock. */
export const serviceEvent = (event: Recorded<RequestEvent>): ServiceEvent | undefined => {
  const meaning = meaningOf(event);
  if (!meaning) return undefined;
  const { terms } = event.metadata;
  if (terms !== undefined) meaning.terms = terms;
  return meaning;
};

interface Step {
  readonly from: ClockState | null;
  readonly to: ClockState | null;
}

// Several read models keep the clocks of a case. The same event after the same state is the same step, and is taken once.
const steps = new WeakMap<Recorded<RequestEvent>, Step>();

/** One event more in the clocks of a case. @throws UnknownTerms. Events without a meaning for clocks still move the time reached. */
export const foldClocks = (state: ClockState | null, event: Recorded<RequestEvent>): ClockState | null => {
  const known = steps.get(event);
  if (known && known.from === state) return known.to;
  const to = step(state, event);
  steps.set(event, { from: state, to });
  return to;
};

const step = (state: ClockState | null, event: Recorded<RequestEvent>): ClockState | null => {
  const service = serviceEvent(event);
  if (service) return evolveClocks(state ?? undefined, service, knownTerms) ?? null;
  if (!state || isClerical(event)) return state;
  return { ...state, lastAt: Math.max(state.lastAt, instantOf(event)) };
};

import { Recorded } from '../eventing/event';
import { type ClockState, evolveClocks, ServiceEvent } from '../service-levels/clock-state';
import { Calendar } from '../service-levels/calendar-definition';
import { ServiceLevelPolicy } from '../service-levels/policy';
import { seededCalendars, standardPolicy } from '../service-levels/seeds';
import { RequestEvent } from './events';

/** The events of a case in the words of the service-level engine, and the policy that judges them. */
export interface Promised {
  readonly policy: ServiceLevelPolicy;
  readonly calendars: readonly Calendar[];
}

/** What every case is promised, as long as an installation has one policy only. */
export const promised: Promised = { policy: standardPolicy, calendars: seededCalendars };

type Meaning = Omit<ServiceEvent, 'at' | 'revision'>;

const meaningOf = (event: RequestEvent): Meaning | undefined => {
  switch (event.type) {
    case 'RequestOpened':
      return { kind: 'opened', priority: event.data.priority };
    case 'RequestClassified':
      return event.data.priority && { kind: 'priority-changed', priority: event.data.priority };
    case 'RequestAssigned':
      return { kind: 'assigned' };
    case 'RequestHeld':
      return { kind: 'held', waitingFor: event.data.waitingFor };
    case 'RequestResumed':
      return { kind: 'resumed' };
    case 'RequestResponded':
      return { kind: 'responded', byStaff: event.data.by === 'staff' };
    case 'RequestResolved':
      return { kind: 'resolved' };
    case 'RequestClosed':
      return { kind: 'closed' };
    case 'RequestReopened':
      return { kind: 'reopened' };
    case 'RequestCancelled':
      return { kind: 'cancelled' };
    case 'RequestEscalated':
    case 'RequestNoted':
    case 'RequestCorrected':
    case 'RequestTextRedacted':
    case 'RequestActivityRecorded':
      return undefined;
  }
};

/** Epoch milliseconds at which it happened in the world. */
export const instantOf = ({ metadata }: Pick<Recorded, 'metadata'>): number => Date.parse(metadata.occurredAt);

/**
 * Corrections and redactions are work on the record, not on the case: the case's own time does not move with them. The first
 * correction of a history imported from long ago would otherwise add years to it.
 */
export const isClerical = ({ type }: Pick<RequestEvent, 'type'>): boolean =>
  type === 'RequestCorrected' || type === 'RequestTextRedacted';

/** What the engine needs to know of an event; `undefined` for one that means nothing to any clock. */
export const serviceEvent = (event: Recorded<RequestEvent>): ServiceEvent | undefined => {
  const meaning = meaningOf(event);
  return meaning && { ...meaning, at: instantOf(event), revision: event.revision };
};

/** One event more in the clocks of a case. Events without a meaning for clocks still move the time reached. */
export const foldClocks = (state: ClockState | null, event: Recorded<RequestEvent>): ClockState | null => {
  const service = serviceEvent(event);
  if (service) return evolveClocks(state ?? undefined, service, promised.policy) ?? null;
  if (!state || isClerical(event)) return state;
  return { ...state, lastAt: Math.max(state.lastAt, instantOf(event)) };
};

import { Classification } from '../event-values';
import { RequestEvent } from '../events';
import { Awaited, Level, levels, Status } from '../vocabulary';

/** What the steps of a log have made of a case so far: as much as is needed to say which event the next one is. Pure. */
export interface CaseState {
  readonly status: Status;
  readonly waitingFor: Awaited;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly level: Level;
  readonly classification: Classification;
}

export const levelAbove = (level: Level): Level =>
  levels[Math.min(levels.indexOf(level) + 1, levels.length - 1)] ?? level;

/** Follows an event that was decided. */
export const after = (state: CaseState, { type, data }: RequestEvent): CaseState => {
  switch (type) {
    case 'RequestClassified':
      return { ...state, classification: { ...state.classification, ...data } };
    case 'RequestAssigned':
      return { ...state, team: data.team, assignee: data.assignee };
    case 'RequestEscalated':
      return { ...state, level: data.to };
    case 'RequestHeld':
      return { ...state, status: 'held', waitingFor: data.waitingFor };
    case 'RequestResumed':
    case 'RequestReopened':
      return { ...state, status: 'open' };
    case 'RequestResolved':
      return { ...state, status: 'resolved' };
    case 'RequestClosed':
      return { ...state, status: 'closed' };
    case 'RequestCancelled':
      return { ...state, status: 'cancelled' };
    default:
      return state;
  }
};

export interface Ending {
  readonly code: string | null;
  readonly text: string;
  readonly waitingFor: Awaited;
}

const isOver = (status: Status): boolean => status === 'resolved' || status === 'closed' || status === 'cancelled';

/** Back to open, from wherever the case is. */
const openAgain = ({ status, waitingFor }: CaseState, text: string): readonly RequestEvent[] => {
  if (status === 'held') return [{ type: 'RequestResumed', data: { waitedFor: waitingFor } }];
  return isOver(status) ? [{ type: 'RequestReopened', data: { reason: text } }] : [];
};

/** How a case gets to a status; none when it is there. The last event is what the source tells, those before it follow from it. */
export const path = (state: CaseState, to: Status, { code, text, waitingFor }: Ending): readonly RequestEvent[] => {
  const { status } = state;
  const resolved: RequestEvent = { type: 'RequestResolved', data: { code: code ?? 'not-recorded', resolution: text } };
  switch (to) {
    case 'open':
      return openAgain(state, text);
    case 'held':
      if (status === 'held' && state.waitingFor === waitingFor) return [];
      return [...openAgain(state, text), { type: 'RequestHeld', data: { reason: text, waitingFor, until: null } }];
    case 'resolved':
      if (status === 'resolved') return [];
      return isOver(status) ? [...openAgain(state, text), resolved] : [resolved];
    case 'closed':
      if (status === 'closed') return [];
      // A source that says how a case ended when it closes it has resolved it with the same stroke.
      return [...(code === null || isOver(status) ? [] : [resolved]), { type: 'RequestClosed', data: {} }];
    case 'cancelled':
      return status === 'cancelled' ? [] : [{ type: 'RequestCancelled', data: { reason: text } }];
  }
};

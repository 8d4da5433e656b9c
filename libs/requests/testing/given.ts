import { initialConfiguration, Standing } from '../../configuration/configuration';
import { specification } from '../../eventing/testing/specification';
import { Assignment } from '../event-values';
import { RequestEvent, RequestEventOf } from '../events';
import { requestEvolution } from '../request';
import { Level } from '../vocabulary';

/** Words for the history of a case in specs. */
export const number = 'CSR-7K3-M9Q-XA4';
/** A new installation. */
export const begun: Standing = { configuration: initialConfiguration, at: Date.UTC(2026, 0, 5, 9) };

export const given = specification(requestEvolution, number);

export const opened = (facts: Partial<RequestEventOf<'RequestOpened'>['data']> = {}): RequestEvent => ({
  type: 'RequestOpened',
  data: {
    number,
    subject: 'Printer on fire',
    description: 'Smoke from tray 2',
    type: 'incident',
    category: null,
    product: null,
    impact: 'high',
    urgency: 'high',
    priority: 'P1',
    team: null,
    customer: 'customer-1',
    ...facts,
  },
});
export const assigned = (to: Assignment, from: Assignment | null = null): RequestEvent => ({
  type: 'RequestAssigned',
  data: { ...to, from },
});
export const escalated = (to: Level, from: Level = 'L1'): RequestEvent => ({
  type: 'RequestEscalated',
  data: { from, to, reason: 'hard' },
});
export const held: RequestEvent = {
  type: 'RequestHeld',
  data: { reason: 'asked', waitingFor: 'customer', until: null },
};
export const resumed: RequestEvent = { type: 'RequestResumed', data: { waitedFor: 'customer' } };
export const responded = (text = 'Hello'): RequestEvent => ({ type: 'RequestResponded', data: { text, by: 'staff' } });
export const noted: RequestEvent = { type: 'RequestNoted', data: { text: 'Seen before' } };
export const resolved: RequestEvent = {
  type: 'RequestResolved',
  data: { code: 'fixed', resolution: 'Replaced fuser' },
};
export const closed: RequestEvent = { type: 'RequestClosed', data: {} };
export const reopened: RequestEvent = { type: 'RequestReopened', data: { reason: 'still smoking' } };
export const cancelled: RequestEvent = { type: 'RequestCancelled', data: { reason: 'a double' } };

/** One history for each status a case can have. */
export const histories = {
  none: [],
  open: [opened()],
  held: [opened(), held],
  resolved: [opened(), resolved],
  closed: [opened(), resolved, closed],
  cancelled: [opened(), cancelled],
} as const satisfies Record<string, readonly RequestEvent[]>;

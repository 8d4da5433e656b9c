import { specification } from '../../eventing/testing/specification';
import { ExceptionEvent, ExceptionEventOf } from '../events';
import { exceptionEvolution } from '../exception';

/** Words for the history of an exception in specs. */
export const number = 'CER-7K3-M9Q-XA4';
export const given = specification(exceptionEvolution, number);
export const now = '2026-01-05T12:00:00.000Z';
export const later = '2026-02-05T12:00:00.000Z';
export const muchLater = '2026-03-05T12:00:00.000Z';

export const opened = (facts: Partial<ExceptionEventOf<'ExceptionOpened'>['data']> = {}): ExceptionEvent => ({
  type: 'ExceptionOpened',
  data: {
    ...{ number, customer: 'customer-1', kind: 'service-level', category: 'delivery', product: null, cause: null },
    ...{ requests: ['CSR-7K3-M9Q-XA4'], what: 'Delivered late', why: 'The supplier failed', until: later },
    ...{ by: 'opener', owner: 'owner', dueAt: null },
    ...facts,
  },
});
export const amended = (by = 'opener'): ExceptionEvent => ({
  type: 'ExceptionAmended',
  data: { why: 'Two suppliers failed', by },
});
export const assessed: ExceptionEvent = {
  type: 'ExceptionAssessed',
  data: { severity: 'high', impact: 'medium', class: 'E2', reasoning: 'A week late', by: 'assessor' },
};
export const unneeded: ExceptionEvent = {
  type: 'ExceptionFoundUnneeded',
  data: { reasoning: 'Within the tolerance', by: 'assessor' },
};
export const approvedBy = (by: string, behalfOf: string | null = null): ExceptionEvent => ({
  type: 'ExceptionApprovalGiven',
  data: { by, behalfOf },
});
export const approved = (approvers = ['ann', 'ben'], until: string | null = later): ExceptionEvent => ({
  type: 'ExceptionApproved',
  data: { approvers, until },
});
export const delegated = (by: string, to: string): ExceptionEvent => ({
  type: 'ExceptionApprovalDelegated',
  data: { by, to },
});
export const rejected: ExceptionEvent = { type: 'ExceptionRejected', data: { by: 'ann', reason: 'Too long' } };
export const renewalRequested = (by = 'owner'): ExceptionEvent => ({
  type: 'ExceptionRenewalRequested',
  data: { by, until: muchLater, reason: 'Still late' },
});
export const expired: ExceptionEvent = { type: 'ExceptionExpired', data: { until: later } };
export const planned: ExceptionEvent = {
  type: 'ExceptionActionPlanned',
  data: { action: 1, text: 'Find another supplier', responsible: 'owner', dueAt: null },
};
export const completed = (by = 'owner'): ExceptionEvent => ({
  type: 'ExceptionActionCompleted',
  data: { action: 1, by, text: 'Found one' },
});
export const verified = (effective = true): ExceptionEvent => ({
  type: 'ExceptionActionVerified',
  data: { action: 1, by: 'ann', effective, text: 'Seen' },
});
export const informed: ExceptionEvent = {
  type: 'ExceptionCustomerInformed',
  data: { channel: 'phone', text: 'It will be a week late' },
};
export const closed: ExceptionEvent = { type: 'ExceptionClosed', data: { prevention: 'Keep two suppliers' } };

/** Events after which it holds. */
export const holding: readonly ExceptionEvent[] = [
  ...[opened(), assessed, approvedBy('ann'), approvedBy('ben'), approved()],
];

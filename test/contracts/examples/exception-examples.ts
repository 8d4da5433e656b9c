import { ExceptionEvent } from '../../../libs/exceptions/events';
import { Examples } from './shape';

const deviation = {
  kind: 'service-level',
  category: 'delivery',
  product: 'LaserJet 4',
  cause: 'supplier',
  requests: ['CSR-7K3-M9Q-XA4'],
  what: 'Repaired a week late',
  why: 'The part was not to be had',
  until: '2026-02-05T12:00:00.000Z',
} as const;
const [opener, owner] = ['0c9df7e9-0c47-5674-b470-8f80b3614beb', '9d2d54c1-6f9c-5a39-8c21-6f7d7b1c7f0a'];
const [ann, ben] = ['4b0d6b0e-5d0a-5b8f-9a37-1f5d7c1c2f10', 'a7c3f4de-2b1e-5f6a-8d49-0b3e5a7d9c21'];

export const exceptionExamples: Examples<ExceptionEvent> = {
  ExceptionOpened: {
    ...deviation,
    number: 'CER-7K3-M9Q-XA4',
    customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
    by: opener,
    owner,
    dueAt: '2026-01-20T12:00:00.000Z',
  },
  ExceptionAmended: { ...deviation, why: 'Two suppliers failed', by: opener },
  ExceptionAssessed: { severity: 'high', impact: 'medium', class: 'E2', reasoning: 'A week late', by: opener },
  ExceptionFoundUnneeded: { reasoning: 'Within the tolerance', by: opener },
  ExceptionAssigned: { owner: opener, from: owner },
  ExceptionDueSet: { dueAt: '2026-01-25T12:00:00.000Z', from: '2026-01-20T12:00:00.000Z' },
  ExceptionApprovalDelegated: { by: ann, to: ben },
  ExceptionDelegationRevoked: { by: ann, to: ben },
  ExceptionApprovalGiven: { by: ben, behalfOf: ann },
  ExceptionApproved: { approvers: [ann, ben], until: '2026-02-05T12:00:00.000Z' },
  ExceptionApprovalWithdrawn: { by: ann, approver: ben, reason: 'The figures were wrong' },
  ExceptionRejected: { by: ann, reason: 'Too long' },
  ExceptionRenewalRequested: { by: owner, until: '2026-03-05T12:00:00.000Z', reason: 'Still not to be had' },
  ExceptionExpired: { until: '2026-02-05T12:00:00.000Z' },
  ExceptionOverdue: { dueAt: '2026-01-20T12:00:00.000Z' },
  ExceptionActionPlanned: {
    action: 1,
    text: 'Find a second supplier',
    responsible: owner,
    dueAt: '2026-01-18T12:00:00.000Z',
  },
  ExceptionActionCompleted: { action: 1, by: owner, text: 'Found one in Turin' },
  ExceptionActionVerified: { action: 1, by: ann, effective: true, text: 'Has delivered twice' },
  ExceptionCustomerInformed: {
    channel: 'email',
    text: 'It will be a week late',
    messageId: '<CSR-7K3-M9Q-XA4.1@example.com>',
  },
  ExceptionNoticeDelivered: { about: 1 },
  ExceptionNoticeFailed: { about: 1, reason: 'refused', isFinal: true, detail: 'No such mailbox' },
  ExceptionClosed: { prevention: 'Keep two suppliers for every part' },
  ExceptionWithdrawn: { reason: 'Solved otherwise' },
  ExceptionFeedbackGiven: { from: 'customer', rating: 4, text: 'I was told in time' },
};

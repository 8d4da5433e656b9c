import { BookEvent } from '../../../libs/service-levels/events';
import { Examples } from './shape';

const week = {
  1: [
    { from: '08:00', to: '12:00' },
    { from: '13:30', to: '18:00' },
  ],
  2: [{ from: '08:00', to: '18:00' }],
  3: [{ from: '08:00', to: '18:00' }],
  4: [{ from: '08:00', to: '18:00' }],
  5: [{ from: '08:00', to: '18:00' }],
  6: [{ from: '09:00', to: '12:00' }],
  7: [],
} as const;
const calendar = {
  zone: 'Europe/Rome',
  week,
  holidays: ['2026-01-01', '2026-04-06'],
  exceptions: { '2026-12-24': [{ from: '08:00', to: '12:00' }] },
} as const;
const target = { calendar: 'office', targetSeconds: 14_400 } as const;
const policy = {
  match: {
    types: ['incident'],
    categories: ['printing'],
    products: ['LaserJet 4'],
    customerSegments: ['gold'],
    teams: ['2f008182-6e66-5669-8cd5-53eece2478b0'],
    priorities: ['P1'],
  },
  clocks: [
    {
      metric: 'next-response',
      start: ['customer-wrote'],
      stop: ['staff-replied', 'resolved'],
      cancel: ['cancelled'],
      pause: ['waiting-customer'],
      repeats: true,
      after: 'first-response',
      reopens: false,
      team: '2f008182-6e66-5669-8cd5-53eece2478b0',
      targets: { P1: target, P2: target, P3: target, P4: target, P5: target },
      warnShares: [50, 75],
      warnSecondsBefore: [3_600],
    },
  ],
  priorityAbsent: 'P3',
  priorityChange: 'carry',
  policyChange: 'restart',
  revisionChange: 'keep',
  reopen: 'grace',
  reopenGraceSeconds: 86_400,
  merge: 'own',
  escalation: [
    {
      metric: 'next-response',
      on: 'breached',
      share: 50,
      secondsAfter: 0,
      action: { kind: 'notify', audience: 'leads' },
    },
    {
      metric: 'next-response',
      on: 'overdue',
      share: 50,
      secondsAfter: 3_600,
      action: { kind: 'reassign', team: '2f008182-6e66-5669-8cd5-53eece2478b0' },
    },
  ],
} as const;
const activation = {
  revision: 2,
  from: '2026-01-05T09:00:00.000Z',
  corrects: 1,
  reason: 'The lunch break was missing',
} as const;

export const serviceLevelExamples: Examples<BookEvent> = {
  CalendarDrafted: { id: 'office', body: calendar },
  CalendarActivated: { id: 'office', ...activation, body: calendar },
  PolicyDrafted: { id: 'gold', rank: 10, body: policy },
  PolicyActivated: { id: 'gold', rank: 10, ...activation, body: policy },
  PolicyRetired: { id: 'gold', from: '2026-06-01T00:00:00.000Z' },
};

import { CustomerEvent, IdentityEvent, RetentionEvent } from '../../libs/customers/events';
import { FiringEvent, RuleEvent } from '../../libs/automation/events';
import { BulkEvent } from '../../libs/bulk/events';
import { ExceptionEvent } from '../../libs/exceptions/events';
import { ConfigurationEvent } from '../../libs/configuration/events';
import { ProjectionRebuilt } from '../../libs/eventing/projections/rebuilt';
import { RelationEvent } from '../../libs/relations/events';
import { RequestEvent } from '../../libs/requests/events';
import { DraftEvent } from '../../libs/requests/drafts/events';
import { MessageEvent } from '../../libs/requests/inbound/events';
import { TemplateEvent } from '../../libs/templates/events';
import { ViewEvent } from '../../libs/views/events';
import { BookEvent } from '../../libs/service-levels/events';
import { StaffEvent, TeamEvent } from '../../libs/teams/events';

type AnyEvent =
  | RequestEvent
  | MessageEvent
  | DraftEvent
  | TemplateEvent
  | ViewEvent
  | RelationEvent
  | CustomerEvent
  | IdentityEvent
  | RetentionEvent
  | StaffEvent
  | TeamEvent
  | ProjectionRebuilt
  | BookEvent
  | ExceptionEvent
  | ConfigurationEvent
  | BulkEvent
  | RuleEvent
  | FiringEvent;

/** Every field that a type can have is there, so that one which is added later does not compile until it is. */
type Complete<T> = T extends readonly (infer I)[]
  ? readonly Complete<I>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined | null>> }
    : T;

type Examples = { readonly [E in AnyEvent as E['type']]: Complete<TextsPlain<E['data']>> };
type TextsPlain<T> = T extends { readonly $enc: 1 }
  ? never
  : T extends object
    ? { readonly [K in keyof T]: TextsPlain<T[K]> }
    : T;

const exchange = {
  channel: 'email',
  direction: 'in',
  from: { name: 'Ada Byron', address: 'ada@example.org' },
  to: [{ name: 'Service desk', address: 'help@example.com' }],
  messageId: '<4f9a561d@example.org>',
  inReplyTo: '<CSR-7K3-M9Q-XA4.1@example.com>',
  isThirdParty: true,
  isAutomatic: true,
  attachments: [1],
  worked: { talkSeconds: 240, holdSeconds: 30, wrapUpSeconds: 60 },
} as const;

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
const defined = { id: 'printing', revision: 2, from: '2026-01-05T09:00:00.000Z' } as const;
const retired = { id: 'printing', from: '2026-06-01T00:00:00.000Z' } as const;
const priorities = { low: 'P5', medium: 'P4', high: 'P3' } as const;

/** One example of the newest version of each event type, complete. */
export const eventExamples: Examples = {
  RequestOpened: {
    number: 'CSR-7K3-M9Q-XA4',
    subject: 'Printer on fire',
    description: 'Smoke from tray 2',
    type: 'incident',
    category: 'printing',
    product: 'LaserJet 4',
    impact: 'high',
    urgency: 'high',
    priority: 'P1',
    team: '2f008182-6e66-5669-8cd5-53eece2478b0',
    customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
    contact: { name: 'Ada Byron', email: 'ada@example.org', phone: '+44 20 7946 0018' },
    incomplete: true,
    exchange,
    followUpOf: 'CSR-2C8-0QF-PN6',
  },
  RequestClassified: {
    type: 'incident',
    category: 'printing',
    product: 'LaserJet 4',
    impact: 'low',
    urgency: 'high',
    priority: 'P3',
  },
  RequestAssigned: {
    team: '2f008182-6e66-5669-8cd5-53eece2478b0',
    assignee: '0c9df7e9-0c47-5674-b470-8f80b3614beb',
    from: { team: '2f008182-6e66-5669-8cd5-53eece2478b0', assignee: '9d2d54c1-6f9c-5a39-8c21-6f7d7b1c7f0a' },
  },
  RequestFieldsFilled: {
    fields: {
      serial: { text: 'X-4711' },
      floor: { number: '-1.5' },
      leased: { boolean: true },
      bought: { date: '2025-12-31' },
      language: { choice: 'de' },
    },
  },
  RequestRouted: {
    team: '2f008182-6e66-5669-8cd5-53eece2478b0',
    rules: 3,
    rule: 'printers',
    matched: 'category=printing',
    skills: ['printers'],
  },
  RequestDistributed: {
    team: '2f008182-6e66-5669-8cd5-53eece2478b0',
    assignee: '0c9df7e9-0c47-5674-b470-8f80b3614beb',
    strategy: 'round-robin',
    turn: 17,
    weight: 3,
    considered: [{ staff: '0c9df7e9-0c47-5674-b470-8f80b3614beb', verdict: 'chosen', load: 4, capacity: 10, turn: 12 }],
    others: 2,
  },
  RequestEscalated: { from: 'L1', to: 'L2', reason: 'Needs a specialist' },
  RequestHeld: { reason: 'Asked for the model', waitingFor: 'customer', until: '2026-01-09T09:00:00.000Z' },
  RequestResumed: { waitedFor: 'customer' },
  RequestResponded: {
    text: 'We are on it',
    by: 'staff',
    exchange,
    template: { id: 'on-our-way', revision: 2 },
    draft: 4,
  },
  RequestMessageDelivered: { about: 1 },
  RequestMessageFailed: { about: 1, reason: 'unknown-address', isFinal: true, detail: '550 No such user' },
  RequestNoted: { text: 'Seen before', exchange },
  RequestFileAttached: {
    name: 'smoke.png',
    mediaType: 'image/png',
    content: {
      bytes: 48_213,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      person: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
      valueKey: '01977f3e-6c5a-7b1e-9a43-0b8f0c5a3d11',
    },
    scan: { verdict: 'clean', by: 'clamav' },
    about: 0,
  },
  TemplateSaved: {
    ...{ name: 'On our way', format: 'text', body: 'We come on {{day}}.', revision: 1 },
    placeholders: [{ name: 'day', type: 'choice', isRequired: true, choices: ['Monday', 'Tuesday'] }],
  },
  TemplateRetired: {},
  ViewCreated: {
    ...{ name: 'Urgent and ours', list: 'queue', owner: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11' },
    ...{ filter: { priority: 'P1,P2' }, team: '2fd1b1a4-0d61-5f0a-8a5c-6f7a3f2f9c11' },
  },
  ViewRenamed: { name: 'Most urgent and ours' },
  ViewRefined: { filter: { priority: 'P1', status: 'open' } },
  ViewShared: { team: '2fd1b1a4-0d61-5f0a-8a5c-6f7a3f2f9c11' },
  ViewRetired: {},
  DraftSaved: {
    ...{ customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c', by: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11' },
    text: 'We come on Monday, probab',
  },
  DraftDiscarded: { by: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11' },
  DraftSent: { by: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11', answer: 5 },
  MessageReceived: { route: { to: 'case', number: 'CSR-7K3-M9Q-XA4', as: 'third-party' } },
  MessageFiled: { number: 'CSR-7K3-M9Q-XA4' },
  RequestFeedbackGiven: { rating: 4, text: 'Quick, but nobody called', about: 2 },
  RequestResolved: { code: 'fixed', resolution: 'Replaced the fuser' },
  RequestClosed: {},
  RequestReopened: { reason: 'Still smoking' },
  RequestCancelled: { reason: 'A double' },
  RequestCorrected: {
    corrects: 0,
    reason: 'Mistyped',
    values: {
      subject: 'Printer on fire!',
      description: 'Smoke from tray 3',
      text: 'We are there',
      resolution: 'Replaced the tray',
      type: 'problem',
      category: 'printing',
      product: 'LaserJet 5',
      impact: 'low',
      urgency: 'low',
      priority: 'P5',
      team: '2f008182-6e66-5669-8cd5-53eece2478b0',
      assignee: '0c9df7e9-0c47-5674-b470-8f80b3614beb',
      to: 'L3',
      waitingFor: 'supplier',
      code: 'replaced',
      occurredAt: '2026-01-05T08:00:00.000Z',
    },
  },
  RequestTextRedacted: { redacts: 0, pointer: '/description', reason: 'Named a neighbour' },
  RequestActivityRecorded: { activity: 'Wait - vendor' },
  RequestLinked: { relation: 'parent', number: 'CSR-9B2-4HT-0Y6' },
  RequestUnlinked: { relation: 'parent', number: 'CSR-9B2-4HT-0Y6' },
  RequestMerged: { into: 'CSR-9B2-4HT-0Y6', reason: 'The same printer' },
  RequestUnmerged: { from: 'CSR-9B2-4HT-0Y6', reason: 'Two printers after all' },
  RequestAbsorbed: {
    number: 'CSR-9B2-4HT-0Y6',
    members: [
      {
        number: 'CSR-9B2-4HT-0Y6',
        waits: [{ metric: 'resolution', from: '2026-01-05T08:00:00.000Z', to: '2026-01-05T09:10:00.000Z' }],
      },
    ],
  },
  RequestSeparated: { number: 'CSR-9B2-4HT-0Y6', members: ['CSR-9B2-4HT-0Y6'] },
  RequestSplitOff: { into: 'CSR-9B2-4HT-0Y6', revisions: [3] },
  RequestSplitFrom: { number: 'CSR-9B2-4HT-0Y6', revisions: [3] },
  RequestMessageCopied: {
    number: 'CSR-9B2-4HT-0Y6',
    revision: 3,
    text: 'And the scanner is broken',
    by: 'customer',
    author: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
    writtenAt: '2026-01-05T08:00:00.000Z',
  },
  RequestResolutionShared: {},
  RequestResolvedWith: { number: 'CSR-9B2-4HT-0Y6' },
  RequestsLinked: { kind: 'parent', from: 'CSR-7K3-M9Q-XA4', to: 'CSR-9B2-4HT-0Y6' },
  RequestsUnlinked: { kind: 'parent', from: 'CSR-7K3-M9Q-XA4', to: 'CSR-9B2-4HT-0Y6' },
  RequestsMerged: {
    source: 'CSR-7K3-M9Q-XA4',
    survivor: 'CSR-9B2-4HT-0Y6',
    members: ['CSR-7K3-M9Q-XA4'],
    reason: 'The same printer',
  },
  RequestsUnmerged: {
    source: 'CSR-7K3-M9Q-XA4',
    survivor: 'CSR-9B2-4HT-0Y6',
    members: ['CSR-7K3-M9Q-XA4'],
    path: ['CSR-9B2-4HT-0Y6'],
    reason: 'Two printers after all',
  },
  ServiceLevelWarned: {
    metric: 'resolution',
    cycle: 1,
    dueAt: '2026-01-05T13:00:00.000Z',
    share: 75,
    secondsBefore: 3_600,
  },
  ServiceLevelBreached: {
    metric: 'resolution',
    cycle: 1,
    dueAt: '2026-01-05T13:00:00.000Z',
    targetSeconds: 14_400,
    bornBreached: false,
  },
  ServiceLevelOverdue: { metric: 'resolution', cycle: 1, dueAt: '2026-01-05T13:00:00.000Z', secondsAfter: 3_600 },
  ServiceLevelTermsCorrected: {
    wrong: '1f2e3d4c5b6a7988.0123456789abcdef',
    corrected: 'office@1',
    by: 'office@2',
  },
  ServiceLevelBreachRetracted: {
    metric: 'resolution',
    cycle: 1,
    dueAt: '2026-05-01T10:00:00.000Z',
    because: 'office@2',
  },
  ServiceLevelNotified: {
    metric: 'resolution',
    cycle: 1,
    cause: 'breached',
    about: 1,
    audience: 'team',
    team: '2f008182-6e66-5669-8cd5-53eece2478b0',
    assignee: '0c9df7e9-0c47-5674-b470-8f80b3614beb',
  },
  CustomerRegistered: {
    kind: 'person',
    name: 'Ada Byron',
    email: 'ada@example.org',
    phone: '+44 20 7946 0018',
    request: 'CSR-7K3-M9Q-XA4',
  },
  CustomerSegmented: { segment: 'gold' },
  CustomerContactPointAdded: {
    contactPoint: '7d444840-9dc0-41b0-a1b5-4a9c4a0f0c5e',
    channel: 'chat',
    address: '@ada:example.org',
  },
  CustomerContactPointRemoved: { contactPoint: 'phone' },
  CustomerContactPointPreferred: { contactPoint: 'email' },
  CustomerPreferencesStated: { language: 'en-GB', channel: 'email' },
  CustomerConsentGiven: { purpose: 'newsletter', basis: 'consent' },
  CustomerConsentWithdrawn: { purpose: 'newsletter' },
  CustomerConsentRectified: {
    purpose: 'newsletter',
    status: 'withdrawn',
    basis: 'consent',
    since: '2026-01-04T09:00:00.000Z',
    reason: 'Ticked by mistake',
  },
  CustomerNameRectified: { name: 'Ada King', reason: 'Married' },
  CustomerContactPointRectified: { contactPoint: 'email', address: 'ada.king@example.org', reason: 'Mistyped' },
  CustomerContractAgreed: {
    reference: 'C-2026-17',
    level: 'premium',
    from: '2026-01-01T00:00:00.000Z',
    until: '2027-01-01T00:00:00.000Z',
  },
  CustomerContractEnded: { reference: 'C-2026-17' },
  CustomerJoinedOrganisation: { organisation: '5a2b6a4b-4f9a-561d-899c-d7a87d737e0d', title: 'buyer' },
  CustomerLeftOrganisation: { organisation: '5a2b6a4b-4f9a-561d-899c-d7a87d737e0d' },
  CustomerSurvivorNamed: { survivor: '3c2b6a4b-4f9a-561d-899c-d7a87d737e0e' },
  CustomerLegalHoldPlaced: { matter: '12 O 345/26', reason: 'Claims damages' },
  CustomerLegalHoldReleased: { matter: '12 O 345/26' },
  CustomerProcessingRestricted: { ground: 'objection', reason: 'Objected on 5 January' },
  CustomerRestrictionLifted: { reason: 'Told on 9 January' },
  CustomerExported: { format: 'html', streams: 3, events: 21 },
  CustomerErasureRequested: { ground: 'requested' },
  CustomerErased: { keyDestroyedAt: '2026-01-05T09:00:00.000Z' },
  CustomerErasureCertified: {
    streams: 3,
    events: 21,
    texts: 17,
    digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  CustomersMerged: {
    customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
    survivor: '3c2b6a4b-4f9a-561d-899c-d7a87d737e0e',
    reason: 'same person',
  },
  CustomersUnmerged: {
    customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
    survivor: '3c2b6a4b-4f9a-561d-899c-d7a87d737e0e',
    reason: 'two people',
  },
  RetentionRuleSet: { category: 'printing', days: 1_095 },
  RetentionRuleWithdrawn: { category: 'printing' },
  StaffRegistered: { handle: 'alice', name: 'Alice', team: '2f008182-6e66-5669-8cd5-53eece2478b0' },
  StaffJoinedTeam: { team: '2f008182-6e66-5669-8cd5-53eece2478b0', from: '9d2d54c1-6f9c-5a39-8c21-6f7d7b1c7f0a' },
  StaffRostered: {
    ...{ revision: 2, from: '2026-01-05T09:00:00.000Z', team: '2f008182-6e66-5669-8cd5-53eece2478b0' },
    ...{ skills: ['printers'], calendar: 'business-hours', capacity: 10 },
  },
  StaffPresenceChanged: { presence: 'available' },
  StaffCapacityReserved: { reserved: [{ number: 'CSR-7K3-M9Q-XA4', revision: 3, weight: 2 }] },
  StaffRetired: {},
  StaffReinstated: {},
  TeamRetired: {},
  TeamReinstated: {},
  TeamRenamed: { name: 'Service desk' },
  TeamDistributionChanged: {
    ...{ revision: 1, from: '2026-01-05T09:00:00.000Z', strategy: 'round-robin' },
    weights: { P1: 4, P2: 2, P3: 1, P4: 1, P5: 1 },
  },
  TeamRegistered: { handle: 'support', name: 'Support' },
  ProjectionRebuilt: {
    rebuild: '8b1c4d2e-7f3a-4c5b-9d6e-0f1a2b3c4d5e',
    version: 1,
    build: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    startedBy: 'casefold rebuild',
    rows: 7457,
    events: 31250,
    differing: 1,
    samples: ['CSR-7K3-M9Q-XA4'],
    quarantined: 0,
  },
  CalendarDrafted: { id: 'office', body: calendar },
  CalendarActivated: { id: 'office', ...activation, body: calendar },
  PolicyDrafted: { id: 'gold', rank: 10, body: policy },
  PolicyActivated: { id: 'gold', rank: 10, ...activation, body: policy },
  PolicyRetired: { id: 'gold', from: '2026-06-01T00:00:00.000Z' },
  RuleSaved: {
    id: 'close-quiet',
    revision: 2,
    when: { on: 'quiet', status: 'resolved', seconds: 1_209_600, calendar: 'always' },
    conditions: [{ field: 'priority', in: ['P4', 'P5'], not: false }],
    then: { verb: 'note', body: { text: 'Quiet for two weeks' } },
  },
  RuleEnabled: { id: 'close-quiet' },
  RuleDisabled: { id: 'close-quiet' },
  RuleFired: {
    rule: 'close-quiet@2',
    number: 'CSR-7K3-M9Q-XA4',
    verb: 'close',
    cause: '8b1c4d2e-7f3a-4c5b-9d6e-0f1a2b3c4d5e',
    events: ['RequestClosed'],
    code: 'REQUEST_NOT_RESOLVED',
  },
  BulkStarted: {
    by: opener,
    role: 'agent',
    verb: 'note',
    words: '{"text":"Seen before"}',
    numbers: ['CSR-7K3-M9Q-XA4'],
    filter: {
      status: ['open'],
      priority: ['P1'],
      team: '2f008182-6e66-5669-8cd5-53eece2478b0',
      assignee: owner,
      type: 'incident',
      category: 'printing',
      product: 'LaserJet 4',
      customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
    },
  },
  BulkItemsDone: {
    items: [{ number: 'CSR-7K3-M9Q-XA4', outcome: 'refused', code: 'REQUEST_NOT_OPEN', revision: 3 }],
    upTo: 1,
  },
  BulkCompleted: {},
  BulkCancelled: { by: opener },
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
  CaseTypeDefined: {
    ...defined,
    body: {
      name: 'Incident',
      statusNames: { open: 'Open', held: 'Waiting', resolved: 'Solved', closed: 'Closed', cancelled: 'Withdrawn' },
      fields: { serial: 'required' },
    },
  },
  CaseTypeRetired: retired,
  FieldDefined: { ...defined, body: { name: 'Language', kind: 'choice', choices: { de: 'German' } } },
  FieldRetired: retired,
  CategoryDefined: { ...defined, body: { name: 'Printing', parent: 'hardware' } },
  CategoryRetired: retired,
  ProductDefined: { ...defined, body: { name: 'LaserJet 4' } },
  ProductRetired: retired,
  ResolutionCodeDefined: { ...defined, body: { name: 'Fixed' } },
  ResolutionCodeRetired: retired,
  PriorityMatrixDefined: {
    ...{ revision: 2, from: '2026-01-05T09:00:00.000Z' },
    body: { matrix: { low: priorities, medium: priorities, high: priorities } },
  },
  RoutingRulesDefined: {
    ...{ revision: 2, from: '2026-01-05T09:00:00.000Z' },
    body: {
      rules: [
        {
          id: 'printers',
          when: {
            ...{ types: ['incident'], categories: ['printing'], products: ['LaserJet 4'], priorities: ['P1'] },
            ...{ impacts: ['high'], languages: ['de'], segments: ['gold'] },
          },
          team: '2f008182-6e66-5669-8cd5-53eece2478b0',
          skills: ['printers'],
        },
      ],
    },
  },
};

/** What else an event may look like whose data has one of several shapes. */
export const otherShapes: Readonly<Record<string, readonly object[]>> = {
  RuleSaved: [{ when: { on: 'event', types: ['RequestResolved'] } }],
  MessageReceived: [
    { route: { to: 'new-case', followUpOf: 'CSR-7K3-M9Q-XA4', related: 'CSR-7K3-M9Q-XA4' } },
    { route: { to: 'nobody', sign: 'auto-submitted' } },
  ],
};

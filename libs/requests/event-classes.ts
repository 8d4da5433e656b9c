import { asIs, EventType } from '../eventing/event-types';
import { Field } from '../eventing/search/terms';
import { CorrectedValues, RequestEventType } from './events';

export type TextField = 'subject' | 'description' | 'contact' | 'text' | 'resolution' | 'reason' | 'name';

/** What holds of all events of one type, in one place. */
export interface RequestEventClass extends EventType {
  /** Which of its values a later event may put right. `occurredAt` may be corrected everywhere. */
  readonly correctable?: readonly (keyof CorrectedValues)[];
  /** Whether customers see it in the history of their own case: what was said and done towards them. Staff see all. */
  readonly forCustomers?: true;
  /**
   * Which of its texts are found, by weight: A the subject, B how the customer named themselves, C what was said to and
   * by them, D what the staff say among themselves, in which customers do not look.
   */
  readonly searched?: Readonly<Partial<Record<TextField, Field>>>;
}

const parties = ['from', 'to/*'].flatMap((party) => [`/exchange/${party}/name`, `/exchange/${party}/address`]);
const personalExchange = [...parties, '/exchange/messageId', '/exchange/inReplyTo'];
const plainExchange = ['/exchange/channel', '/exchange/direction'];

const classification = ['/type', '/category', '/product', '/impact', '/urgency', '/priority'];

export const requestEventTypes: Readonly<Record<RequestEventType, RequestEventClass>> = {
  RequestOpened: {
    schema: 2,
    personal: [
      ...['/subject', '/description', '/contact/name', '/contact/email', '/contact/phone'],
      ...personalExchange,
    ],
    plain: ['/number', '/team', '/customer', '/followUpOf', ...classification, ...plainExchange],
    upcasters: { 1: asIs },
    correctable: ['subject', 'description', 'type', 'category', 'product', 'impact', 'urgency', 'team'],
    forCustomers: true,
    searched: { subject: 'A', description: 'C', contact: 'B' },
  },
  RequestClassified: {
    schema: 1,
    personal: [],
    plain: classification,
    correctable: ['type', 'category', 'product', 'impact', 'urgency'],
    forCustomers: true,
  },
  RequestAssigned: {
    schema: 1,
    personal: [],
    plain: ['/team', '/assignee', '/from/team', '/from/assignee'],
    correctable: ['team', 'assignee'],
  },
  RequestFieldsFilled: {
    schema: 1,
    personal: ['/fields/*/text'],
    plain: ['number', 'date', 'choice'].map((kind) => `/fields/*/${kind}`),
    forCustomers: true,
  },
  RequestRouted: { schema: 1, personal: [], plain: ['/team', '/rule', '/matched', '/skills/*'] },
  RequestDistributed: {
    schema: 1,
    personal: [],
    plain: ['/team', '/assignee', '/strategy', '/considered/*/staff', '/considered/*/verdict'],
  },
  RequestEscalated: {
    schema: 1,
    personal: ['/reason'],
    plain: ['/from', '/to'],
    correctable: ['to'],
    searched: { reason: 'D' },
  },
  RequestHeld: {
    schema: 1,
    personal: ['/reason'],
    plain: ['/waitingFor', '/until'],
    correctable: ['waitingFor'],
    forCustomers: true,
    searched: { reason: 'D' },
  },
  RequestResumed: { schema: 1, personal: [], plain: ['/waitedFor'], forCustomers: true },
  RequestResponded: {
    schema: 3,
    personal: ['/text', ...personalExchange],
    plain: ['/by', '/template/id', ...plainExchange],
    upcasters: { 1: asIs, 2: asIs },
    correctable: ['text'],
    forCustomers: true,
    searched: { text: 'C' },
  },
  RequestMessageDelivered: { schema: 1, personal: [], plain: [] },
  RequestMessageFailed: { schema: 1, personal: ['/detail'], plain: ['/reason'] },
  RequestNoted: {
    schema: 2,
    personal: ['/text', ...personalExchange],
    plain: plainExchange,
    upcasters: { 1: asIs },
    correctable: ['text'],
    searched: { text: 'D' },
  },
  // What of the files is the customer's to see stands in the conversation, and is no matter of the event alone.
  RequestFileAttached: {
    schema: 1,
    personal: ['/name'],
    plain: ['/mediaType', '/content/sha256', '/content/person', '/content/valueKey', '/scan/verdict', '/scan/by'],
    searched: { name: 'D' },
  },
  RequestFeedbackGiven: { schema: 1, personal: ['/text'], plain: [], forCustomers: true, searched: { text: 'C' } },
  RequestResolved: {
    schema: 1,
    personal: ['/resolution'],
    plain: ['/code'],
    correctable: ['code', 'resolution'],
    forCustomers: true,
    searched: { resolution: 'C' },
  },
  RequestClosed: { schema: 1, personal: [], plain: [], forCustomers: true },
  RequestReopened: { schema: 1, personal: ['/reason'], plain: [], forCustomers: true, searched: { reason: 'C' } },
  RequestCancelled: { schema: 1, personal: ['/reason'], plain: [], forCustomers: true, searched: { reason: 'C' } },
  // For customers only where the event that it corrects is; its values stand in for those of that event in the search.
  RequestCorrected: {
    schema: 1,
    personal: ['/reason', '/values/subject', '/values/description', '/values/text', '/values/resolution'],
    plain: [
      ...classification.map((pointer) => `/values${pointer}`),
      ...['team', 'assignee', 'to', 'waitingFor', 'code', 'occurredAt'].map((name) => `/values/${name}`),
    ],
    forCustomers: true,
    searched: { reason: 'D' },
  },
  RequestTextRedacted: { schema: 1, personal: ['/reason'], plain: ['/pointer'] },
  RequestLinked: { schema: 1, personal: [], plain: ['/relation', '/number'] },
  RequestUnlinked: { schema: 1, personal: [], plain: ['/relation', '/number'] },
  RequestMerged: { schema: 1, personal: ['/reason'], plain: ['/into'], forCustomers: true, searched: { reason: 'D' } },
  RequestUnmerged: {
    schema: 1,
    personal: ['/reason'],
    plain: ['/from'],
    forCustomers: true,
    searched: { reason: 'D' },
  },
  RequestAbsorbed: {
    schema: 1,
    personal: [],
    plain: ['/number', '/members/*/number', ...['metric', 'from', 'to'].map((name) => `/members/*/waits/*/${name}`)],
  },
  RequestSeparated: { schema: 1, personal: [], plain: ['/number', '/members/*'] },
  RequestSplitOff: { schema: 1, personal: [], plain: ['/into'], forCustomers: true },
  RequestSplitFrom: { schema: 1, personal: [], plain: ['/number'], forCustomers: true },
  RequestMessageCopied: {
    schema: 1,
    personal: ['/text'],
    plain: ['/number', '/by', '/author', '/writtenAt'],
    correctable: ['text'],
    forCustomers: true,
    searched: { text: 'C' },
  },
  RequestResolutionShared: { schema: 1, personal: [], plain: [] },
  RequestResolvedWith: { schema: 1, personal: [], plain: ['/number'] },
  RequestActivityRecorded: { schema: 1, personal: [], plain: ['/activity'] },
  ServiceLevelWarned: { schema: 1, personal: [], plain: ['/metric', '/dueAt'] },
  ServiceLevelBreached: { schema: 1, personal: [], plain: ['/metric', '/dueAt'] },
  ServiceLevelOverdue: { schema: 1, personal: [], plain: ['/metric', '/dueAt'] },
  ServiceLevelTermsCorrected: { schema: 1, personal: [], plain: ['/wrong', '/corrected', '/by'] },
  ServiceLevelBreachRetracted: { schema: 1, personal: [], plain: ['/metric', '/dueAt', '/because'] },
  ServiceLevelNotified: {
    schema: 1,
    personal: [],
    plain: ['/metric', '/cause', '/audience', '/team', '/assignee'],
  },
};

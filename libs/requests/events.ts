import { ScanVerdict } from '../attachments/scanner';
import { DeliveryFailure } from '../channels/delivery';
import { asIs, EventOf } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';
import { carries } from './event-class';
import {
  Assignment,
  Candidate,
  Classification,
  ContactDetails,
  CorrectedValues,
  Exchange,
  FieldValues,
  FileContent,
} from './event-values';
import { caseRelationEventTypes } from './relation-events';
import { caseServiceLevelEventTypes } from './service-level-events';
import { Awaited, Level } from './vocabulary';

/** Every event of a case. Names and versions stay for ever; people, teams and customers are ids, never names. */
export const requestCategory = 'request';

const parties = ['from', 'to/*'].flatMap((party) => [`/exchange/${party}/name`, `/exchange/${party}/address`]);
const personalExchange = [...parties, '/exchange/messageId', '/exchange/inReplyTo'];
const plainExchange = ['/exchange/channel', '/exchange/direction'];

const classification = ['/type', '/category', '/product', '/impact', '/urgency', '/priority'];

export const requestEventTypes = {
  RequestOpened: carries<
    Classification & {
      readonly number: string;
      readonly subject: PersonalText;
      readonly description: PersonalText;
      readonly team: string | null;
      readonly customer: string;
      /** Present when the customer was described rather than named by id; also what a new customer is registered from. */
      readonly contact?: ContactDetails | undefined;
      /** The source had no opening: this is its first sign of the case. */
      readonly incomplete?: boolean | undefined;
      readonly exchange?: Exchange | undefined;
      /** Number of the case that was over when the customer wrote about it again. */
      readonly followUpOf?: string | undefined;
    }
  >({
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
  }),
  RequestClassified: carries<Partial<Classification>>({
    schema: 1,
    personal: [],
    plain: classification,
    correctable: ['type', 'category', 'product', 'impact', 'urgency'],
    forCustomers: true,
  }),
  RequestAssigned: carries<Assignment & { readonly from: Assignment | null }>({
    schema: 1,
    personal: [],
    plain: ['/team', '/assignee', '/from/team', '/from/assignee'],
    correctable: ['team', 'assignee'],
  }),
  /** What the custom fields of its type say from now on; those that are not named stay. */
  RequestFieldsFilled: carries<{ readonly fields: FieldValues }>({
    schema: 1,
    personal: ['/fields/*/text'],
    plain: ['number', 'date', 'choice'].map((kind) => `/fields/*/${kind}`),
    forCustomers: true,
  }),
  /** A rule chose the team. Whether that changed anything says the assignment that follows, or none. */
  RequestRouted: carries<{
    readonly team: string;
    /** Revision of the rules, and the rule. */
    readonly rules: number;
    readonly rule: string;
    /** By what of the request: `type=incident priority=P1`. */
    readonly matched: string;
    readonly skills: readonly string[];
  }>({ schema: 1, personal: [], plain: ['/team', '/rule', '/matched', '/skills/*'] }),
  /** Of the team's people this one was chosen, and why not the others. The assignment follows. */
  RequestDistributed: carries<{
    readonly team: string;
    readonly assignee: string;
    readonly strategy: 'round-robin' | 'least-loaded';
    /** Counts the distributions of the team. */
    readonly turn: number;
    readonly weight: number;
    readonly considered: readonly Candidate[];
    /** How many more were considered than are named. */
    readonly others: number;
  }>({
    schema: 1,
    personal: [],
    plain: ['/team', '/assignee', '/strategy', '/considered/*/staff', '/considered/*/verdict'],
  }),
  RequestEscalated: carries<{ readonly from: Level; readonly to: Level; readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/from', '/to'],
    correctable: ['to'],
    searched: { reason: 'D' },
  }),
  RequestHeld: carries<{ readonly reason: PersonalText; readonly waitingFor: Awaited; readonly until: string | null }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/waitingFor', '/until'],
    correctable: ['waitingFor'],
    forCustomers: true,
    searched: { reason: 'D' },
  }),
  RequestResumed: carries<{ readonly waitedFor: Awaited }>({
    schema: 1,
    personal: [],
    plain: ['/waitedFor'],
    forCustomers: true,
  }),
  RequestResponded: carries<{
    readonly text: PersonalText;
    readonly by: 'staff' | 'customer';
    readonly exchange?: Exchange | undefined;
    /** What the text was made from. */
    readonly template?: { readonly id: string; readonly revision: number } | undefined;
    /** Revision of its writer's draft whose words these are. */
    readonly draft?: number | undefined;
  }>({
    schema: 3,
    personal: ['/text', ...personalExchange],
    plain: ['/by', '/template/id', ...plainExchange],
    upcasters: { 1: asIs, 2: asIs },
    correctable: ['text'],
    forCustomers: true,
    searched: { text: 'C' },
  }),
  /** Whoever carries messages has carried the one at revision `about`. */
  RequestMessageDelivered: carries<{ readonly about: number }>({ schema: 1, personal: [], plain: [] }),
  /** It was tried in vain; final: it is not tried again. */
  RequestMessageFailed: carries<{
    readonly about: number;
    readonly reason: DeliveryFailure;
    readonly isFinal: boolean;
    /** What the other end said. */
    readonly detail?: PersonalText | undefined;
  }>({ schema: 1, personal: ['/detail'], plain: ['/reason'] }),
  RequestNoted: carries<{ readonly text: PersonalText; readonly exchange?: Exchange | undefined }>({
    schema: 2,
    personal: ['/text', ...personalExchange],
    plain: plainExchange,
    upcasters: { 1: asIs },
    correctable: ['text'],
    searched: { text: 'D' },
  }),
  /** A file was added. Customers see what they added, and what a message to or from them carries. */
  // What of the files is the customer's to see stands in the conversation, and is no matter of the event alone.
  RequestFileAttached: carries<{
    readonly name: PersonalText;
    /** What the bytes look like, whatever was claimed. */
    readonly mediaType: string;
    readonly content: FileContent;
    /** By which scanner; `none` when there is none. A refused file is kept and never given out. */
    readonly scan: { readonly verdict: ScanVerdict; readonly by: string };
    /** Revision of the event with whose message it came; null when it came by itself. */
    readonly about: number | null;
  }>({
    schema: 1,
    personal: ['/name'],
    plain: ['/mediaType', '/content/sha256', '/content/person', '/content/valueKey', '/scan/verdict', '/scan/by'],
    searched: { name: 'D' },
  }),
  /** The customer's word on how a resolution served them. Of several on one resolution the last counts. */
  RequestFeedbackGiven: carries<{
    /** 1 to 5, 5 is best. */
    readonly rating: number;
    readonly text?: PersonalText | undefined;
    /** Revision of the `RequestResolved` that it is about. */
    readonly about: number;
  }>({ schema: 1, personal: ['/text'], plain: [], forCustomers: true, searched: { text: 'C' } }),
  RequestResolved: carries<{ readonly code: string; readonly resolution: PersonalText }>({
    schema: 1,
    personal: ['/resolution'],
    plain: ['/code'],
    correctable: ['code', 'resolution'],
    forCustomers: true,
    searched: { resolution: 'C' },
  }),
  RequestClosed: carries<Record<never, never>>({ schema: 1, personal: [], plain: [], forCustomers: true }),
  RequestReopened: carries<{ readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: [],
    forCustomers: true,
    searched: { reason: 'C' },
  }),
  RequestCancelled: carries<{ readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: [],
    forCustomers: true,
    searched: { reason: 'C' },
  }),
  /** An earlier fact was wrong: `values` stand in for those of the event at revision `corrects`. */
  // For customers only where the event that it corrects is; its values stand in for those of that event in the search.
  RequestCorrected: carries<{
    readonly corrects: number;
    readonly reason: PersonalText;
    readonly values: CorrectedValues;
  }>({
    schema: 1,
    personal: ['/reason', '/values/subject', '/values/description', '/values/text', '/values/resolution'],
    plain: [
      ...classification.map((pointer) => `/values${pointer}`),
      ...['team', 'assignee', 'to', 'waitingFor', 'code', 'occurredAt'].map((name) => `/values/${name}`),
    ],
    forCustomers: true,
    searched: { reason: 'D' },
  }),
  /** The key of one text was destroyed: nobody can read it any more. */
  RequestTextRedacted: carries<{ readonly redacts: number; readonly pointer: string; readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/pointer'],
  }),
  /** A step of an imported log that changes nothing here but belongs to the history. */
  RequestActivityRecorded: carries<{ readonly activity: string }>({ schema: 1, personal: [], plain: ['/activity'] }),
  ...caseRelationEventTypes,
  ...caseServiceLevelEventTypes,
};

export type RequestEventType = keyof typeof requestEventTypes;
export type RequestEventOf<T extends RequestEventType> = EventOf<typeof requestEventTypes, T>;
export type RequestEvent = RequestEventOf<RequestEventType>;

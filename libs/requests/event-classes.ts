import { EventType } from '../eventing/event-types';
import { RequestEventType } from './events';

/** What is personal in the events of a case, and what is not; see `EventType`. */
const parties = ['from', 'to/*'].flatMap((party) => [`/exchange/${party}/name`, `/exchange/${party}/address`]);
const personalExchange = [...parties, '/exchange/messageId', '/exchange/inReplyTo'];
const plainExchange = ['/exchange/channel', '/exchange/direction'];
/** What came in version 2 may be left out, so that version 1 is as good. */
const asBefore = { 1: (data: object): object => data };

const classification = ['/type', '/category', '/product', '/impact', '/urgency', '/priority'];

export const requestEventTypes: Readonly<Record<RequestEventType, EventType>> = {
  RequestOpened: {
    schema: 2,
    personal: [
      ...['/subject', '/description', '/contact/name', '/contact/email', '/contact/phone'],
      ...personalExchange,
    ],
    plain: ['/number', '/team', '/customer', '/followUpOf', ...classification, ...plainExchange],
    upcasters: asBefore,
  },
  RequestClassified: { schema: 1, personal: [], plain: classification },
  RequestAssigned: { schema: 1, personal: [], plain: ['/team', '/assignee', '/from/team', '/from/assignee'] },
  RequestFieldsFilled: {
    schema: 1,
    personal: ['/fields/*/text'],
    plain: ['number', 'date', 'choice'].map((kind) => `/fields/*/${kind}`),
  },
  RequestRouted: { schema: 1, personal: [], plain: ['/team', '/rule', '/matched', '/skills/*'] },
  RequestDistributed: {
    schema: 1,
    personal: [],
    plain: ['/team', '/assignee', '/strategy', '/considered/*/staff', '/considered/*/verdict'],
  },
  RequestEscalated: { schema: 1, personal: ['/reason'], plain: ['/from', '/to'] },
  RequestHeld: { schema: 1, personal: ['/reason'], plain: ['/waitingFor', '/until'] },
  RequestResumed: { schema: 1, personal: [], plain: ['/waitedFor'] },
  RequestResponded: {
    schema: 2,
    personal: ['/text', ...personalExchange],
    plain: ['/by', '/template/id', ...plainExchange],
    upcasters: asBefore,
  },
  RequestNoted: { schema: 2, personal: ['/text', ...personalExchange], plain: plainExchange, upcasters: asBefore },
  RequestFileAttached: {
    schema: 1,
    personal: ['/name'],
    plain: ['/mediaType', '/content/sha256', '/content/person', '/content/valueKey', '/scan/verdict', '/scan/by'],
  },
  RequestFeedbackGiven: { schema: 1, personal: ['/text'], plain: [] },
  RequestResolved: { schema: 1, personal: ['/resolution'], plain: ['/code'] },
  RequestClosed: { schema: 1, personal: [], plain: [] },
  RequestReopened: { schema: 1, personal: ['/reason'], plain: [] },
  RequestCancelled: { schema: 1, personal: ['/reason'], plain: [] },
  RequestCorrected: {
    schema: 1,
    personal: ['/reason', '/values/subject', '/values/description', '/values/text', '/values/resolution'],
    plain: [
      ...classification.map((pointer) => `/values${pointer}`),
      ...['team', 'assignee', 'to', 'waitingFor', 'code', 'occurredAt'].map((name) => `/values/${name}`),
    ],
  },
  RequestTextRedacted: { schema: 1, personal: ['/reason'], plain: ['/pointer'] },
  RequestLinked: { schema: 1, personal: [], plain: ['/relation', '/number'] },
  RequestUnlinked: { schema: 1, personal: [], plain: ['/relation', '/number'] },
  RequestMerged: { schema: 1, personal: ['/reason'], plain: ['/into'] },
  RequestUnmerged: { schema: 1, personal: ['/reason'], plain: ['/from'] },
  RequestAbsorbed: {
    schema: 1,
    personal: [],
    plain: ['/number', '/members/*/number', ...['metric', 'from', 'to'].map((name) => `/members/*/waits/*/${name}`)],
  },
  RequestSeparated: { schema: 1, personal: [], plain: ['/number', '/members/*'] },
  RequestSplitOff: { schema: 1, personal: [], plain: ['/into'] },
  RequestSplitFrom: { schema: 1, personal: [], plain: ['/number'] },
  RequestMessageCopied: { schema: 1, personal: ['/text'], plain: ['/number', '/by', '/author', '/writtenAt'] },
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

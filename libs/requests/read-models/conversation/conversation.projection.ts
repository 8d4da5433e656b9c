import { Sending } from '../../../channels/delivery';
import { Recorded } from '../../../eventing/event';
import { PersonalText } from '../../../eventing/sealed';
import { Exchange, FileContent, Worked } from '../../event-values';
import { RequestEvent, RequestEventOf } from '../../events';
import { reported, sendingOf } from '../../sending';
import { caseProjection } from '../case-projection';
import { isPublic, kindOf } from './exchange';

/** What stands around the words of a case: its files, the time that was worked, feedback. The words stay in the events. */
export interface ConversationRow {
  readonly customer: string;
  readonly files: readonly FileRow[];
  /** By id of the member of staff. */
  readonly worked: Readonly<Record<string, Worked>>;
  readonly feedback: readonly FeedbackRow[];
  /** Messages that somebody has to carry to the customer. */
  readonly sent: readonly SentRow[];
  /** Revisions of the messages that the customer sees. */
  readonly publicMessages: readonly number[];
}

export interface FileRow {
  /** Revision of its event, by which it is named within the case. */
  readonly revision: number;
  readonly name: PersonalText;
  readonly mediaType: string;
  readonly content: FileContent;
  readonly scan: RequestEventOf<'RequestFileAttached'>['data']['scan'];
  readonly about: number | null;
  readonly isPublic: boolean;
  readonly isRedacted: boolean;
}

export interface SentRow extends Sending {
  readonly revision: number;
  /** When it was written. */
  readonly since: string;
}

export interface FeedbackRow {
  readonly revision: number;
  readonly rating: number;
  readonly text: PersonalText | null;
  readonly about: number;
  readonly at: string;
}

const nothingSaid: ConversationRow = {
  ...{ customer: '', files: [], worked: {}, feedback: [], sent: [], publicMessages: [] },
};

export const plus = (one: Worked | undefined, other: Worked): Worked => ({
  talkSeconds: (one?.talkSeconds ?? 0) + other.talkSeconds,
  holdSeconds: (one?.holdSeconds ?? 0) + other.holdSeconds,
  wrapUpSeconds: (one?.wrapUpSeconds ?? 0) + other.wrapUpSeconds,
});

/** The time is that of who wrote it down. */
const withExchange = (
  row: ConversationRow,
  { attachments = [], worked }: Exchange,
  actor: string,
  isForCustomer: boolean,
): ConversationRow => ({
  ...row,
  worked: worked ? { ...row.worked, [actor]: plus(row.worked[actor], worked) } : row.worked,
  // What staff send the customer is the customer's from then on.
  files: isForCustomer
    ? row.files.map((file) => (attachments.includes(file.revision) ? { ...file, isPublic: true } : file))
    : row.files,
});

const withFile = (row: ConversationRow, event: Recorded<RequestEventOf<'RequestFileAttached'>>): ConversationRow => {
  const { revision, data, metadata } = event;
  const isSeen = metadata.actor === row.customer || (data.about !== null && row.publicMessages.includes(data.about));
  return { ...row, files: [...row.files, { revision, ...data, isPublic: isSeen, isRedacted: false }] };
};

/** Of several on one resolution the last counts. */
const withFeedback = (
  row: ConversationRow,
  event: Recorded<RequestEventOf<'RequestFeedbackGiven'>>,
): ConversationRow => {
  const { revision, data, metadata } = event;
  const { rating, text = null, about } = data;
  const others = row.feedback.filter((each) => each.about !== about);
  return { ...row, feedback: [...others, { revision, rating, text, about, at: metadata.occurredAt }] };
};

/** A message whose words were redacted while it waited is not to be sent any more. */
const withoutRedacted = (
  { sent }: ConversationRow,
  { data: { redacts, pointer } }: Recorded<RequestEventOf<'RequestTextRedacted'>>,
): readonly SentRow[] =>
  pointer === '/text' ? sent.filter(({ revision, status }) => revision !== redacts || status !== 'waiting') : sent;

const withSending = (row: ConversationRow, event: Recorded<RequestEvent>): ConversationRow => {
  const sending = sendingOf(event);
  if (!sending) return row;
  const { revision, metadata } = event;
  return { ...row, sent: [...row.sent, { revision, since: metadata.occurredAt, ...sending }] };
};

const withMessage = (row: ConversationRow, event: Recorded<RequestEvent>): ConversationRow => {
  if (kindOf(event.type) === undefined) return row;
  const isSeen = isPublic(event, row.customer);
  const seen = isSeen ? { ...row, publicMessages: [...row.publicMessages, event.revision] } : row;
  const exchange = 'exchange' in event.data ? event.data.exchange : undefined;
  return exchange
    ? withExchange(seen, exchange, event.metadata.actor, isSeen && event.metadata.actor !== row.customer)
    : seen;
};

export const evolveConversation = (before: ConversationRow, event: Recorded<RequestEvent>): ConversationRow | null => {
  if (event.type === 'RequestOpened') return withMessage({ ...nothingSaid, customer: event.data.customer }, event);
  if (before.customer === '') return null;
  switch (event.type) {
    case 'RequestFileAttached':
      return withFile(before, event);
    case 'RequestFeedbackGiven':
      return withFeedback(before, event);
    case 'RequestTextRedacted': {
      const { redacts, pointer } = event.data;
      const isMeant = ({ revision }: FileRow): boolean => revision === redacts && pointer === '/content';
      const files = before.files.map((file) => (isMeant(file) ? { ...file, isRedacted: true } : file));
      return { ...before, files, sent: withoutRedacted(before, event) };
    }
    case 'RequestMessageDelivered':
    case 'RequestMessageFailed': {
      const { about } = event.data;
      return {
        ...before,
        sent: before.sent.map((each) => (each.revision === about ? { ...each, ...reported(each, event) } : each)),
      };
    }
    default:
      return withSending(withMessage(before, event), event);
  }
};

export const conversationProjection = caseProjection<ConversationRow>({
  name: 'conversation',
  version: 2,
  initial: () => nothingSaid,
  evolve: evolveConversation,
  columns: {
    customer: { type: 'text', of: ({ customer }) => customer },
    // A case without anything to be carried stands last, and is not looked at.
    waiting_since: {
      type: 'timestamptz',
      of: ({ sent }) => sent.find(({ status }) => status === 'waiting')?.since ?? 'infinity',
    },
    file_count: { type: 'integer', of: ({ files }) => files.length },
  },
  indexes: ['customer, key', 'waiting_since, key'],
});

import { Recorded } from '../../../eventing/event';
import { PersonalText } from '../../../eventing/sealed';
import { Exchange } from '../../event-values';
import { RequestEvent, RequestEventType } from '../../events';

/** Which events of a case are words that somebody said, and to whom. */
export const exchangeKinds = [
  ...(['opening', 'response', 'note', 'resolution', 'hold', 'reopening', 'cancellation'] as const),
  ...(['feedback', 'file'] as const),
] as const;
export type ExchangeKind = (typeof exchangeKinds)[number];

/** `own`: customers see it when it was they who did it. */
type Audience = 'everybody' | 'own' | 'staff';

interface Saying {
  readonly kind: ExchangeKind;
  readonly audience: Audience;
}

/** Why staff moved a case is their own matter, as in the history; a customer's own words are the customer's. */
const sayings: Readonly<Partial<Record<RequestEventType, Saying>>> = {
  RequestOpened: { kind: 'opening', audience: 'everybody' },
  RequestResponded: { kind: 'response', audience: 'everybody' },
  RequestMessageCopied: { kind: 'response', audience: 'everybody' },
  RequestNoted: { kind: 'note', audience: 'staff' },
  RequestResolved: { kind: 'resolution', audience: 'everybody' },
  RequestHeld: { kind: 'hold', audience: 'staff' },
  RequestReopened: { kind: 'reopening', audience: 'own' },
  RequestCancelled: { kind: 'cancellation', audience: 'own' },
  RequestFeedbackGiven: { kind: 'feedback', audience: 'everybody' },
  RequestFileAttached: { kind: 'file', audience: 'own' },
};

const typesFor = (...audiences: readonly Audience[]): readonly string[] =>
  Object.entries(sayings)
    .filter(([, { audience }]) => audiences.includes(audience))
    .map(([type]) => type);

export const saidTypes = typesFor('everybody', 'own', 'staff');
export const saidToEverybody = typesFor('everybody');
export const saidByThemselves = typesFor('own');

export const kindOf = (type: RequestEventType): ExchangeKind | undefined => sayings[type]?.kind;

export const isPublic = ({ type, metadata }: Recorded<RequestEvent>, customer: string): boolean => {
  const audience = sayings[type]?.audience;
  return audience === 'everybody' || (audience === 'own' && metadata.actor === customer);
};

/** What was said, by whom and how. */
export interface Utterance {
  readonly revision: number;
  readonly kind: ExchangeKind;
  readonly isPublic: boolean;
  /** Id of who wrote it down. */
  readonly actor: string;
  readonly isByCustomer: boolean;
  /** When it happened; RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly subject: PersonalText | null;
  /** null where nothing was said in words. */
  readonly text: PersonalText | null;
  readonly rating: number | null;
  readonly exchange: Exchange | null;
}

const textOf = (event: Recorded<RequestEvent>): PersonalText | null => {
  switch (event.type) {
    case 'RequestOpened':
      return event.data.description;
    case 'RequestResponded':
    case 'RequestMessageCopied':
    case 'RequestNoted':
      return event.data.text;
    case 'RequestResolved':
      return event.data.resolution;
    case 'RequestHeld':
    case 'RequestReopened':
    case 'RequestCancelled':
      return event.data.reason;
    case 'RequestFeedbackGiven':
      return event.data.text ?? null;
    default:
      return null;
  }
};

/** @returns nothing for an event that says nothing to anybody */
export const utterancesIn = (event: Recorded<RequestEvent>, customer: string): readonly Utterance[] => {
  const { type, data, revision, metadata } = event;
  const kind = kindOf(type);
  if (!kind) return [];
  // What was copied keeps who wrote it, and when.
  const { author: actor, writtenAt: at } =
    type === 'RequestMessageCopied' ? data : { author: metadata.actor, writtenAt: metadata.occurredAt };
  return [
    {
      ...{ revision, kind, isPublic: isPublic(event, customer), actor, at },
      isByCustomer: actor === customer || ('by' in data && data.by === 'customer'),
      subject: 'subject' in data ? data.subject : null,
      text: textOf(event) ?? null,
      rating: 'rating' in data ? data.rating : null,
      exchange: ('exchange' in data ? data.exchange : null) ?? null,
    },
  ];
};

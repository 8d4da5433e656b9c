import { AddressedChannel } from '../channels/channels';
import { carries, EventOf, EventType } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';
import { ConsentStatus, CustomerKind, ExportFormat, LawfulBasis } from './vocabulary';

/** The customer: a stream each, begun by hand or by the first request of somebody new. */
export const customerCategory = 'customer';

export const erasureGrounds = ['requested', 'retention', 'unlawful'] as const;
export type ErasureGround = (typeof erasureGrounds)[number];

/** Why processing is restricted, as Art. 18 (1) GDPR has it, from a to d. */
export const restrictionGrounds = ['accuracy-contested', 'unlawful', 'legal-claims', 'objection'] as const;
export type RestrictionGround = (typeof restrictionGrounds)[number];

/** Customers had a word of their own for letters. */
const letterForPost = (data: object): object =>
  'channel' in data && data.channel === 'post' ? { ...data, channel: 'letter' } : data;

const plain = (...pointers: readonly string[]): EventType => ({ schema: 1, personal: [], plain: pointers });

export const customerEventTypes = {
  CustomerRegistered: carries<{
    readonly kind: CustomerKind;
    /** Null when the first request came without it. */
    readonly name: PersonalText | null;
    /** These two become the first contact points, under the ids `email` and `phone`. */
    readonly email?: PersonalText | undefined;
    readonly phone?: PersonalText | undefined;
    /** Number of the request that they came with; null when they were registered by themselves. */
    readonly request: string | null;
  }>({
    schema: 2,
    personal: ['/name', '/email', '/phone'],
    plain: ['/kind', '/request'],
    upcasters: { 1: (data) => ({ ...data, kind: 'person' }) },
  }),
  /** Which kind of customer they are, as policies ask; null takes it away. */
  CustomerSegmented: carries<{ readonly segment: string | null }>(plain('/segment')),
  CustomerContactPointAdded: carries<{
    readonly contactPoint: string;
    readonly channel: AddressedChannel;
    readonly address: PersonalText;
  }>({
    schema: 2,
    personal: ['/address'],
    plain: ['/contactPoint', '/channel'],
    upcasters: { 1: letterForPost },
  }),
  CustomerContactPointRemoved: carries<{ readonly contactPoint: string }>(plain('/contactPoint')),
  /** Of the contact points of its channel, this one is to be used. */
  CustomerContactPointPreferred: carries<{ readonly contactPoint: string }>(plain('/contactPoint')),
  /** In which language (BCP 47) and on which channel they want to be spoken to; null: they have not said. */
  CustomerPreferencesStated: carries<{ readonly language: string | null; readonly channel: AddressedChannel | null }>({
    ...plain('/language', '/channel'),
    schema: 2,
    upcasters: { 1: letterForPost },
  }),
  /** It happened at the instant in the metadata, as the other two on consent. */
  CustomerConsentGiven: carries<{ readonly purpose: string; readonly basis: LawfulBasis }>(plain('/purpose', '/basis')),
  CustomerConsentWithdrawn: carries<{ readonly purpose: string }>(plain('/purpose')),
  /** What was recorded about this purpose was wrong; this is how it was. */
  CustomerConsentRectified: carries<{
    readonly purpose: string;
    readonly status: ConsentStatus;
    readonly basis: LawfulBasis;
    /** RFC 3339, UTC, milliseconds. */
    readonly since: string;
    readonly reason: PersonalText;
  }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/purpose', '/status', '/basis', '/since'],
  }),
  /** What was recorded was wrong. The old text stays sealed in its event and is shown to nobody by the record. */
  CustomerNameRectified: carries<{ readonly name: PersonalText; readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/name', '/reason'],
    plain: [],
  }),
  CustomerContactPointRectified: carries<{
    readonly contactPoint: string;
    readonly address: PersonalText;
    readonly reason: PersonalText;
  }>({ schema: 1, personal: ['/address', '/reason'], plain: ['/contactPoint'] }),
  CustomerContractAgreed: carries<{
    readonly reference: string;
    readonly level: string;
    /** RFC 3339, UTC, milliseconds; it holds from the first to before the second. Null: without an end. */
    readonly from: string;
    readonly until: string | null;
  }>(plain('/reference', '/level', '/from', '/until')),
  CustomerContractEnded: carries<{ readonly reference: string }>(plain('/reference')),
  CustomerJoinedOrganisation: carries<{ readonly organisation: string; readonly title: string | null }>(
    plain('/organisation', '/title'),
  ),
  CustomerLeftOrganisation: carries<{ readonly organisation: string }>(plain('/organisation')),
  /** Whose record stands for this one since a merge; null: its own again. The authority is the stream of merges. */
  CustomerSurvivorNamed: carries<{ readonly survivor: string | null }>(plain('/survivor')),
  /** For the sake of this matter nothing may be erased. */
  CustomerLegalHoldPlaced: carries<{ readonly matter: string; readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/matter'],
  }),
  CustomerLegalHoldReleased: carries<{ readonly matter: string }>(plain('/matter')),
  /** What is held about them is kept, and used for no more than they ask for. */
  CustomerProcessingRestricted: carries<{ readonly ground: RestrictionGround; readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/ground'],
  }),
  CustomerRestrictionLifted: carries<{ readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: [],
  }),
  /** Somebody was given all that concerns this customer: that many events of that many streams. */
  CustomerExported: carries<{ readonly format: ExportFormat; readonly streams: number; readonly events: number }>(
    plain('/format'),
  ),
  CustomerErasureRequested: carries<{ readonly ground: ErasureGround }>(plain('/ground')),
  /** The key is destroyed: nothing about this person can be read any more, in any stream. */
  CustomerErased: carries<{ readonly keyDestroyedAt: string }>(plain('/keyDestroyedAt')),
  /** What the certificate of the erasure says, and its SHA-256, so that whoever holds one can have it checked for ever. */
  CustomerErasureCertified: carries<{
    readonly streams: number;
    readonly events: number;
    readonly texts: number;
    readonly digest: string;
  }>(plain('/digest')),
};

export type CustomerEventType = keyof typeof customerEventTypes;
export type CustomerEventOf<T extends CustomerEventType> = EventOf<typeof customerEventTypes, T>;
export type CustomerEvent = CustomerEventOf<CustomerEventType>;

/** Which customers are one and the same: a single stream, so that of two merges at once the second knows the first. */
export const identityCategory = 'identity';

export const identityEventTypes = {
  CustomersMerged: carries<{ readonly customer: string; readonly survivor: string; readonly reason: string }>(
    plain('/customer', '/survivor', '/reason'),
  ),
  CustomersUnmerged: carries<{ readonly customer: string; readonly survivor: string; readonly reason: string }>(
    plain('/customer', '/survivor', '/reason'),
  ),
};

export type IdentityEvent = EventOf<typeof identityEventTypes>;

/** How long customers are kept after their last case has ended: a single stream. */
export const retentionCategory = 'retention';

export const retentionEventTypes = {
  /** Of cases of this category; null: of every other category. */
  RetentionRuleSet: carries<{ readonly category: string | null; readonly days: number }>(plain('/category')),
  RetentionRuleWithdrawn: carries<{ readonly category: string | null }>(plain('/category')),
};

export type RetentionEvent = EventOf<typeof retentionEventTypes>;

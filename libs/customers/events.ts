import { AddressedChannel } from '../channels/channels';
import { EventType } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';
import { ConsentStatus, CustomerKind, ExportFormat, LawfulBasis } from './vocabulary';

/** The customer: a stream each, begun by hand or by the first request of somebody new. */
export const customerCategory = 'customer';

export const erasureGrounds = ['requested', 'retention', 'unlawful'] as const;
export type ErasureGround = (typeof erasureGrounds)[number];

/** Why processing is restricted, as Art. 18 (1) GDPR has it, from a to d. */
export const restrictionGrounds = ['accuracy-contested', 'unlawful', 'legal-claims', 'objection'] as const;
export type RestrictionGround = (typeof restrictionGrounds)[number];

interface Data {
  CustomerRegistered: {
    readonly kind: CustomerKind;
    /** Null when the first request came without it. */
    readonly name: PersonalText | null;
    /** These two become the first contact points, under the ids `email` and `phone`. */
    readonly email?: PersonalText | undefined;
    readonly phone?: PersonalText | undefined;
    /** Number of the request that they came with; null when they were registered by themselves. */
    readonly request: string | null;
  };
  /** Which kind of customer they are, as policies ask; null takes it away. */
  CustomerSegmented: { readonly segment: string | null };
  CustomerContactPointAdded: {
    readonly contactPoint: string;
    readonly channel: AddressedChannel;
    readonly address: PersonalText;
  };
  CustomerContactPointRemoved: { readonly contactPoint: string };
  /** Of the contact points of its channel, this one is to be used. */
  CustomerContactPointPreferred: { readonly contactPoint: string };
  /** In which language (BCP 47) and on which channel they want to be spoken to; null: they have not said. */
  CustomerPreferencesStated: { readonly language: string | null; readonly channel: AddressedChannel | null };
  /** It happened at the instant in the metadata, as the other two on consent. */
  CustomerConsentGiven: { readonly purpose: string; readonly basis: LawfulBasis };
  CustomerConsentWithdrawn: { readonly purpose: string };
  /** What was recorded about this purpose was wrong; this is how it was. */
  CustomerConsentRectified: {
    readonly purpose: string;
    readonly status: ConsentStatus;
    readonly basis: LawfulBasis;
    /** RFC 3339, UTC, milliseconds. */
    readonly since: string;
    readonly reason: PersonalText;
  };
  /** What was recorded was wrong. The old text stays sealed in its event and is shown to nobody by the record. */
  CustomerNameRectified: { readonly name: PersonalText; readonly reason: PersonalText };
  CustomerContactPointRectified: {
    readonly contactPoint: string;
    readonly address: PersonalText;
    readonly reason: PersonalText;
  };
  CustomerContractAgreed: {
    readonly reference: string;
    readonly level: string;
    /** RFC 3339, UTC, milliseconds; it holds from the first to before the second. Null: without an end. */
    readonly from: string;
    readonly until: string | null;
  };
  CustomerContractEnded: { readonly reference: string };
  CustomerJoinedOrganisation: { readonly organisation: string; readonly title: string | null };
  CustomerLeftOrganisation: { readonly organisation: string };
  /** Whose record stands for this one since a merge; null: its own again. The authority is the stream of merges. */
  CustomerSurvivorNamed: { readonly survivor: string | null };
  /** For the sake of this matter nothing may be erased. */
  CustomerLegalHoldPlaced: { readonly matter: string; readonly reason: PersonalText };
  CustomerLegalHoldReleased: { readonly matter: string };
  /** What is held about them is kept, and used for no more than they ask for. */
  CustomerProcessingRestricted: { readonly ground: RestrictionGround; readonly reason: PersonalText };
  CustomerRestrictionLifted: { readonly reason: PersonalText };
  /** Somebody was given all that concerns this customer: that many events of that many streams. */
  CustomerExported: { readonly format: ExportFormat; readonly streams: number; readonly events: number };
  CustomerErasureRequested: { readonly ground: ErasureGround };
  /** The key is destroyed: nothing about this person can be read any more, in any stream. */
  CustomerErased: { readonly keyDestroyedAt: string };
  /** What the certificate of the erasure says, and its SHA-256, so that whoever holds one can have it checked for ever. */
  CustomerErasureCertified: {
    readonly streams: number;
    readonly events: number;
    readonly texts: number;
    readonly digest: string;
  };
}

export type CustomerEventType = keyof Data;
export type CustomerEventOf<T extends CustomerEventType> = {
  readonly [K in T]: { readonly type: K; readonly data: Data[K] };
}[T];
export type CustomerEvent = CustomerEventOf<CustomerEventType>;

/** Customers had a word of their own for letters. */
const letterForPost = (data: object): object =>
  'channel' in data && data.channel === 'post' ? { ...data, channel: 'letter' } : data;

const plain = (...pointers: readonly string[]): EventType => ({ schema: 1, personal: [], plain: pointers });

export const customerEventTypes: Readonly<Record<CustomerEventType, EventType>> = {
  CustomerRegistered: {
    schema: 2,
    personal: ['/name', '/email', '/phone'],
    plain: ['/kind', '/request'],
    upcasters: { 1: (data) => ({ ...data, kind: 'person' }) },
  },
  CustomerSegmented: plain('/segment'),
  CustomerContactPointAdded: {
    schema: 2,
    personal: ['/address'],
    plain: ['/contactPoint', '/channel'],
    upcasters: { 1: letterForPost },
  },
  CustomerContactPointRemoved: plain('/contactPoint'),
  CustomerContactPointPreferred: plain('/contactPoint'),
  CustomerPreferencesStated: { ...plain('/language', '/channel'), schema: 2, upcasters: { 1: letterForPost } },
  CustomerConsentGiven: plain('/purpose', '/basis'),
  CustomerConsentWithdrawn: plain('/purpose'),
  CustomerConsentRectified: {
    schema: 1,
    personal: ['/reason'],
    plain: ['/purpose', '/status', '/basis', '/since'],
  },
  CustomerNameRectified: { schema: 1, personal: ['/name', '/reason'], plain: [] },
  CustomerContactPointRectified: { schema: 1, personal: ['/address', '/reason'], plain: ['/contactPoint'] },
  CustomerContractAgreed: plain('/reference', '/level', '/from', '/until'),
  CustomerContractEnded: plain('/reference'),
  CustomerJoinedOrganisation: plain('/organisation', '/title'),
  CustomerLeftOrganisation: plain('/organisation'),
  CustomerSurvivorNamed: plain('/survivor'),
  CustomerLegalHoldPlaced: { schema: 1, personal: ['/reason'], plain: ['/matter'] },
  CustomerLegalHoldReleased: plain('/matter'),
  CustomerProcessingRestricted: { schema: 1, personal: ['/reason'], plain: ['/ground'] },
  CustomerRestrictionLifted: { schema: 1, personal: ['/reason'], plain: [] },
  CustomerExported: plain('/format'),
  CustomerErasureRequested: plain('/ground'),
  CustomerErased: plain('/keyDestroyedAt'),
  CustomerErasureCertified: plain('/digest'),
};

/** Which customers are one and the same: a single stream, so that of two merges at once the second knows the first. */
export const identityCategory = 'identity';

export type IdentityEvent =
  | {
      readonly type: 'CustomersMerged';
      readonly data: { readonly customer: string; readonly survivor: string; readonly reason: string };
    }
  | {
      readonly type: 'CustomersUnmerged';
      readonly data: { readonly customer: string; readonly survivor: string; readonly reason: string };
    };

export const identityEventTypes: Readonly<Record<IdentityEvent['type'], EventType>> = {
  CustomersMerged: plain('/customer', '/survivor', '/reason'),
  CustomersUnmerged: plain('/customer', '/survivor', '/reason'),
};

/** How long customers are kept after their last case has ended: a single stream. */
export const retentionCategory = 'retention';

export type RetentionEvent =
  /** Of cases of this category; null: of every other category. */
  | {
      readonly type: 'RetentionRuleSet';
      readonly data: { readonly category: string | null; readonly days: number };
    }
  | { readonly type: 'RetentionRuleWithdrawn'; readonly data: { readonly category: string | null } };

export const retentionEventTypes: Readonly<Record<RetentionEvent['type'], EventType>> = {
  RetentionRuleSet: plain('/category'),
  RetentionRuleWithdrawn: plain('/category'),
};

import { AddressedChannel } from '../channels/channels';
import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { PersonalText } from '../eventing/sealed';
import { customerCategory, CustomerEvent, CustomerEventOf, ErasureGround, RestrictionGround } from './events';
import { ConsentStatus, CustomerKind, LawfulBasis } from './vocabulary';

export interface ContactPoint {
  readonly id: string;
  readonly channel: AddressedChannel;
  readonly address: PersonalText;
  /** The one to use of its channel. */
  readonly isPreferred: boolean;
  readonly isRectified: boolean;
  readonly since: string;
}

export interface Consent {
  readonly purpose: string;
  readonly status: ConsentStatus;
  readonly basis: LawfulBasis;
  readonly since: string;
  readonly isRectified: boolean;
}

export interface Contract {
  readonly reference: string;
  readonly level: string;
  readonly from: string;
  readonly until: string | null;
}

export interface ErasureFacts {
  readonly ground: ErasureGround;
  readonly requestedAt: string;
  readonly keyDestroyedAt: string | null;
  /** SHA-256 of the certificate, once it stands in the log. */
  readonly digest: string | null;
}

export interface Restriction {
  readonly ground: RestrictionGround;
  readonly since: string;
}

/** What is known of a customer. Instants are RFC 3339, UTC, milliseconds. */
export interface CustomerRecord {
  readonly status: 'active' | 'being-erased' | 'erased';
  readonly kind: CustomerKind;
  readonly name: PersonalText | null;
  readonly isNameRectified: boolean;
  readonly contactPoints: readonly ContactPoint[];
  readonly language: string | null;
  readonly channel: AddressedChannel | null;
  readonly consents: readonly Consent[];
  readonly segment: string | null;
  readonly contract: Contract | null;
  readonly organisation: string | null;
  /** What they are in that organisation. */
  readonly title: string | null;
  readonly survivor: string | null;
  /** Matters for whose sake nothing may be erased. */
  readonly holds: readonly string[];
  /** What is held about them is kept, and used for no more than they ask for. */
  readonly restriction: Restriction | null;
  /** Number of the request that they came with. */
  readonly request: string | null;
  readonly registeredAt: string;
  readonly erasure: ErasureFacts | null;
}

export type Customer = { readonly status: 'unknown' } | CustomerRecord;

const pointAt = (id: string, channel: AddressedChannel, address: PersonalText, since: string): ContactPoint => ({
  ...{ id, channel, address, since, isPreferred: false, isRectified: false },
});

const registered = ({ data, metadata }: Recorded<CustomerEventOf<'CustomerRegistered'>>): CustomerRecord => {
  const { kind, name, email, phone, request } = data;
  const since = metadata.occurredAt;
  return {
    ...{ status: 'active', kind, name, isNameRectified: false, language: null, channel: null, consents: [] },
    contactPoints: [
      ...(email === undefined ? [] : [pointAt('email', 'email', email, since)]),
      ...(phone === undefined ? [] : [pointAt('phone', 'phone', phone, since)]),
    ],
    ...{ segment: null, contract: null, organisation: null, title: null, survivor: null, holds: [], request },
    restriction: null,
    ...{ registeredAt: since, erasure: null },
  };
};

const withConsent = (record: CustomerRecord, consent: Consent): CustomerRecord => ({
  ...record,
  consents: [...record.consents.filter(({ purpose }) => purpose !== consent.purpose), consent],
});

const withPoints = (
  record: CustomerRecord,
  change: (point: ContactPoint, index: number) => ContactPoint,
): CustomerRecord => ({ ...record, contactPoints: record.contactPoints.map(change) });

const preferred = (record: CustomerRecord, id: string): CustomerRecord => {
  const channel = record.contactPoints.find((point) => point.id === id)?.channel;
  return withPoints(record, (point) =>
    point.channel === channel ? { ...point, isPreferred: point.id === id } : point,
  );
};

const withdrawn = (record: CustomerRecord, purpose: string, since: string): CustomerRecord => {
  const basis = record.consents.find((consent) => consent.purpose === purpose)?.basis ?? 'consent';
  return withConsent(record, { purpose, status: 'withdrawn', basis, since, isRectified: false });
};

/** Folds one event into a customer; total. The same fold makes the record that is read. */
export const evolveCustomer = (before: Customer, event: Recorded<CustomerEvent>): Customer => {
  if (event.type === 'CustomerRegistered') return registered(event);
  if (before.status === 'unknown') return before;
  const record: CustomerRecord = before;
  const at = event.metadata.occurredAt;
  switch (event.type) {
    case 'CustomerSegmented':
      return { ...record, segment: event.data.segment };
    case 'CustomerContactPointAdded': {
      const { contactPoint, channel, address } = event.data;
      return { ...record, contactPoints: [...record.contactPoints, pointAt(contactPoint, channel, address, at)] };
    }
    case 'CustomerContactPointRemoved': {
      const { contactPoint } = event.data;
      return { ...record, contactPoints: record.contactPoints.filter(({ id }) => id !== contactPoint) };
    }
    case 'CustomerContactPointPreferred':
      return preferred(record, event.data.contactPoint);
    case 'CustomerContactPointRectified': {
      const { contactPoint, address } = event.data;
      return withPoints(record, (point) =>
        point.id === contactPoint ? { ...point, address, isRectified: true } : point,
      );
    }
    case 'CustomerPreferencesStated':
      return { ...record, language: event.data.language, channel: event.data.channel };
    case 'CustomerConsentGiven': {
      const { purpose, basis } = event.data;
      return withConsent(record, { purpose, status: 'given', basis, since: at, isRectified: false });
    }
    case 'CustomerConsentWithdrawn':
      return withdrawn(record, event.data.purpose, at);
    case 'CustomerConsentRectified': {
      const { purpose, status, basis, since } = event.data;
      return withConsent(record, { purpose, status, basis, since, isRectified: true });
    }
    case 'CustomerNameRectified':
      return { ...record, name: event.data.name, isNameRectified: true };
    case 'CustomerContractAgreed': {
      const { reference, level, from, until } = event.data;
      return { ...record, contract: { reference, level, from, until } };
    }
    case 'CustomerContractEnded':
      return { ...record, contract: null };
    case 'CustomerJoinedOrganisation':
      return { ...record, organisation: event.data.organisation, title: event.data.title };
    case 'CustomerLeftOrganisation':
      return { ...record, organisation: null, title: null };
    case 'CustomerSurvivorNamed':
      return { ...record, survivor: event.data.survivor };
    case 'CustomerLegalHoldPlaced':
      return { ...record, holds: [...record.holds, event.data.matter] };
    case 'CustomerLegalHoldReleased':
      return { ...record, holds: record.holds.filter((matter) => matter !== event.data.matter) };
    case 'CustomerProcessingRestricted':
      return { ...record, restriction: { ground: event.data.ground, since: at } };
    case 'CustomerRestrictionLifted':
      return { ...record, restriction: null };
    case 'CustomerExported':
      return record;
    case 'CustomerErasureRequested': {
      const erasure = { ground: event.data.ground, requestedAt: at, keyDestroyedAt: null, digest: null };
      return { ...record, status: 'being-erased', erasure };
    }
    case 'CustomerErased':
      return {
        ...record,
        status: 'erased',
        erasure: record.erasure && { ...record.erasure, keyDestroyedAt: event.data.keyDestroyedAt },
      };
    case 'CustomerErasureCertified':
      return { ...record, erasure: record.erasure && { ...record.erasure, digest: event.data.digest } };
  }
};

export const customerEvolution = (id: string): Evolution<Customer, CustomerEvent> => ({
  category: customerCategory,
  initialState: { status: 'unknown' },
  evolve: evolveCustomer,
  ownerOf: () => id,
});

/** The record of a customer who may be worked on. @throws Rejection CUSTOMER_NOT_FOUND, CUSTOMER_ERASED */
export const activeRecord = (state: Customer): CustomerRecord => {
  if (state.status === 'unknown') throw new Rejection('CUSTOMER_NOT_FOUND', 'no customer is known under this id');
  if (state.status !== 'active') throw new Rejection('CUSTOMER_ERASED', 'this customer was erased');
  return state;
};

export interface RegisterCustomer {
  readonly kind: CustomerKind;
  readonly name: string | null;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly request: string | null;
}

/** Makes a customer known. Known or erased already: nothing happens. */
export const registerCustomer = (command: RegisterCustomer, state: Customer): CustomerEvent[] =>
  state.status === 'unknown' ? [{ type: 'CustomerRegistered', data: { ...command } }] : [];

/** Asks for a person to be erased. It cannot be taken back: the key is destroyed as soon as this stands in the log. */
export const requestErasure = ({ ground }: { readonly ground: ErasureGround }, state: Customer): CustomerEvent[] => {
  if (state.status === 'unknown') throw new Rejection('CUSTOMER_NOT_FOUND', 'no customer is known under this id');
  if (state.status !== 'active') return [];
  if (state.holds.length) throw onLegalHold(state.holds);
  if (ground === 'retention' && state.restriction)
    throw new Rejection(
      'PROCESSING_RESTRICTED',
      'whose processing is restricted is not erased for the time that has passed',
    );
  return [{ type: 'CustomerErasureRequested', data: { ground } }];
};

export const onLegalHold = (matters: readonly string[]): Rejection =>
  new Rejection('CUSTOMER_ON_LEGAL_HOLD', `nothing may be erased for the sake of ${matters.join(', ')}`);

/** Records that the key is gone. */
export const completeErasure = (
  { keyDestroyedAt }: { readonly keyDestroyedAt: string },
  state: Customer,
): CustomerEvent[] => (state.status === 'being-erased' ? [{ type: 'CustomerErased', data: { keyDestroyedAt } }] : []);

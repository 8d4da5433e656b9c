import { DomainEvent, Recorded } from '../../../eventing/event';
import { SearchIndex } from '../../../eventing/search/search-index';
import { SearchDocument, SearchText } from '../../../eventing/search/terms';
import { PersonalText } from '../../../eventing/sealed';
import { customerCategory, CustomerEvent, CustomerEventType } from '../../../customers/events';

/** What customers are found by: how they are called and can be reached, by their own record as it stands. Their cases are found with them. */
interface Standing {
  readonly name: PersonalText | null;
  /** Addresses by the id of their contact point. */
  readonly addresses: ReadonlyMap<string, PersonalText>;
}

const nobody: Standing = { name: null, addresses: new Map() };

const withAddress = (row: Standing, contactPoint: string, address: PersonalText | undefined): Standing => {
  const addresses = new Map(row.addresses);
  if (address === undefined) addresses.delete(contactPoint);
  else addresses.set(contactPoint, address);
  return { ...row, addresses };
};

const types = [
  'CustomerRegistered',
  'CustomerNameRectified',
  'CustomerContactPointAdded',
  'CustomerContactPointRectified',
  'CustomerContactPointRemoved',
] as const satisfies readonly CustomerEventType[];

const evolve = (row: Standing, { type, data }: Recorded<CustomerEvent>): Standing => {
  switch (type) {
    case 'CustomerRegistered': {
      const named = { name: data.name, addresses: new Map() };
      return withAddress(withAddress(named, 'email', data.email), 'phone', data.phone);
    }
    case 'CustomerNameRectified':
      return { ...row, name: data.name };
    case 'CustomerContactPointAdded':
    case 'CustomerContactPointRectified':
      return withAddress(row, data.contactPoint, data.address);
    case 'CustomerContactPointRemoved':
      return withAddress(row, data.contactPoint, undefined);
    default:
      return row;
  }
};

const documentOf = (key: string, events: readonly Recorded<CustomerEvent>[]): SearchDocument | null => {
  const { name, addresses } = events.reduce(evolve, nobody);
  const texts: readonly SearchText[] = [
    ...(name === null ? [] : [{ field: 'A' as const, text: name, kind: 'typed' as const }]),
    // What is no telephone number has no digits to be found by.
    ...[...addresses.values()].map((text) => ({ field: 'B' as const, text, kind: 'phone' as const })),
  ];
  return texts.length ? { owner: key, labels: [], texts, columns: {} } : null;
};

export const customerIndex: SearchIndex = {
  name: 'customer-text',
  version: 1,
  category: customerCategory,
  types,
  // The category's streams hold its events and no others.
  documentOf: (key, events: readonly Recorded<DomainEvent>[]) =>
    documentOf(key, events as readonly Recorded<CustomerEvent>[]),
  columns: {},
  indexes: [],
  forgetting: { category: customerCategory, types: ['CustomerErasureRequested', 'CustomerErased'] },
};

import { DomainEvent, Recorded } from '../../../eventing/event';
import { SearchIndex } from '../../../eventing/search/search-index';
import { Field, SearchDocument, SearchText } from '../../../eventing/search/terms';
import { PersonalText } from '../../../eventing/sealed';
import { correctRequest } from '../../corrections';
import { TextField } from '../../event-class';
import { ContactDetails } from '../../event-values';
import { requestCategory, RequestEvent, RequestEventType, requestEventTypes } from '../../events';

/** Fields of which customers, too, may know. */
export const publicFields: readonly Field[] = ['A', 'B', 'C'];

const without: readonly RequestEventType[] = [
  ...(['RequestAssigned', 'RequestRouted', 'RequestDistributed', 'RequestResumed', 'RequestActivityRecorded'] as const),
  ...(['ServiceLevelWarned', 'ServiceLevelBreached', 'ServiceLevelOverdue'] as const),
  ...(['ServiceLevelTermsCorrected', 'ServiceLevelBreachRetracted', 'ServiceLevelNotified'] as const),
];

const contactTexts = (contact: ContactDetails | undefined, field: Field): readonly SearchText[] => {
  const { name, email, phone } = contact ?? {};
  return [
    ...(name === undefined ? [] : [{ field, text: name, kind: 'typed' as const }]),
    ...(email === undefined ? [] : [{ field, text: email, kind: 'read' as const }]),
    ...(phone === undefined ? [] : [{ field, text: phone, kind: 'phone' as const }]),
  ];
};

const textsOf = ({ type, data }: Recorded<RequestEvent>): readonly SearchText[] =>
  (Object.entries(requestEventTypes[type].searched ?? {}) as [TextField, Field][]).flatMap(
    ([name, field]): readonly SearchText[] => {
      const value = (data as Partial<Record<TextField, PersonalText | ContactDetails>>)[name];
      if (value === undefined) return [];
      if (typeof value === 'object' && 'name' in value) return contactTexts(value, field);
      return [{ field, text: value, kind: name === 'subject' ? 'typed' : 'read' }];
    },
  );

/** Where the texts stood that nobody may read any more, whether or not their keys are gone already. */
const redactedPlaces = (events: readonly Recorded<RequestEvent>[]): ReadonlySet<string> => {
  const ids = new Map(events.map(({ revision, id }) => [revision, id]));
  return new Set(
    events.flatMap((event) =>
      event.type === 'RequestTextRedacted' ? [`${ids.get(event.data.redacts) ?? ''}${event.data.pointer}`] : [],
    ),
  );
};

const isIn = (places: ReadonlySet<string>, { text }: SearchText): boolean =>
  typeof text !== 'string' && places.has(text.at);

interface Standing {
  readonly customer: string;
  readonly type: string;
  readonly category: string | null;
  readonly product: string | null;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
}

const evolve = (row: Standing | null, event: Recorded<RequestEvent>): Standing | null => {
  if (event.type === 'RequestOpened') {
    const { customer, type, category, product } = event.data;
    return { customer, type, category, product, openedAt: event.metadata.occurredAt, resolvedAt: null };
  }
  if (!row) return null;
  if (event.type === 'RequestClassified') {
    const { type = row.type, category = row.category, product = row.product } = event.data;
    return { ...row, type, category, product };
  }
  if (event.type === 'RequestResolved') return { ...row, resolvedAt: event.metadata.occurredAt };
  return event.type === 'RequestReopened' ? { ...row, resolvedAt: null } : row;
};

export type LabelName = 'type' | 'category' | 'product' | 'customer';
export const labelOf = (name: LabelName, value: string): string => `${name}:${value}`;

const labelsOf = (row: Standing): readonly string[] =>
  (['type', 'category', 'product', 'customer'] as const).flatMap((name) => {
    const value = row[name];
    return value === null ? [] : [labelOf(name, value)];
  });

/** What can be found of a case: its texts as they stand after corrections, without those that were redacted. */
const documentOf = (_key: string, events: readonly Recorded<RequestEvent>[]): SearchDocument | null => {
  const corrected = correctRequest(events);
  const row = corrected.reduce(evolve, null);
  if (!row) return null;
  const redacted = redactedPlaces(events);
  return {
    owner: row.customer,
    labels: labelsOf(row),
    texts: corrected.flatMap(textsOf).filter((text) => !isIn(redacted, text)),
    columns: { opened_at: row.openedAt, resolved_at: row.resolvedAt },
  };
};

export const requestIndex: SearchIndex = {
  name: 'request-text',
  version: 1,
  category: requestCategory,
  types: (Object.keys(requestEventTypes) as RequestEventType[]).filter((type) => !without.includes(type)),
  // The category's streams hold its events and no others.
  documentOf: (key, events: readonly Recorded<DomainEvent>[]) =>
    documentOf(key, events as readonly Recorded<RequestEvent>[]),
  columns: { opened_at: 'timestamptz', resolved_at: 'timestamptz' },
  indexes: ['opened_at, key'],
  forgetting: { category: 'customer', types: ['CustomerErasureRequested', 'CustomerErased'] },
};

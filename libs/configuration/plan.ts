import { sameJson } from '../eventing/same-json';
import { Fault, fault, step } from '../service-levels/fault';
import { bodyAt, Configuration, entryOf, inForce, matrixAt, nextRevision, routingAt, Standing } from './configuration';
import { CatalogueBodies, CatalogueKind, catalogueKinds, kinds, Kind, RoutingBody } from './definitions';
import { ConfigurationDocument } from './document';
import { ConfigurationEvent, ConfigurationEventType } from './events';

/** One difference between what holds and what a document wants. */
export interface Change {
  readonly kind: Kind;
  /** Null for what there is one of. */
  readonly id: string | null;
  /** Null: it is not there, or retired. */
  readonly before: object | null;
  readonly after: object | null;
}

/** What is in force at an instant, as a document that says it all: applying it changes nothing. */
export const documentAt = (standing: Standing): Required<ConfigurationDocument> => ({
  types: inForce(standing, 'types'),
  fields: inForce(standing, 'fields'),
  categories: inForce(standing, 'categories'),
  products: inForce(standing, 'products'),
  codes: inForce(standing, 'codes'),
  priorities: matrixAt(standing),
  routing: routingAt(standing).body,
});

/** Everything that is to change, section by section and id by id. */
export const planOf = (standing: Standing, document: ConfigurationDocument): readonly Change[] => {
  const present = documentAt(standing);
  return kinds.flatMap((kind): readonly Change[] => {
    const [before, after]: readonly [object, object | undefined] = [present[kind], document[kind]];
    if (after === undefined) return [];
    if (kind === 'priorities' || kind === 'routing')
      return sameJson(before, after) ? [] : [{ kind, id: null, before, after }];
    return changesOf(kind, before, after);
  });
};

type Entries = Readonly<Record<string, object>>;

const changesOf = (kind: Kind, before: object, after: object): readonly Change[] => {
  const [was, becomes] = [new Map(Object.entries(before as Entries)), new Map(Object.entries(after as Entries))];
  return [...new Set([...was.keys(), ...becomes.keys()])].sort().flatMap((id) => {
    const [one, other] = [was.get(id) ?? null, becomes.get(id) ?? null];
    return sameJson(one, other) ? [] : [{ kind, id, before: one, after: other }];
  });
};

const eventNames: Readonly<Record<CatalogueKind, readonly [ConfigurationEventType, ConfigurationEventType]>> = {
  types: ['CaseTypeDefined', 'CaseTypeRetired'],
  fields: ['FieldDefined', 'FieldRetired'],
  categories: ['CategoryDefined', 'CategoryRetired'],
  products: ['ProductDefined', 'ProductRetired'],
  codes: ['ResolutionCodeDefined', 'ResolutionCodeRetired'],
};

/** The events that make the changes, from an instant on. @param from RFC 3339, UTC, milliseconds */
export const eventsOf = (
  { catalogues, priorities, routing }: Configuration,
  changes: readonly Change[],
  from: string,
): readonly ConfigurationEvent[] =>
  changes.map(({ kind, id, after }) => {
    const event = ((): { readonly type: ConfigurationEventType; readonly data: object } => {
      if (kind === 'priorities')
        return {
          type: 'PriorityMatrixDefined',
          data: { revision: nextRevision(priorities), from, body: { matrix: after } },
        };
      if (kind === 'routing')
        return { type: 'RoutingRulesDefined', data: { revision: nextRevision(routing), from, body: after } };
      const [defined, retired] = eventNames[kind];
      if (after === null) return { type: retired, data: { id, from } };
      const revision = nextRevision(entryOf<unknown>(catalogues[kind], id ?? '')?.revisions);
      return { type: defined, data: { id, revision, from, body: after } };
    })();
    // The change came from a document of this very shape.
    return event as ConfigurationEvent;
  });

type Named = Readonly<Record<string, object>>;

/** What a document says that does not fit together, with what stays as it is. */
export const planFaults = (standing: Standing, document: ConfigurationDocument): readonly Fault[] => {
  const becomes = { ...documentAt(standing), ...document };
  return [
    ...Object.entries(becomes.types).flatMap(([type, { fields }]) => missingFields(type, fields, becomes.fields)),
    ...Object.entries(becomes.categories).flatMap(([id, body]) => parentFaults(id, body, becomes.categories)),
    ...Object.entries(document.fields ?? {}).flatMap(([id, body]) => kindFaults(standing, id, body)),
    ...ruleFaults(
      becomes.routing,
      becomes,
      catalogueKinds.filter((kind) => document[kind] ?? isClosed(standing, kind)),
    ),
  ];
};

const isClosed = ({ configuration }: Standing, kind: CatalogueKind): boolean => configuration.catalogues[kind].isClosed;

const missingFields = (type: string, wanted: Named | object, fields: Named): readonly Fault[] =>
  Object.keys(wanted)
    .filter((id) => !Object.hasOwn(fields, id))
    .map((id) => fault(`/types${step(type)}/fields${step(id)}`, 'UNKNOWN_FIELD', 'is no field that is configured'));

const parentFaults = (
  id: string,
  { parent }: CatalogueBodies['categories'],
  all: Readonly<Record<string, CatalogueBodies['categories']>>,
): readonly Fault[] => {
  const seen = new Set([id]);
  for (let above = parent; above !== null; above = all[above]?.parent ?? null) {
    const wrong = !Object.hasOwn(all, above)
      ? 'is no category that is configured'
      : seen.has(above)
        ? 'is below it'
        : '';
    if (wrong) return [fault(`/categories${step(id)}/parent`, 'UNKNOWN_PARENT', wrong)];
    seen.add(above);
  }
  return [];
};

/** Values of the past were read by this kind. */
const kindFaults = ({ configuration }: Standing, id: string, { kind }: CatalogueBodies['fields']): readonly Fault[] => {
  const known = bodyAt(entryOf(configuration.catalogues.fields, id), Number.POSITIVE_INFINITY);
  return known && known.kind !== kind
    ? [fault(`/fields${step(id)}/kind`, 'KIND_CHANGED', `is ${known.kind} for ever; take another id`)]
    : [];
};

/** A rule that asks for what nothing may be never matches. @param checked catalogues that are closed, or will be */
const ruleFaults = (
  { rules }: RoutingBody,
  becomes: Required<ConfigurationDocument>,
  checked: readonly CatalogueKind[],
): readonly Fault[] =>
  (['types', 'categories', 'products'] as const)
    .filter((kind) => checked.includes(kind))
    .flatMap((kind) =>
      rules.flatMap(({ when }, place) =>
        (when[kind] ?? []).flatMap((word, index) =>
          Object.hasOwn(becomes[kind], word)
            ? []
            : [fault(`/routing/rules/${place}/when/${kind}/${index}`, 'UNKNOWN_WORD', 'is not configured')],
        ),
      ),
    );

const text = (value: unknown): string => JSON.stringify(value);

const parts = (before: object, after: object): readonly string[] => {
  const [was, becomes] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...was.keys(), ...becomes.keys()])]
    .filter((name) => text(was.get(name)) !== text(becomes.get(name)))
    .map((name) => `${name}: ${text(was.get(name))} → ${text(becomes.get(name))}`);
};

/** The plan in sentences that people check: `+` comes, `~` changes, `-` is retired. */
export const planLines = ({ configuration }: Standing, changes: readonly Change[]): readonly string[] => [
  ...changes.flatMap(({ kind, id, before, after }) => {
    const what = id === null ? kind : `${kind} ${id}`;
    if (!before) return [`+ ${what}: ${text(after)}`];
    if (!after) return [`- ${what}`];
    return parts(before, after).map((part) => `~ ${what} ${part}`);
  }),
  ...catalogueKinds
    .filter((kind) => !configuration.catalogues[kind].isClosed && changes.some((change) => change.kind === kind))
    .map((kind) => `! ${kind}: until now every word was taken; from now on only those that are listed`),
];

import { Evolution } from '../eventing/decider';
import { always, Held, heldAt } from '../eventing/effective';
import { Recorded } from '../eventing/event';
import { ownMember } from '../eventing/own-member';
import {
  Bodies,
  CatalogueBodies,
  CatalogueKind,
  catalogueKinds,
  NamedStatus,
  PriorityMatrix,
  Revision,
  RoutingBody,
} from './definitions';
import { configurationCategory, ConfigurationEvent, Defined, Retired } from './events';
import { seededMatrix, seeds } from './seeds';

export interface Entry<Body> {
  readonly revisions: readonly Held<Revision<Body>>[];
  readonly retiredFrom: number | null;
}

export interface Catalogue<Body> {
  readonly entries: Readonly<Record<string, Entry<Body>>>;
  /** Something was configured here: what is not in it may not be named. Until then every word is taken. */
  readonly isClosed: boolean;
}

/** Everything that is configured, as its events make it. */
export interface Configuration {
  readonly catalogues: { readonly [K in CatalogueKind]: Catalogue<CatalogueBodies[K]> };
  readonly priorities: readonly Held<Revision<Bodies['priorities']>>[];
  readonly routing: readonly Held<Revision<RoutingBody>>[];
}

const begun = <Body>(bodies: Readonly<Record<string, Body>>): Catalogue<Body> => ({
  entries: Object.fromEntries(
    Object.entries(bodies).map(([id, body]) => [
      id,
      { revisions: [always({ revision: 1, body })], retiredFrom: null } satisfies Entry<Body>,
    ]),
  ),
  isClosed: false,
});

export const initialConfiguration: Configuration = {
  catalogues: {
    types: begun(seeds.types),
    fields: begun(seeds.fields),
    categories: begun(seeds.categories),
    products: begun(seeds.products),
    codes: begun(seeds.codes),
  },
  priorities: [always({ revision: 1, body: { matrix: seededMatrix } })],
  routing: [always({ revision: 1, body: { rules: [] } })],
};

/** What stands under an id; own members only, since anybody may send any name. */
export const entryOf = <Body>({ entries }: Catalogue<Body>, id: string): Entry<Body> | undefined =>
  ownMember(entries, id);

const holding = <Body>({ revision, body, from }: { revision: number; body: Body; from: string }) => ({
  value: { revision, body },
  from: Date.parse(from),
  corrects: null,
});

const changed = <K extends CatalogueKind>(
  state: Configuration,
  kind: K,
  id: string,
  change: (entry: Entry<CatalogueBodies[K]>) => Entry<CatalogueBodies[K]>,
): Configuration => {
  const catalogue: Catalogue<CatalogueBodies[K]> = state.catalogues[kind];
  const entry = entryOf(catalogue, id) ?? { revisions: [], retiredFrom: null };
  const next = { entries: { ...catalogue.entries, [id]: change(entry) }, isClosed: true };
  return { ...state, catalogues: { ...state.catalogues, [kind]: next } };
};

const defined = <K extends CatalogueKind>(state: Configuration, kind: K, data: Defined<K>): Configuration =>
  changed(state, kind, data.id, ({ revisions }) => ({ revisions: [...revisions, holding(data)], retiredFrom: null }));

const retired = (state: Configuration, kind: CatalogueKind, { id, from }: Retired): Configuration =>
  changed(state, kind, id, (entry) => ({ ...entry, retiredFrom: Date.parse(from) }));

export const evolveConfiguration = (
  state: Configuration,
  { type, data }: Recorded<ConfigurationEvent>,
): Configuration => {
  switch (type) {
    case 'CaseTypeDefined':
      return defined(state, 'types', data);
    case 'CaseTypeRetired':
      return retired(state, 'types', data);
    case 'FieldDefined':
      return defined(state, 'fields', data);
    case 'FieldRetired':
      return retired(state, 'fields', data);
    case 'CategoryDefined':
      return defined(state, 'categories', data);
    case 'CategoryRetired':
      return retired(state, 'categories', data);
    case 'ProductDefined':
      return defined(state, 'products', data);
    case 'ProductRetired':
      return retired(state, 'products', data);
    case 'ResolutionCodeDefined':
      return defined(state, 'codes', data);
    case 'ResolutionCodeRetired':
      return retired(state, 'codes', data);
    case 'PriorityMatrixDefined':
      return { ...state, priorities: [...state.priorities, holding(data)] };
    case 'RoutingRulesDefined':
      return { ...state, routing: [...state.routing, holding(data)] };
  }
};

export const configurationEvolution: Evolution<Configuration, ConfigurationEvent> = {
  category: configurationCategory,
  initialState: initialConfiguration,
  evolve: evolveConfiguration,
  ownerOf: () => undefined,
};

/** What is configured, and the instant that decides what of it holds; epoch milliseconds. */
export interface Standing {
  readonly configuration: Configuration;
  readonly at: number;
}

const isRetired = ({ retiredFrom }: Entry<unknown>, at: number): boolean => retiredFrom !== null && retiredFrom <= at;

/** The body that holds at an instant, also of what is retired by then: it keeps its names. */
export const bodyAt = <Body>(entry: Entry<Body> | undefined, at: number): Body | undefined =>
  entry && heldAt(entry.revisions, at)?.body;

/** What may be named at an instant, by id. */
export const inForce = <K extends CatalogueKind>(
  { configuration, at }: Standing,
  kind: K,
): Readonly<Record<string, CatalogueBodies[K]>> => {
  const catalogue: Catalogue<CatalogueBodies[K]> = configuration.catalogues[kind];
  return Object.fromEntries(
    Object.entries(catalogue.entries).flatMap(([id, entry]) => {
      const body = isRetired(entry, at) ? undefined : bodyAt(entry, at);
      return body ? [[id, body] as const] : [];
    }),
  );
};

/** Whether a request may name this from now on: `unknown` only where something is configured. */
export const wordState = (
  { configuration, at }: Standing,
  kind: CatalogueKind,
  id: string,
): 'accepted' | 'unknown' | 'retired' => {
  const catalogue = configuration.catalogues[kind];
  const entry = entryOf<unknown>(catalogue, id);
  if (entry && isRetired(entry, at)) return 'retired';
  return entry && bodyAt(entry, at) ? 'accepted' : catalogue.isClosed ? 'unknown' : 'accepted';
};

/** Its name at an instant; its id where it has none. */
export const nameOf = ({ configuration, at }: Standing, kind: CatalogueKind, id: string): string =>
  bodyAt<{ readonly name: string }>(entryOf<{ readonly name: string }>(configuration.catalogues[kind], id), at)?.name ??
  id;

/** What a type of request calls a state. */
export const statusNameOf = ({ configuration, at }: Standing, type: string, status: NamedStatus): string =>
  bodyAt(entryOf(configuration.catalogues.types, type), at)?.statusNames[status] ?? status;

export const matrixAt = ({ configuration, at }: Standing): PriorityMatrix =>
  heldAt(configuration.priorities, at)?.body.matrix ?? seededMatrix;

/** Ids of the rules that give a team work, now or later. */
export const rulesNaming = ({ configuration, at }: Standing, team: string): readonly string[] => {
  const instants = [at, ...configuration.routing.map(({ from }) => from).filter((from) => from > at)];
  const rules = instants.flatMap((instant) => routingAt({ configuration, at: instant }).body.rules);
  return [...new Set(rules.filter((rule) => rule.team === team).map(({ id }) => id))];
};

export const routingAt = ({ configuration, at }: Standing): Revision<RoutingBody> =>
  heldAt(configuration.routing, at) ?? { revision: 1, body: { rules: [] } };

/** The revision that a further definition gets. */
export const nextRevision = (revisions: readonly Held<Revision<unknown>>[] | undefined): number =>
  (revisions?.at(-1)?.value.revision ?? 0) + 1;

export const isCatalogueKind = (kind: string): kind is CatalogueKind => catalogueKinds.some((each) => each === kind);

import { carries, EventOf, EventType } from '../eventing/event-types';
import { Bodies, CatalogueBodies, CatalogueKind, grades, namedStatuses } from './definitions';

/** How an installation is configured: one stream, so that everything in it has one order. */
export const configurationCategory = 'configuration';
export const configurationKey = 'book';

interface Holding<Body> {
  readonly revision: number;
  /** From when it holds; RFC 3339, UTC, milliseconds. */
  readonly from: string;
  readonly body: Body;
}

/** What requests may name. */
export type Defined<K extends CatalogueKind> = Holding<CatalogueBodies[K]> & { readonly id: string };

/** Not to be named any more from an instant on; requests that name it keep it, and it keeps its names. */
export interface Retired {
  readonly id: string;
  readonly from: string;
}

const revision = ['/from', '/body/name'];
const defined = ['/id', ...revision];
const retired: EventType = { schema: 1, personal: [], plain: ['/id', '/from'] };
const matrix = grades.flatMap((impact) => grades.map((urgency) => `/body/matrix/${impact}/${urgency}`));
const asked = ['types', 'categories', 'products', 'priorities', 'impacts', 'languages', 'segments'];
const rule = ['id', 'team', 'skills/*', ...asked.map((list) => `when/${list}/*`)];

export const configurationEventTypes = {
  CaseTypeDefined: carries<Defined<'types'>>({
    schema: 1,
    personal: [],
    plain: [...defined, ...namedStatuses.map((status) => `/body/statusNames/${status}`), '/body/fields/*'],
  }),
  CaseTypeRetired: carries<Retired>(retired),
  FieldDefined: carries<Defined<'fields'>>({
    schema: 1,
    personal: [],
    plain: [...defined, '/body/kind', '/body/choices/*'],
  }),
  FieldRetired: carries<Retired>(retired),
  CategoryDefined: carries<Defined<'categories'>>({ schema: 1, personal: [], plain: [...defined, '/body/parent'] }),
  CategoryRetired: carries<Retired>(retired),
  ProductDefined: carries<Defined<'products'>>({ schema: 1, personal: [], plain: defined }),
  ProductRetired: carries<Retired>(retired),
  ResolutionCodeDefined: carries<Defined<'codes'>>({ schema: 1, personal: [], plain: defined }),
  ResolutionCodeRetired: carries<Retired>(retired),
  /** Requests of before keep the priority that they were given. */
  PriorityMatrixDefined: carries<Holding<Bodies['priorities']>>({
    schema: 1,
    personal: [],
    plain: ['/from', ...matrix],
  }),
  RoutingRulesDefined: carries<Holding<Bodies['routing']>>({
    schema: 1,
    personal: [],
    plain: ['/from', ...rule.map((name) => `/body/rules/*/${name}`)],
  }),
};

export type ConfigurationEventType = keyof typeof configurationEventTypes;
export type ConfigurationEventOf<T extends ConfigurationEventType> = EventOf<typeof configurationEventTypes, T>;
export type ConfigurationEvent = ConfigurationEventOf<ConfigurationEventType>;

import { EventType } from '../eventing/event-types';
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

interface Data {
  CaseTypeDefined: Defined<'types'>;
  CaseTypeRetired: Retired;
  FieldDefined: Defined<'fields'>;
  FieldRetired: Retired;
  CategoryDefined: Defined<'categories'>;
  CategoryRetired: Retired;
  ProductDefined: Defined<'products'>;
  ProductRetired: Retired;
  ResolutionCodeDefined: Defined<'codes'>;
  ResolutionCodeRetired: Retired;
  /** Requests of before keep the priority that they were given. */
  PriorityMatrixDefined: Holding<Bodies['priorities']>;
  RoutingRulesDefined: Holding<Bodies['routing']>;
}

export type ConfigurationEventType = keyof Data;
export type ConfigurationEventOf<T extends ConfigurationEventType> = {
  readonly [K in T]: { readonly type: K; readonly data: Data[K] };
}[T];
export type ConfigurationEvent = ConfigurationEventOf<ConfigurationEventType>;

const revision = ['/from', '/body/name'];
const defined = ['/id', ...revision];
const retired: EventType = { schema: 1, personal: [], plain: ['/id', '/from'] };
const matrix = grades.flatMap((impact) => grades.map((urgency) => `/body/matrix/${impact}/${urgency}`));
const asked = ['types', 'categories', 'products', 'priorities', 'impacts', 'languages', 'segments'];
const rule = ['id', 'team', 'skills/*', ...asked.map((list) => `when/${list}/*`)];

export const configurationEventTypes: Readonly<Record<ConfigurationEventType, EventType>> = {
  CaseTypeDefined: {
    schema: 1,
    personal: [],
    plain: [...defined, ...namedStatuses.map((status) => `/body/statusNames/${status}`), '/body/fields/*'],
  },
  CaseTypeRetired: retired,
  FieldDefined: { schema: 1, personal: [], plain: [...defined, '/body/kind', '/body/choices/*'] },
  FieldRetired: retired,
  CategoryDefined: { schema: 1, personal: [], plain: [...defined, '/body/parent'] },
  CategoryRetired: retired,
  ProductDefined: { schema: 1, personal: [], plain: defined },
  ProductRetired: retired,
  ResolutionCodeDefined: { schema: 1, personal: [], plain: defined },
  ResolutionCodeRetired: retired,
  PriorityMatrixDefined: { schema: 1, personal: [], plain: ['/from', ...matrix] },
  RoutingRulesDefined: { schema: 1, personal: [], plain: ['/from', ...rule.map((name) => `/body/rules/*/${name}`)] },
};

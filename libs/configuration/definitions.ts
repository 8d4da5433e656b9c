import { Priority } from '../service-levels/policy';

/** What an installation may call things. Ids stay for ever, names may change; each revision stands whole in its event. */
export const catalogueKinds = ['types', 'fields', 'categories', 'products', 'codes'] as const;
export type CatalogueKind = (typeof catalogueKinds)[number];

export const kinds = [...catalogueKinds, 'priorities', 'routing'] as const;
export type Kind = (typeof kinds)[number];

/** The states of the one state machine; a type of request may have names of its own for them. */
export const namedStatuses = ['open', 'held', 'resolved', 'closed', 'cancelled'] as const;
export type NamedStatus = (typeof namedStatuses)[number];

export const grades = ['low', 'medium', 'high'] as const;
export type Grade = (typeof grades)[number];

export interface TypeBody {
  readonly name: string;
  readonly statusNames: Readonly<Partial<Record<NamedStatus, string>>>;
  /** Custom fields that requests of this type have, by id. */
  readonly fields: Readonly<Record<string, 'required' | 'optional'>>;
}

export const fieldKinds = ['text', 'number', 'boolean', 'date', 'choice'] as const;
export type FieldKind = (typeof fieldKinds)[number];

export interface FieldBody {
  readonly name: string;
  /** Never changes: values of the past stay what they are. Texts are sealed. */
  readonly kind: FieldKind;
  /** Names of the values of a choice, by id; empty for other kinds. */
  readonly choices: Readonly<Record<string, string>>;
}

export interface CategoryBody {
  readonly name: string;
  readonly parent: string | null;
}

export interface ProductBody {
  readonly name: string;
}

export interface CodeBody {
  readonly name: string;
}

/** Priority by impact, then urgency. */
export type PriorityMatrix = Readonly<Record<Grade, Readonly<Record<Grade, Priority>>>>;

/** What a rule asks of a request: each list that is given must hold the request's value. */
export interface RoutingMatch {
  readonly types?: readonly string[];
  readonly categories?: readonly string[];
  readonly products?: readonly string[];
  readonly priorities?: readonly Priority[];
  readonly impacts?: readonly Grade[];
  /** Values of the custom field `language`. */
  readonly languages?: readonly string[];
  readonly segments?: readonly string[];
}

export interface RoutingRule {
  readonly id: string;
  readonly when: RoutingMatch;
  /** Id of the team. */
  readonly team: string;
  /** What whoever works on it must be able to. */
  readonly skills: readonly string[];
}

/** In order: the first rule that matches decides. */
export interface RoutingBody {
  readonly rules: readonly RoutingRule[];
}

export interface CatalogueBodies {
  readonly types: TypeBody;
  readonly fields: FieldBody;
  readonly categories: CategoryBody;
  readonly products: ProductBody;
  readonly codes: CodeBody;
}

export interface Bodies extends CatalogueBodies {
  readonly priorities: { readonly matrix: PriorityMatrix };
  readonly routing: RoutingBody;
}

/** One revision of what stands under an id. */
export interface Revision<Body> {
  readonly revision: number;
  readonly body: Body;
}

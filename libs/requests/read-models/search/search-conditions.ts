import { restrictedCustomers } from '../../../customers/read-models/record/customer.projection';
import { Field, Tokens } from '../../../eventing/search/terms';
import { hasTerms, labelQuery, queryOf, SearchTerms } from '../../../eventing/search/search-terms';
import { Scope } from '../../../platform/auth/caller';
import { labelOf, publicFields } from './request-index';
import { SearchFilter } from './search-filter';

/** Values of a statement, in the order of their places. */
export class Values {
  readonly list: unknown[];

  constructor(given: readonly unknown[] = []) {
    this.list = [...given];
  }

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

export interface Conditions {
  /** Of the table of tokens `s` and, if so said, of the queue `q`. */
  readonly sql: string;
  readonly usesQueue: boolean;
  /** What relevance goes by; undefined without words. */
  readonly words: string | undefined;
}

/** Fields in which a caller may look; `undefined` is all of them. */
export const fieldsFor = ({ internal }: Scope): readonly Field[] | undefined => (internal ? undefined : publicFields);

const isOfOne = ({ customer }: Scope, filter: SearchFilter): boolean =>
  customer !== undefined || filter.customer !== undefined || filter.number !== undefined;

/** @param customers whose own record has the words: their cases are found too */
export const conditionsOf = (
  { tokens }: { readonly tokens: Tokens },
  scope: Scope,
  terms: SearchTerms,
  filter: SearchFilter,
  customers: readonly string[],
  values: Values,
): Conditions => {
  const words = hasTerms(terms) ? queryOf(tokens, terms, fieldsFor(scope)) : undefined;
  const owned = customers.map((id) => labelOf('customer', id));
  const wanted = words !== undefined && owned.length ? `(${words} | ${labelQuery(tokens, owned)})` : words;
  const labels = (['type', 'category', 'product', 'customer'] as const).flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [labelQuery(tokens, [labelOf(name, value)])];
  });
  const query = [...(wanted === undefined ? [] : [`(${wanted})`]), ...labels].join(' & ');
  const one = (column: string, operator: string, value: unknown): readonly string[] =>
    value === undefined ? [] : [`${column} ${operator} ${values.add(value)}`];
  const any = (column: string, value: readonly string[] | undefined): readonly string[] =>
    value === undefined ? [] : [`${column} = any(${values.add(value)})`];
  const ofQueue = [
    ...any('q.status', filter.statuses),
    ...any('q.priority', filter.priorities),
    ...one('q.team', '=', filter.team),
    ...one('q.assignee', '=', filter.assignee),
    ...(filter.without ?? []).map((column) => `q.${column} is null`),
    ...one('q.due_at', '<', filter.dueBefore),
    ...one('q.due_at', '>=', filter.dueFrom),
  ];
  const ofText = [
    ...(query ? [`s.terms @@ ${values.add(query)}::tsquery`] : []),
    // Whose processing is restricted is served when they ask, and found by nobody who looks for something else.
    ...(words !== undefined && !isOfOne(scope, filter) ? [`s.owner <> all (${restrictedCustomers})`] : []),
    ...one('s.key', '=', filter.number),
    ...one('s.owner', '=', scope.customer),
    ...one('s.opened_at', '>=', filter.openedFrom),
    ...one('s.opened_at', '<', filter.openedTo),
    ...one('s.resolved_at', '>=', filter.resolvedFrom),
    ...one('s.resolved_at', '<', filter.resolvedTo),
  ];
  return { sql: [...ofText, ...ofQueue].join(' and ') || 'true', usesQueue: ofQueue.length > 0, words };
};

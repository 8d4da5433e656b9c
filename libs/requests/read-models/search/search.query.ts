import { Injectable } from '@nestjs/common';
import { PoolClient } from 'pg';
import { Unavailable } from '../../../eventing/failures';
import { restrictedCustomers } from '../../../customers/read-models/record/customer.projection';
import { pooledTransaction, snapshot } from '../../../eventing/projections/pooled.adapter';
import { tableOf } from '../../../eventing/projections/projection';
import { readLogAfter, readProgress } from '../../../eventing/projections/projection-store.adapter';
import { hasTerms, noTerms, queryOf, SearchTerms } from '../../../eventing/search/search-terms';
import { ServingIndex, ServingIndexes } from '../../../eventing/search/serving.query';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Problem } from '../../../platform/http/problem';
import { PagePlace } from '../page-cursor';
import { queueProjection } from '../queue/queue.projection';
import { customerIndex } from './customer-index';
import { requestIndex } from './request-index';
import { Conditions, conditionsOf, Values } from './search-conditions';
import { matchesMax, rankedMax, SearchFilter, SearchOrder, walkedMax } from './search-filter';

/**
 * Cases by words and by what they are.
 *
 * Guarantee: up to `matchesMax` matches the total is exact, every order is, and each match stands on one page. Where there are more, a
 * page goes through at most `walkedMax` cases by the instant of opening and may therefore be short; the next one goes on where it ended.
 * Relevance is that of the `rankedMax` newest matches. Whatever is asked, a statement that takes longer than `statementMillisecondsMax` ends.
 *
 * What most cases have is found soonest by looking at one after the other until there are enough, what few have in the index of words
 * alone; the statistics tell the two apart, except for words that exclude each other. So that is tried for a while, and then the index.
 */
const statementMillisecondsMax = 3_000;
const atFirstMilliseconds = 1_000;
// Looking for words in a row costs about ten times what PostgreSQL takes it for, since they stand outside of it.
const lookingCost = 0.025;
// So many matches are soon enough that going through all of another table first, for a hash or a sort, is more work than there is.
const oneByOne = 'set local enable_hashjoin = off; set local enable_mergejoin = off';
const ways = [
  `set local statement_timeout = ${atFirstMilliseconds}; set local cpu_operator_cost = ${lookingCost}; ${oneByOne}`,
  `set local statement_timeout = ${statementMillisecondsMax}; set local enable_seqscan = off`,
];
const customersMax = 200;
const countedValuesMax = 100;
// SQLSTATE of a statement that was ended for its time.
const cancelled = '57014';
// Of the fields D, C, B and A.
const weights = `'{0.1, 0.3, 0.6, 1}'`;
const queue = tableOf(queueProjection);

export interface SearchWanted {
  readonly terms: SearchTerms;
  readonly filter: SearchFilter;
  readonly order: SearchOrder;
  readonly from: PagePlace | undefined;
  readonly rowsMax: number;
  readonly counts: boolean;
}

export type Counts = Readonly<Record<'status' | 'priority' | 'team', Readonly<Record<string, number>>>>;

interface Total {
  readonly total: number;
  readonly totalIsAtLeast: boolean;
}

export interface SearchTotals {
  readonly totals: readonly Total[];
  readonly position: string | undefined;
}

export interface SearchPage extends Total {
  readonly numbers: readonly string[];
  readonly counts: Counts | undefined;
  readonly next: PagePlace | undefined;
  /** Of the log, that the index of words has reached; undefined where it was not asked. */
  readonly position: string | undefined;
}

interface Row {
  readonly key: string;
  /** Of the order, as text that goes into a cursor. */
  readonly place: string;
}

interface Counted extends Row {
  readonly total: string;
  readonly counts: Counts | null;
}

interface Asked extends SearchWanted {
  readonly index: ServingIndex;
  readonly conditions: Conditions;
  readonly values: readonly unknown[];
}

type Found = Pick<SearchPage, 'numbers' | 'next'>;

const countedUpTo = (total: number): Total => ({
  total: Math.min(total, matchesMax),
  totalIsAtLeast: total > matchesMax,
});

const withQueue = (uses: boolean): string => (uses ? ` join ${queue} q on q.key = s.key` : '');

@Injectable()
export class SearchQuery {
  private readonly serving: ServingIndexes;

  constructor(private readonly engine: Engine) {
    this.serving = new ServingIndexes(engine.pool, engine.keys);
  }

  /** Waits, bounded, until what the read models have can be found. @returns whether it can */
  upToDate(): Promise<boolean> {
    return this.serving.upToDate([requestIndex, customerIndex]);
  }

  /** @throws Unavailable when it takes too long @throws Problem SEARCH_TOO_BROAD */
  async page(scope: Scope, wanted: SearchWanted): Promise<SearchPage> {
    const [index, people] = await Promise.all([this.serving.of(requestIndex), this.serving.of(customerIndex)]);
    return this.bounded(async (db) => {
      const customers = await this.customersNamed(db, people, scope, wanted.terms);
      const values = new Values();
      const conditions = conditionsOf(index, scope, wanted.terms, wanted.filter, customers, values);
      const asked: Asked = { ...wanted, index, conditions, values: values.list };
      const { total, counts, ...page } = await this.exactPage(db, asked);
      const counted = countedUpTo(total);
      const found = counted.totalIsAtLeast ? await this.walkedPage(db, asked) : page;
      const position = await this.reached(db, Math.min(index.sequence, people.sequence));
      return { ...found, ...counted, counts, position };
    });
  }

  /** How many cases some filters find, as their own pages say, all at one moment. @throws Unavailable when it takes too long */
  async totals(scope: Scope, filters: readonly SearchFilter[]): Promise<SearchTotals> {
    if (!filters.length) return { totals: [], position: undefined };
    const index = await this.serving.of(requestIndex);
    const values = new Values();
    const counts = filters.map((filter) => {
      const { sql, usesQueue } = conditionsOf(index, scope, noTerms, filter, [], values);
      return `(select count(*) from (
        select from ${index.table} s${withQueue(usesQueue)} where ${sql} limit ${matchesMax + 1}) as counted)`;
    });
    return this.bounded(async (db) => {
      const { rows } = await db.query<{ totals: readonly string[] }>(
        `select array[${counts.join(', ')}]::text[] as totals`,
        values.list,
      );
      const totals = (rows[0]?.totals ?? []).map((total) => countedUpTo(Number(total)));
      return { totals, position: await this.reached(db, index.sequence) };
    });
  }

  private async bounded<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
    let late: unknown;
    for (const way of ways)
      try {
        // Others search at the same time: a search with helpers would take theirs.
        const begin = `${snapshot}; set local max_parallel_workers_per_gather = 0; ${way}`;
        return await pooledTransaction(this.engine.pool, begin, work);
      } catch (error) {
        if (Object(error).code !== cancelled) throw error;
        late = error;
      }
    throw new Unavailable('not-done', 'the search took too long', late);
  }

  /** Position of the log at a sequence. */
  private async reached(db: PoolClient, sequence: number): Promise<string | undefined> {
    const progress = await readProgress(db);
    if (sequence >= progress.sequence) return undefined;
    const [event] = await readLogAfter(db, sequence - 1, 1);
    return String(event?.position ?? 0n);
  }

  /** Staff find the cases of somebody whose own record has the words, whatever was said in them. */
  private async customersNamed(
    db: PoolClient,
    { table, tokens }: ServingIndex,
    scope: Scope,
    terms: SearchTerms,
  ): Promise<readonly string[]> {
    if (scope.customer !== undefined || !hasTerms(terms)) return [];
    const { rows } = await db.query<{ key: string }>(
      `select key from ${table} where terms @@ $1::tsquery and key <> all (${restrictedCustomers}) limit ${customersMax + 1}`,
      [queryOf(tokens, terms, undefined)],
    );
    return rows.length > customersMax ? [] : rows.map(({ key }) => key).sort();
  }

  /** All matches, where there are no more than are counted, are at hand: any order of them is. Where there are more it is empty. */
  private async exactPage(db: PoolClient, asked: Asked): Promise<Found & Pick<SearchPage, 'total' | 'counts'>> {
    const { index, conditions, order, counts } = asked;
    const values = new Values(asked.values);
    const column = order === 'due' ? 'q.due_at' : 's.opened_at';
    const usesQueue = conditions.usesQueue || order === 'due';
    const { rows } = await db.query<Counted>(
      `with matches as materialized (
         select s.key, ${column} as at
         from ${index.table} s${withQueue(usesQueue)} where ${conditions.sql} limit ${matchesMax + 1}),
       counted as materialized (select count(*) as total from matches),
       found as (select * from matches where (select total from counted) <= ${matchesMax})
       select counted.total, ${counts ? countsSql : 'null'} as counts, page.key, page.place
       from counted left join (${order === 'relevance' ? rankedPage(asked, values) : orderedPage(asked, values)}) as page on true`,
      values.list,
    );
    const page = rows.filter(({ key }) => key !== null);
    return { ...paged(page, asked.rowsMax), total: Number(rows[0]?.total ?? 0), counts: rows[0]?.counts ?? undefined };
  }

  /** More matches than are counted: walks along the instants of opening, among which they are not rare. */
  private async walkedPage(db: PoolClient, asked: Asked): Promise<Found> {
    const { index, conditions, order } = asked;
    if (order === 'due') throw tooBroad;
    const values = new Values(asked.values);
    const { direction } = orders[order === 'oldest' ? 'oldest' : 'newest'];
    // In their order, so that no more of them are looked at than there must be.
    const walked = (from: PagePlace | undefined, rowsMax: number): string =>
      `select s.key, s.opened_at as at from (${walk({ ...asked, from }, values)}) s${withQueue(conditions.usesQueue)}
       where ${conditions.sql} order by s.opened_at ${direction}, s.key ${direction} limit ${values.add(rowsMax)}`;
    if (order === 'relevance') {
      // Should the newest cases hardly match, what has been counted fills up the page.
      const { rows } = await db.query<Row>(
        `with newest as materialized (${walked(undefined, rankedMax)}), found as materialized (
           (select key, at from newest) union (
             select s.key, s.opened_at from ${index.table} s${withQueue(conditions.usesQueue)}
             where ${conditions.sql} and (select count(*) from newest) < ${rankedMax} limit ${matchesMax}))
         ${rankedPage(asked, values)}`,
        values.list,
      );
      return paged(rows, asked.rowsMax);
    }
    const { rows } = await db.query<Row & { readonly isEnd: boolean }>(
      `with page as materialized (${walked(asked.from, asked.rowsMax + 1)})
       select key, ${textOf('at')} as place, "isEnd" from (
         (select key, at, false as "isEnd" from page) union all (
           select key, opened_at, true from (${walk(asked, values)} offset ${walkedMax - 1}) as last
           where (select count(*) from page) <= ${values.add(asked.rowsMax)})) as rows
       order by "isEnd", at ${direction}, key ${direction} limit ${asked.rowsMax + 2}`,
      values.list,
    );
    const page = paged(
      rows.filter(({ isEnd }) => !isEnd),
      asked.rowsMax,
    );
    const last = rows.find(({ isEnd }) => isEnd);
    return page.next || !last ? page : { ...page, next: { due: last.place, number: last.key } };
  }
}

const countOf = (dimension: keyof Counts): string =>
  `(select coalesce(json_object_agg(value, cases), '{}') from (
     select ${dimension} as value, sum(cases)::bigint as cases from held group by 1 order by cases desc, value limit ${countedValuesMax}) as most)`;

/** How many of the cases in `found` are in which state. Where there are more than are counted, some of them tell nothing of all. */
const countsSql = `(
  with held as materialized (
    select q.status, q.priority, coalesce(q.team, '') as team, count(*) as cases
    from found join ${queue} q on q.key = found.key group by 1, 2, 3)
  select json_build_object(${(['status', 'priority', 'team'] as const)
    .map((dimension) => `'${dimension}', ${countOf(dimension)}`)
    .join(', ')})
  where (select total from counted) <= ${matchesMax})`;

const orders = {
  newest: { direction: 'desc', beyond: '<' },
  oldest: { direction: 'asc', beyond: '>' },
  due: { direction: 'asc', beyond: '>' },
} as const;

const beyondPlace = ({ from }: Asked, columns: string, beyond: string, values: Values): string =>
  from ? ` where (${columns}) ${beyond} (${values.add(from.due)}::timestamptz, ${values.add(from.number)})` : '';

/** Of the cases in `found`, those that the page begins with in an order of instants. */
const orderedPage = (asked: Asked, values: Values): string => {
  const { direction, beyond } = orders[asked.order === 'relevance' ? 'newest' : asked.order];
  return `select key, ${textOf('at')} as place from found${beyondPlace(asked, 'at, key', beyond, values)}
    order by at ${direction}, key ${direction} limit ${values.add(asked.rowsMax + 1)}`;
};

/** Of the cases in `found`, the most relevant, and the newest of equal ones. */
const rankedPage = ({ index, conditions, from, rowsMax }: Asked, values: Values): string => {
  const [rank, at] = from?.due.split('|') ?? [];
  const beyond = from
    ? ` where (rank, at, key) < (${values.add(rank)}::float8, ${values.add(at)}::timestamptz, ${values.add(from.number)})`
    : '';
  return `select key, rank || '|' || ${textOf('at')} as place from (
      select s.key, newest.at, ts_rank(${weights}, s.terms, ${values.add(conditions.words ?? '')}::tsquery)::float8 as rank
      from (select key, at from found order by at desc, key desc limit ${rankedMax}) as newest
      join ${index.table} s on s.key = newest.key) as ranked${beyond}
    order by rank desc, at desc, key desc limit ${values.add(rowsMax + 1)}`;
};

/** The next cases along the instants of opening, whether or not they match. */
const walk = (asked: Asked, values: Values): string => {
  const { direction, beyond } = orders[asked.order === 'oldest' ? 'oldest' : 'newest'];
  return `select w.* from ${asked.index.table} w${beyondPlace(asked, 'w.opened_at, w.key', beyond, values)}
    order by w.opened_at ${direction}, w.key ${direction} limit ${walkedMax}`;
};

/** With all its microseconds, so that a cursor means this very row. */
const textOf = (column: string): string =>
  `case when isfinite(${column}) then to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else 'infinity' end`;

const paged = (rows: readonly Row[], rowsMax: number): Found => {
  const last = rows.length > rowsMax ? rows[rowsMax - 1] : undefined;
  return {
    numbers: rows.slice(0, rowsMax).map(({ key }) => key),
    next: last && { due: last.place, number: last.key },
  };
};

const tooBroad = new Problem(
  'SEARCH_TOO_BROAD',
  `More than ${matchesMax} cases match: add a word or a filter, or let GET /v1/queue order them by due instant.`,
);

import { Injectable } from '@nestjs/common';
import { PoolClient } from 'pg';
import { restrictedCustomers } from '../../../customers/read-models/record/customer.projection';
import { pooledTransaction, snapshot } from '../../../eventing/projections/pooled.adapter';
import { tableOf } from '../../../eventing/projections/projection';
import { ServingIndex, ServingIndexes } from '../../../eventing/search/serving.query';
import { Field } from '../../../eventing/search/terms';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { queueProjection } from '../queue/queue.projection';
import { requestIndex } from '../search/request-index';
import { Candidate, ComparedWord, comparedWords, ranked, Similar } from './similarity';

/**
 * Open cases that are like one that is about to be opened, or was just now.
 *
 * Guarantee: they are looked for among the newest open cases of the customer, among those that have one of the rarest words, and among the
 * `walkedMax` newest cases of all that have the frequent ones together; however many cases there are, at most `matchedMax` of either kind are
 * looked at. Words are compared as keyed tokens, in what the customer may read. Which words are frequent is what the database has counted,
 * under tokens too.
 */
const statementMillisecondsMax = 500;
const ofCustomerMax = 50;
const ofWordsMax = 200;
// More than the rarest words have together.
const matchedMax = 10_000;
const rareWordsMax = 8;
const walkedMax = 5_000;
// A word that more cases have leads to no case by itself.
const casesPerWordMax = 1_000;
const fields: readonly Field[] = ['A', 'C'];
const queue = tableOf(queueProjection);
// SQLSTATE of a statement that was ended for its time.
const cancelled = '57014';

export interface Told {
  readonly subject: string;
  readonly description?: string | undefined;
  /** Who it is about: one person may have several records. */
  readonly customers: readonly string[];
  /** The case itself, where it is open already. */
  readonly number?: string | undefined;
}

export interface SimilarCases {
  /** The most alike first. */
  readonly cases: readonly Similar[];
  /** Not all that might be alike could be looked at in the time there is. */
  readonly isPartial: boolean;
}

interface Word extends ComparedWord {
  /** As a query of the index. */
  readonly term: string;
  /** In how many cases, as far as the database has counted. */
  readonly cases: number;
}

interface Row {
  readonly key: string;
  readonly owner: string;
  readonly openedAt: Date;
  readonly matched: readonly number[];
}

// Most frequent tokens are counted whenever the table is analysed; one that is not among them is rare.
const countedSql = `
  select w.token, coalesce(f.share, 0)::float8 as share, coalesce(f.share, 0)::float8 * greatest(c.reltuples, 0)::float8 as cases
  from unnest($1::text[]) with ordinality as w (token, place)
  join pg_class c on c.oid = to_regclass($2::text)
  left join (
    select e.token, e.share from pg_stats s
    cross join lateral unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) as e (token, share)
    where s.schemaname = current_schema() and s.tablename = $2::text and s.attname = 'terms') f on f.token = w.token
  order by w.place limit $3`;

// Whose processing is restricted lends nobody else their words.
const lending = `s.owner <> all (${restrictedCustomers})`;

const stillOpen = `q.status in ('open', 'held')`;

const columns = 's.key, s.owner, s.opened_at';

/** Where candidates come from: SQL and its values, from the third on. */
interface Source {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const casesOf = (table: string, customers: readonly string[]): Source => ({
  sql: `select ${columns} from ${table} s where s.owner = any($3) limit ${matchedMax}`,
  values: [customers],
});

/** What few cases have is found in the index of words, what many have among the newest of all. */
const casesWith = (table: string, { rarest, together }: Leading): Source => ({
  sql: `(select ${columns} from ${table} s where s.terms @@ $3::tsquery and ${lending} limit ${matchedMax})
    union (
      select ${columns} from (select * from ${table} order by opened_at desc, key desc limit ${walkedMax}) s
      join ${queue} q on q.key = s.key
      where $4::text <> '' and ${stillOpen} and s.terms @@ $4::tsquery and ${lending}
      order by s.opened_at desc, s.key desc limit ${ofWordsMax})`,
  values: [rarest, together],
});

@Injectable()
export class SimilarQuery {
  private readonly serving: ServingIndexes;

  constructor(private readonly engine: Engine) {
    this.serving = new ServingIndexes(engine.pool, engine.keys);
  }

  /** Waits, bounded, until what the read models have can be found. @returns whether it can */
  upToDate(): Promise<boolean> {
    return this.serving.upToDate([requestIndex]);
  }

  /** @throws Unavailable while the index of words is being built */
  async of(scope: Scope, told: Told): Promise<SimilarCases> {
    const index = await this.serving.of(requestIndex);
    const words = await this.words(index, comparedWords(told.subject, told.description));
    const customers = scope.customer === undefined ? told.customers : [scope.customer];
    const ofCustomer = this.candidates(index, words, ofCustomerMax, casesOf(index.table, customers));
    // Customers look among their own.
    const leading = scope.customer === undefined ? leadingWords(words) : undefined;
    const ofWords = leading ? this.candidates(index, words, ofWordsMax, casesWith(index.table, leading)) : [];
    const [own, others] = await Promise.all([unlessLate(ofCustomer), unlessLate(ofWords)]);
    const found = new Map([...(own ?? []), ...(others ?? [])].map((row) => [row.key, row]));
    if (told.number !== undefined) found.delete(told.number);
    const candidates = [...found.values()].map((row): Candidate => ({
      ...{ number: row.key, openedAt: row.openedAt, matched: row.matched.map(Number) },
      isSameCustomer: customers.includes(row.owner),
    }));
    return {
      cases: ranked(words, candidates, this.engine.now().getTime()),
      isPartial: own === undefined || others === undefined,
    };
  }

  private async words({ table, tokens }: ServingIndex, words: readonly string[]): Promise<readonly Word[]> {
    const named = words.map((word) => ({ word, token: tokens.word(word) }));
    const { rows } = await this.engine.pool.query<{ token: string; share: number; cases: number }>({
      name: `counted-words-${table}`,
      text: countedSql,
      values: [named.map(({ token }) => token), table, words.length],
    });
    const counted = new Map(rows.map((row) => [row.token, row]));
    return named.map(({ word, token }) => {
      const { share = 0, cases = 0 } = counted.get(token) ?? {};
      return { word, share, cases, term: `'${token}':${fields.join('')}` };
    });
  }

  private candidates(
    { table }: ServingIndex,
    words: readonly Word[],
    rowsMax: number,
    source: Source,
  ): Promise<readonly Row[]> {
    const work = async (db: PoolClient): Promise<readonly Row[]> => {
      // Of a million cases few are meant.
      await db.query('set local enable_seqscan = off');
      const { rows } = await db.query<Row>(
        `with matched as materialized (${source.sql}),
         found as materialized (
           select s.key, s.owner, s.opened_at from matched s join ${queue} q on q.key = s.key
           where ${stillOpen} order by s.opened_at desc, s.key limit $2)
         select f.key, f.owner, f.opened_at as "openedAt", array(
           select w.place - 1 from unnest($1::text[]) with ordinality as w (term, place)
           where s.terms @@ w.term::tsquery order by w.place) as matched
         from found f join ${table} s on s.key = f.key order by f.opened_at desc, f.key limit $2`,
        [words.map(({ term }) => term), rowsMax, ...source.values],
      );
      return rows;
    };
    return pooledTransaction(
      this.engine.pool,
      `${snapshot}; set local statement_timeout = ${statementMillisecondsMax}`,
      work,
    );
  }
}

/** Two queries, of which each may be empty and then finds nothing. */
interface Leading {
  /** Any of the rarest words. */
  readonly rarest: string;
  /** All of the frequent ones. */
  readonly together: string;
}

/** @returns undefined where nothing leads anywhere */
const leadingWords = (words: readonly Word[]): Leading | undefined => {
  const rare = words.filter(({ cases }) => cases <= casesPerWordMax);
  const frequent = words.filter(({ cases }) => cases > casesPerWordMax);
  const rarest = [...rare].sort((left, right) => left.share - right.share).slice(0, rareWordsMax);
  if (!rarest.length && frequent.length < 2) return undefined;
  const terms = (some: readonly Word[], operator: string): string => some.map(({ term }) => term).join(operator);
  return { rarest: terms(rarest, ' | '), together: frequent.length > 1 ? terms(frequent, ' & ') : '' };
};

/** @returns undefined for what took too long */
const unlessLate = async <T>(work: T | Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (Object(error).code === cancelled) return undefined;
    throw error;
  }
};

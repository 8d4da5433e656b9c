import { Injectable } from '@nestjs/common';
import { categoryOf, streamOf } from '../../../eventing/event';
import { tableOf } from '../../../eventing/projections/projection';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { requestCategory } from '../../events';
import { requestProjection } from '../request/request.projection';
import { Change, changeOf, ChangeFilter, concerns, LoggedChange } from './change';
import { TeamFact } from './teams-concerned';

/** Changes of cases, read from the log's mirror: what stands there has reached the read models in the same transaction. */
export interface ChangePage {
  readonly changes: readonly Change[];
  /** The page has everything up to here. */
  readonly reached: bigint;
}

const casesFewMax = 1_000;

interface FactRow extends TeamFact {
  readonly stream: string;
}

// Foreign bytes may stand under our names; a correction's target is taken for a number only when it is one.
const target = (event: string): string =>
  `case when ${event}.data ->> 'corrects' ~ '^\\d{1,9}$' then (${event}.data ->> 'corrects')::integer end`;

// The next events of the whole log first, straight from the index on their positions; what they are is asked of those alone.
const pageSql = (condition: string): string => `
  select e.sequence, e.position, e.stream, e.revision, e.type, e.metadata ->> 'actor' as actor,
    e.metadata ->> 'recordedAt' as "recordedAt", e.metadata ->> 'occurredAt' as "occurredAt", r.customer,
    case when e.type = 'RequestCorrected' then
      (select c.type from event_log c where c.stream = e.stream and c.revision = ${target('e')}) end as "correctedType"
  from (select sequence, position, stream, revision, type, data, metadata from event_log where position > $1${condition} order by position limit $2) as e
  left join ${tableOf(requestProjection)} r on r.key = substr(e.stream, ${requestCategory.length + 2})
  order by e.position limit $2`;

const numbersSql = `select key from ${tableOf(requestProjection)} where customer = $1 order by key limit $2`;

// A history is bounded by its stream; the streams are those of one page.
const factsSql = `
  select e.stream, e.revision, ${target('e')} as corrects,
    case when e.type = 'RequestCorrected' then e.data -> 'values' ->> 'team' else e.data ->> 'team' end as team
  from event_log e
  where e.stream = any($1) and (e.type in ('RequestOpened', 'RequestAssigned')
    or e.type = 'RequestCorrected' and e.data -> 'values' ? 'team')
  order by e.stream, e.revision`;

@Injectable()
export class ChangesQuery {
  constructor(private readonly engine: Engine) {}

  /**
   * What everybody together may hear of, for the tail that all share.
   * @param until where the read models were: what stands behind it may be there already, and is then read too
   */
  page(after: bigint, until: bigint, eventsMax: number): Promise<ChangePage> {
    return this.read('stream-page', '', [after, eventsMax], until);
  }

  /** What one reader hears of, for whoever comes back after a while. */
  async pageFor(
    scope: Scope,
    filter: ChangeFilter,
    after: bigint,
    until: bigint,
    eventsMax: number,
  ): Promise<ChangePage> {
    const numbers = await this.numbersOf(scope, filter);
    const streams = numbers?.map((number) => streamOf(requestCategory, number));
    const { changes, reached } = streams
      ? await this.read('stream-page-of', ' and stream = any($3)', [after, eventsMax, streams], until)
      : await this.page(after, until, eventsMax);
    return { changes: changes.filter((change) => concerns(change, scope, filter)), reached };
  }

  /** The few cases that a reader can hear of at all; undefined when they are not few. */
  private async numbersOf({ customer }: Scope, { number }: ChangeFilter): Promise<readonly string[] | undefined> {
    if (number !== undefined) return [number];
    if (customer === undefined) return undefined;
    const { rows } = await this.engine.pool.query<{ key: string }>({
      name: 'stream-numbers',
      text: numbersSql,
      values: [customer, casesFewMax + 1],
    });
    return rows.length > casesFewMax ? undefined : rows.map(({ key }) => key);
  }

  private async read(name: string, condition: string, values: readonly unknown[], until: bigint): Promise<ChangePage> {
    const { rows } = await this.engine.pool.query<LoggedChange>({
      name,
      text: pageSql(condition),
      values: [...values],
    });
    const ofCases = rows.filter(({ stream }) => categoryOf(stream) === requestCategory);
    const facts = await this.factsOf([...new Set(ofCases.map(({ stream }) => stream))]);
    const last = BigInt(rows.at(-1)?.position ?? until);
    return {
      changes: ofCases.map((row) => changeOf(row, facts.get(row.stream) ?? [])),
      reached: rows.length < Number(values[1]) && last < until ? until : last,
    };
  }

  private async factsOf(streams: readonly string[]): Promise<ReadonlyMap<string, readonly TeamFact[]>> {
    if (!streams.length) return new Map();
    const { rows } = await this.engine.pool.query<FactRow>({ name: 'stream-teams', text: factsSql, values: [streams] });
    const facts = new Map<string, TeamFact[]>();
    for (const fact of rows) {
      const known = facts.get(fact.stream);
      if (known) known.push(fact);
      else facts.set(fact.stream, [fact]);
    }
    return facts;
  }
}

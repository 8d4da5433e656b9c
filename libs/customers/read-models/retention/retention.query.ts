import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { Engine } from '../../../platform/engine/engine';
import { exceptionProjection } from '../../../exceptions/read-models/exception/exception.projection';
import { requestProjection } from '../../../requests/read-models/request/request.projection';
import { RetentionCutoffs } from '../../retention';
import { customerProjection } from '../record/customer.projection';

/**
 * Whom the rules say to erase: persons all of whose requests and exceptions have ended, each as long ago as the rule of its category says. Whoever is
 * merged is one person. Reads every case once, which takes seconds for a million of them; it is asked once an hour.
 */
export interface DueCustomer {
  /** The survivor. */
  readonly customer: string;
  /** All who are merged, the survivor among them. */
  readonly customers: readonly string[];
  readonly cases: number;
  /** When the last of their cases ended. */
  readonly endedAt: string;
  /** A legal hold keeps them, or that their processing is restricted. */
  readonly isHeld: boolean;
}

const [customer, request, exception] = [customerProjection, requestProjection, exceptionProjection].map(tableOf) as [
  string,
  string,
  string,
];

// Instants are compared as texts, as the events have them: bytes of somebody else may stand where one is expected.
const dueSql = `
  with recursive forest (key, root) as (
    select c.key, c.key from ${customer} c where c.survivor is null
    union select c.key, f.root from forest f join ${customer} c on c.survivor = f.key),
  rules (category, cutoff) as (select * from unnest($1::text[], $2::text[])),
  matters (customer, category, has_ended, ended) as (
    select r.customer, r.row ->> 'category', r.row ->> 'status' in ('closed', 'cancelled'), r.row ->> 'closedAt' from ${request} r
    union all select e.customer, e.category, e.status in ('unneeded', 'withdrawn', 'closed'), e.row ->> 'endedAt' from ${exception} e),
  cases as (
    select f.root, m.has_ended, m.ended, coalesce(u.cutoff, $3) as cutoff
    from matters m join forest f on f.key = m.customer left join rules u on u.category = m.category),
  past as (
    select root, count(*) as cases, max(ended collate "C") as ended from cases group by root
    having bool_and(coalesce(has_ended and ended collate "C" <= cutoff, false))),
  due as (
    select o.root, o.cases, o.ended, m.customers, m.held
    from past o cross join lateral (
      select array_agg(f.key order by f.key) as customers, bool_or(jsonb_array_length(c.row -> 'holds') > 0 or c.row -> 'restriction' <> 'null') as held,
        bool_and(c.status <> 'active') as gone
      from forest f join ${customer} c on c.key = f.key where f.root = o.root) m
    where not m.gone and ($6::text is null or o.root = $6))
  select (select count(*) from due) as total, coalesce((
    select json_agg(json_build_object('customer', d.root, 'customers', d.customers, 'cases', d.cases, 'endedAt', d.ended,
      'isHeld', d.held) order by d.root)
    from (select * from due where root > $4 order by root limit $5) d), '[]'::json) as items`;

@Injectable()
export class RetentionQuery {
  constructor(private readonly engine: Engine) {}

  /** @param after survivor that the page begins behind @param only this person alone */
  async due(
    { categories, cutoffs, otherwise }: RetentionCutoffs,
    after: string,
    rowsMax: number,
    only?: string,
  ): Promise<{ readonly items: readonly DueCustomer[]; readonly total: number }> {
    const { rows } = await this.engine.pool.query<{ items: readonly DueCustomer[]; total: string }>(dueSql, [
      ...[categories, cutoffs, otherwise, after, rowsMax, only ?? null],
    ]);
    const { items = [], total = '0' } = rows[0] ?? {};
    return { items, total: Number(total) };
  }
}

import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { FoundRecord } from '../overview/overview.query';
import { customerProjection } from '../record/customer.projection';

/** Customers by id, a page at a time. Whom a merge has led to another stands in that one's place. */
export interface CustomerFilter {
  /** Ids, as the index of addresses found them. */
  readonly among: readonly string[] | undefined;
  readonly segment: string | undefined;
  readonly organisation: string | undefined;
}

export interface CustomerPage {
  readonly items: readonly Opened<FoundRecord>[];
  readonly total: number;
  readonly next: string | undefined;
}

const customer = tableOf(customerProjection);

const survivorsSql = `
  with recursive upward (key, survivor) as (
    select c.key, c.survivor from ${customer} c where c.key = any($1)
    union select c.key, c.survivor from upward u join ${customer} c on c.key = u.survivor)
  select key from upward where survivor is null order by key limit $2`;

const conditions = ({ among, segment, organisation }: CustomerFilter) => {
  const given = Object.entries({ segment, organisation }).filter(([, value]) => value !== undefined);
  return {
    name: `${among ? '-among' : ''}${given.map(([column]) => `-${column}`).join('')}`,
    sql: [
      'c.survivor is null',
      ...(among ? ['c.key = any($3)'] : []),
      ...given.map(([column], index) => `c.${column} = $${(among ? 4 : 3) + index}`),
    ].join(' and '),
    values: [...(among ? [among] : []), ...given.map(([, value]) => value)],
  };
};

@Injectable()
export class CustomersQuery {
  constructor(private readonly engine: Engine) {}

  /** @param after id that the page begins behind */
  async page(scope: Scope, filter: CustomerFilter, after: string, rowsMax: number): Promise<CustomerPage> {
    const among = filter.among && (await this.survivors(filter.among));
    const { name, sql, values } = conditions({ ...filter, among });
    const { rows } = await this.engine.pool.query<{ items: readonly FoundRecord[]; total: string }>({
      name: `customers${name}`,
      text: `select (select count(*) from ${customer} c where ${sql}) as total, coalesce((
        select json_agg(json_build_object('id', p.key, 'revision', p.revision::text, 'row', p.row) order by p.key) from (
          select c.key, c.revision, c.row from ${customer} c where ${sql} and c.key > $1 order by c.key limit $2) p), '[]'::json) as items`,
      values: [after, rowsMax + 1, ...values],
    });
    const { items = [], total = '0' } = rows[0] ?? {};
    const shown = items.slice(0, rowsMax);
    return {
      items: await this.engine.unsealer.open(shown, scope.personal),
      total: Number(total),
      next: items.length > rowsMax ? shown.at(-1)?.id : undefined,
    };
  }

  private async survivors(ids: readonly string[]): Promise<readonly string[]> {
    const { rows } = await this.engine.pool.query<{ key: string }>({
      name: 'customer-survivors',
      text: survivorsSql,
      values: [ids, Math.max(ids.length, 1)],
    });
    return rows.map(({ key }) => key);
  }
}

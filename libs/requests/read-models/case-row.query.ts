import { Injectable } from '@nestjs/common';
import { NotFound } from '../../eventing/failures';
import { Projection, tableOf } from '../../eventing/projections/projection';
import { Scope } from '../../platform/auth/caller';
import { Engine } from '../../platform/engine/engine';
import { RequestEvent } from '../events';

export interface CaseRow<Row> {
  readonly revision: number;
  readonly row: Row;
}

/** The row of one case in a read model that has a `customer` column. */
@Injectable()
export class CaseRows {
  constructor(private readonly engine: Engine) {}

  /** @param number exact @throws NotFound for what is not there or may not be seen */
  async find<Row extends object>(
    { customer }: Scope,
    projection: Projection<Row, RequestEvent>,
    number: string,
  ): Promise<CaseRow<Row>> {
    const { rows } = await this.engine.pool.query<CaseRow<Row>>({
      name: `case-row-${projection.name}`,
      text: `
        select revision, row from ${tableOf(projection)}
        where key = $1 and ($2::text is null or customer = $2)
        order by key limit 1`,
      values: [number, customer],
    });
    if (!rows[0]) throw new NotFound();
    return rows[0];
  }

  /** Rows of several cases, by number; what is not there or may not be seen is left out. */
  async several<Row extends object>(
    { customer }: Scope,
    projection: Projection<Row, RequestEvent>,
    numbers: readonly string[],
  ): Promise<ReadonlyMap<string, CaseRow<Row>>> {
    const { rows } = await this.engine.pool.query<CaseRow<Row> & { readonly key: string }>({
      name: `case-rows-${projection.name}`,
      text: `
        select key, revision, row from ${tableOf(projection)}
        where key = any($1) and ($2::text is null or customer = $2)
        order by key limit $3`,
      values: [numbers, customer, numbers.length],
    });
    return new Map(rows.map(({ key, revision, row }) => [key, { revision, row }]));
  }
}

import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { Engine } from '../../../platform/engine/engine';
import { bulkProjection, BulkRow } from './bulk.projection';

const table = tableOf(bulkProjection);

export interface FoundBulk {
  readonly key: string;
  readonly row: BulkRow;
}

@Injectable()
export class BulkQuery {
  constructor(private readonly engine: Engine) {}

  async find(id: string): Promise<BulkRow | undefined> {
    const { rows } = await this.engine.pool.query<FoundBulk>({
      name: 'bulk',
      text: `select key, row from ${table} where key = $1 order by key limit 1`,
      values: [id],
    });
    return rows[0]?.row;
  }

  /** The newest first. */
  async page(limit: number, offset: number): Promise<{ readonly jobs: readonly FoundBulk[]; readonly total: number }> {
    const { pool } = this.engine;
    const [{ rows }, count] = await Promise.all([
      pool.query<FoundBulk>({
        name: 'bulk-page',
        text: `select key, row from ${table} order by started_at desc, key desc limit $1 offset $2`,
        values: [limit, offset],
      }),
      pool.query<{ total: string }>({ name: 'bulk-total', text: `select count(*) as total from ${table}` }),
    ]);
    return { jobs: rows, total: Number(count.rows[0]?.total ?? 0) };
  }
}

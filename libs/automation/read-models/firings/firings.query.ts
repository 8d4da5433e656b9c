import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { Engine } from '../../../platform/engine/engine';
import { firingProjection, FiringRow } from './firing.projection';

const table = tableOf(firingProjection);
const where = '($1::text is null or rule = $1) and ($2::text is null or number = $2)';

@Injectable()
export class FiringsQuery {
  constructor(private readonly engine: Engine) {}

  /** The newest first. @param number exact */
  async page(
    rule: string | undefined,
    number: string | undefined,
    limit: number,
    offset: number,
  ): Promise<{ readonly rows: readonly FiringRow[]; readonly total: number }> {
    const { pool } = this.engine;
    const [{ rows }, count] = await Promise.all([
      pool.query<{ row: FiringRow }>(
        `select row from ${table} where ${where} order by at desc, key desc limit $3 offset $4`,
        [rule, number, limit, offset],
      ),
      pool.query<{ total: string }>(`select count(*) as total from ${table} where ${where}`, [rule, number]),
    ]);
    return { rows: rows.map(({ row }) => row), total: Number(count.rows[0]?.total ?? 0) };
  }
}

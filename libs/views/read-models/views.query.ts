import { Injectable } from '@nestjs/common';
import { tableOf } from '../../eventing/projections/projection';
import { Engine } from '../../platform/engine/engine';
import { Reader } from '../view';
import { viewProjection, ViewRow } from './view.projection';

export interface FoundView {
  readonly id: string;
  readonly revision: string;
  readonly row: ViewRow;
}

// As `sees` in view.ts has it: $1 who, $2 their team, $3 whether all that are shared are theirs to see.
const seen = `
  from ${tableOf(viewProjection)} v
  where not v.retired and (v.owner = $1 or v.team = $2 or ($3::boolean and v.team is not null))`;

/** Views that a reader sees. */
@Injectable()
export class ViewQuery {
  constructor(private readonly engine: Engine) {}

  /** By name. */
  async page(
    { id, team, role }: Reader,
    limit: number,
    offset: number,
  ): Promise<{ readonly views: readonly FoundView[]; readonly total: number }> {
    const { pool } = this.engine;
    const values = [id, team, role === 'admin'];
    const [{ rows }, count] = await Promise.all([
      pool.query<FoundView>({
        name: 'views',
        text: `select v.key as id, v.revision::text as revision, v.row ${seen} order by v.name, v.key limit $4 offset $5`,
        values: [...values, limit, offset],
      }),
      pool.query<{ total: number }>({ name: 'views-total', text: `select count(*)::int as total ${seen}`, values }),
    ]);
    return { views: rows, total: count.rows[0]?.total ?? 0 };
  }
}

import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { Engine } from '../../../platform/engine/engine';
import { Drafts, noDrafts } from '../../drafts/draft';
import { draftProjection } from './draft.projection';

@Injectable()
export class DraftsQuery {
  constructor(private readonly engine: Engine) {}

  /** @param number exact */
  async of(number: string): Promise<Drafts> {
    const { rows } = await this.engine.pool.query<{ row: Drafts }>({
      name: 'drafts',
      text: `select row from ${tableOf(draftProjection)} where key = $1 order by key limit 1`,
      values: [number],
    });
    return rows[0]?.row ?? noDrafts;
  }
}

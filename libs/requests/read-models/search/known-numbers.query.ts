import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { requestProjection } from '../request/request.projection';

/** Which of some numbers are cases that the caller may see. */
@Injectable()
export class KnownNumbers {
  constructor(private readonly engine: Engine) {}

  async among({ customer }: Scope, numbers: readonly string[]): Promise<readonly string[]> {
    if (!numbers.length) return [];
    const { rows } = await this.engine.pool.query<{ key: string }>({
      name: 'known-numbers',
      text: `
        select key from ${tableOf(requestProjection)}
        where key = any($1) and ($2::text is null or customer = $2)
        order by key limit $3`,
      values: [numbers, customer, numbers.length],
    });
    return rows.map(({ key }) => key);
  }
}

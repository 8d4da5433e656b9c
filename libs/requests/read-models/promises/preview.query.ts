import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { Engine } from '../../../platform/engine/engine';
import { PolicyMatch } from '../../../service-levels/policy';
import { customerProjection } from '../../../customers/read-models/record/customer.projection';
import { requestProjection } from '../request/request.projection';

export interface Preview {
  readonly open: number;
  readonly total: number;
  readonly numbers: readonly string[];
}

const numbersMax = 20;
const lists = ['types', 'categories', 'products', 'customerSegments', 'teams', 'priorities'] as const;
const asks = `
  ($1::text[] is null or r.row->>'type' = any($1)) and ($2::text[] is null or r.row->>'category' = any($2))
  and ($3::text[] is null or r.row->>'product' = any($3)) and ($4::text[] is null or c.row->>'segment' = any($4))
  and ($5::text[] is null or r.team = any($5)) and ($6::text[] is null or r.row->>'priority' = any($6))`;

/** Counts the cases that a policy would be for as they stand. Reads every case once: a few seconds for a million. */
@Injectable()
export class PreviewQuery {
  constructor(private readonly engine: Engine) {}

  async of(match: PolicyMatch): Promise<Preview> {
    const values = lists.map((list) => match[list] ?? null);
    const cases = `${tableOf(requestProjection)} r left join ${tableOf(customerProjection)} c on c.key = r.customer`;
    const isOpen = `r.row->>'status' in ('open', 'held')`;
    const { rows: counts } = await this.engine.pool.query<{ open: string; total: string }>(
      `select count(*) filter (where ${isOpen}) as open, count(*) as total from ${cases} where ${asks}`,
      values,
    );
    const { rows: some } = await this.engine.pool.query<{ number: string }>(
      `select r.key as number from ${cases} where ${asks} order by ${isOpen} desc, r.key limit ${numbersMax}`,
      values,
    );
    const { open = '0', total = '0' } = counts[0] ?? {};
    return { open: Number(open), total: Number(total), numbers: some.map(({ number }) => number) };
  }
}

import { Injectable } from '@nestjs/common';
import { Cut } from '../../../eventing/projections/as-of';
import { tableOf } from '../../../eventing/projections/projection';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Status } from '../../vocabulary';
import { AsOfQuery } from '../as-of/as-of.query';
import { CaseRow, CaseRows } from '../case-row.query';
import { requestProjection } from '../request/request.projection';
import { relationsProjection, RelationsRow } from './relations.projection';

export interface FoundRelations extends CaseRow<RelationsRow> {
  /** How the other cases of all links stand today. */
  readonly statuses: ReadonlyMap<string, Status>;
  /** What follows it up today. */
  readonly followUps: readonly string[];
}

const followUpsMax = 100;

const statusesSql = `
  select key, row ->> 'status' as status from ${tableOf(requestProjection)} where key = any($1) order by key limit $2`;

@Injectable()
export class RelationsQuery {
  constructor(
    private readonly engine: Engine,
    private readonly rows: CaseRows,
    private readonly past: AsOfQuery,
  ) {}

  /** @param number exact @throws NotFound for what is not there or may not be seen */
  async find(scope: Scope, number: string, cut?: Cut): Promise<FoundRelations> {
    const found = await (cut
      ? this.past.find(scope, relationsProjection, number, cut)
      : this.rows.find(scope, relationsProjection, number));
    const numbers = [...new Set(found.row.links.map((link) => link.number))];
    const [statuses, followUps] = await Promise.all([this.statusesOf(numbers), this.followUpsOf(number)]);
    return { ...found, statuses, followUps };
  }

  /** Numbers of the cases that it stands for. @throws NotFound for what is not there or may not be seen */
  async absorbed(scope: Scope, number: string, cut?: Cut): Promise<readonly string[]> {
    const { row } = await this.find(scope, number, cut);
    return row.absorbed.flatMap(({ members }) => members);
  }

  private async followUpsOf(number: string): Promise<readonly string[]> {
    const { rows } = await this.engine.pool.query<{ key: string }>({
      name: 'follow-ups',
      text: `select key from ${tableOf(relationsProjection)} where follow_up_of = $1 order by key limit $2`,
      values: [number, followUpsMax],
    });
    return rows.map(({ key }) => key);
  }

  private async statusesOf(numbers: readonly string[]): Promise<ReadonlyMap<string, Status>> {
    if (!numbers.length) return new Map();
    const { rows } = await this.engine.pool.query<{ key: string; status: Status }>({
      name: 'relation-statuses',
      text: statusesSql,
      values: [numbers, numbers.length],
    });
    return new Map(rows.map(({ key, status }) => [key, status]));
  }
}

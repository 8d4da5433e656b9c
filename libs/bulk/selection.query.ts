import { Injectable } from '@nestjs/common';
import { tableOf } from '../eventing/projections/projection';
import { Engine } from '../platform/engine/engine';
import { queueProjection } from '../requests/read-models/queue/queue.projection';
import { requestProjection } from '../requests/read-models/request/request.projection';
import { BulkFilter } from './events';

const conditions: Readonly<Record<keyof BulkFilter, (place: string) => string>> = {
  status: (place) => `q.status = any(${place})`,
  priority: (place) => `q.priority = any(${place})`,
  team: (place) => `q.team = ${place}`,
  assignee: (place) => `q.assignee = ${place}`,
  customer: (place) => `q.customer = ${place}`,
  type: (place) => `r.row ->> 'type' = ${place}`,
  category: (place) => `r.row ->> 'category' = ${place}`,
  product: (place) => `r.row ->> 'product' = ${place}`,
};
const names = Object.keys(conditions) as readonly (keyof BulkFilter)[];

/** The cases that a filter chooses now. What is ordered is ordered for these, whatever they become. */
@Injectable()
export class Selection {
  constructor(private readonly engine: Engine) {}

  /** @returns in order of their numbers, at most one more than `max` */
  async numbers(filter: BulkFilter, max: number): Promise<readonly string[]> {
    const given = names.filter((name) => filter[name] !== undefined);
    const { rows } = await this.engine.pool.query<{ key: string }>(
      `select q.key from ${tableOf(queueProjection)} q join ${tableOf(requestProjection)} r on r.key = q.key
       where ${given.map((name, index) => conditions[name](`$${index + 2}`)).join(' and ') || 'true'}
       order by q.key limit $1`,
      [max + 1, ...given.map((name) => filter[name])],
    );
    return rows.map(({ key }) => key);
  }
}

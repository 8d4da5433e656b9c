import { Injectable } from '@nestjs/common';
import { tableOf } from '../../../eventing/projections/projection';
import { PersonalText } from '../../../eventing/sealed';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Level, Priority, Status } from '../../vocabulary';
import { staffProjection } from '../directory/staff.projection';
import { teamProjection } from '../directory/team.projection';
import { Holder } from '../holders';
import { PagePlace } from '../page-cursor';
import { queueProjection } from './queue.projection';
import { CountStatement } from './queue-total.query';

/**
 * Pages of the queue, by due instant and then number.
 *
 * Guarantee: a page reads at most its own length of every status and priority asked for, straight from an index, whatever the
 * number of cases. That is why statuses and priorities are walked one by one: an index gives the order only within one of each.
 */
export interface QueueFilter {
  readonly statuses: readonly Status[];
  readonly priorities: readonly Priority[];
  /** Ids. */
  readonly team: string | undefined;
  readonly assignee: string | undefined;
  /** Which of the two nobody has been named for. */
  readonly without: readonly Holder[];
}

interface Selected {
  readonly number: string;
  readonly status: Status;
  readonly priority: Priority;
  readonly subject: PersonalText;
  readonly level: Level;
  readonly customer: string;
  readonly team: string | null;
  readonly teamHandle: string | null;
  readonly assignee: string | null;
  readonly assigneeHandle: string | null;
  readonly openedAt: string;
  /** `Infinity` for what is never due. */
  readonly dueAt: Date | number;
  readonly dueMetric: string | null;
}

export interface QueueEntry extends Omit<Selected, 'subject' | 'dueAt'> {
  readonly subject: string;
  readonly dueAt: Date | null;
}

export interface QueuePage {
  readonly entries: readonly QueueEntry[];
  readonly next: PagePlace | undefined;
}

const firstPlace: PagePlace = { due: '-infinity', number: '' };
const queue = tableOf(queueProjection);

/** Conditions on whom a case concerns, in the statement's name too: each set of them has a plan of its own. */
export const concerning = ({ customer }: Scope, { team, assignee, without }: QueueFilter, parametersBefore: number) => {
  const given = Object.entries({ team, assignee, customer }).filter(([, value]) => value !== undefined);
  return {
    name: [...given.map(([column]) => `-${column}`), ...without.map((column) => `-no-${column}`)].join(''),
    sql: [
      ...given.map(([column], index) => ` and q.${column} = $${parametersBefore + 1 + index}`),
      ...without.map((column) => ` and q.${column} is null`),
    ].join(''),
    values: given.map(([, value]) => value),
  };
};

const pageSql = (conditions: string): string => `
  select q.key as number, q.status, q.priority, q.row -> 'subject' as subject, q.row ->> 'level' as level, q.customer,
    q.team, t.handle as "teamHandle", q.assignee, s.handle as "assigneeHandle", q.row ->> 'openedAt' as "openedAt",
    q.due_at as "dueAt", q.due_metric as "dueMetric"
  from (
    select place.key, place.due_at
    from unnest($1::text[]) as a (wanted_status) cross join unnest($2::text[]) as b (wanted_priority) cross join lateral (
      select q.key, q.due_at from ${queue} q
      where q.status = wanted_status and q.priority = wanted_priority
        and (q.due_at, q.key) > ($4::timestamptz, $5::text)${conditions}
      order by q.due_at, q.key limit $3) as place
    order by place.due_at, place.key limit $3) as page
  join ${queue} q on q.key = page.key
  left join ${tableOf(teamProjection)} t on t.key = q.team
  left join ${tableOf(staffProjection)} s on s.key = q.assignee
  order by page.due_at, page.key limit $3`;

const placeOf = ({ dueAt, number }: Selected): PagePlace => ({
  due: dueAt instanceof Date ? dueAt.toISOString() : 'infinity',
  number,
});

/** Counts the whole queue, of which pages are parts. */
export const queueCount = (scope: Scope, filter: QueueFilter, parametersBefore = 0): CountStatement => {
  const { name, sql, values } = concerning(scope, filter, parametersBefore + 2);
  const [statuses, wantedPriorities] = [`$${parametersBefore + 1}`, `$${parametersBefore + 2}`];
  return {
    name: `queue-count${name}`,
    text: `select count(*) as total from ${queue} q where q.status = any(${statuses}) and q.priority = any(${wantedPriorities})${sql}`,
    values: [filter.statuses, filter.priorities, ...values],
  };
};

@Injectable()
export class QueueQuery {
  constructor(private readonly engine: Engine) {}

  /** How many cases some queues have, in their order, all at one moment. */
  async totals(scope: Scope, filters: readonly QueueFilter[]): Promise<readonly number[]> {
    if (!filters.length) return [];
    const values: unknown[] = [];
    const counts = filters.map((filter) => {
      const count = queueCount(scope, filter, values.length);
      values.push(...count.values);
      return `(${count.text})`;
    });
    const { rows } = await this.engine.pool.query<{ totals: readonly string[] }>(
      `select array[${counts.join(', ')}]::text[] as totals`,
      values,
    );
    return (rows[0]?.totals ?? []).map(Number);
  }

  async page(scope: Scope, filter: QueueFilter, from: PagePlace | undefined, rowsMax: number): Promise<QueuePage> {
    const { due, number } = from ?? firstPlace;
    const { name, sql, values } = concerning(scope, filter, 5);
    const { rows } = await this.engine.pool.query<Selected>({
      name: `queue-page${name}`,
      text: pageSql(sql),
      // One more than asked for tells whether there is a next page.
      values: [filter.statuses, filter.priorities, rowsMax + 1, due, number, ...values],
    });
    const shown = rows.slice(0, rowsMax);
    const last = shown.at(-1);
    const subjects = await this.engine.unsealer.open(
      shown.map(({ subject }) => subject),
      scope.personal,
    );
    const entries = shown.map((row, index) => ({
      ...row,
      subject: subjects[index] ?? '',
      dueAt: row.dueAt instanceof Date ? row.dueAt : null,
    }));
    return { entries, next: rows.length > rowsMax && last ? placeOf(last) : undefined };
  }
}

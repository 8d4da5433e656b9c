import { Injectable } from '@nestjs/common';
import { keyOf, streamOf } from '../../../eventing/event';
import { Cut } from '../../../eventing/projections/as-of';
import { decode } from '../../../eventing/projections/decoding';
import { LoggedEvent } from '../../../eventing/projections/mirror';
import { pooledTransaction, snapshot } from '../../../eventing/projections/pooled.adapter';
import { readStreams } from '../../../eventing/projections/projection-store.adapter';
import { readTemporalProgress } from '../../../eventing/temporal/version-store.adapter';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { requestCategory } from '../../events';
import { rowAsOf } from '../as-of/as-of.query';
import { holding, pointValues, versionsReach } from '../as-of/versions-at.query';
import { DirectoryQuery } from '../directory/directory.query';
import { PagePlace } from '../page-cursor';
import { queueProjection, QueueRow } from './queue.projection';
import { concerning, QueueEntry, QueueFilter, QueuePage } from './queue.query';

/**
 * Pages of the queue as of the past.
 *
 * Guarantee: the cases of a page, their order and the total are those that a replay of every case up to the point gives; what is shown
 * of each is such a replay. Versions of rows are only looked up to find them.
 */
export interface PastQueuePage extends QueuePage {
  readonly total: number;
  /** The newest corrections may not be in it yet. */
  readonly isStale: boolean;
}

interface Found {
  readonly total: string;
  readonly number: string | null;
  readonly dueAt: Date | number | null;
}

const firstPlace: PagePlace = { due: '-infinity', number: '' };

const wantedSql = 'unnest($5::text[]) as a (wanted_status) cross join unnest($6::text[]) as b (wanted_priority)';

const pageSql = (conditions: string): string => `
  with alive as materialized (${holding(
    queueProjection,
    'q.key, q.due_at',
    wantedSql,
    `and q.status = wanted_status and q.priority = wanted_priority${conditions}`,
  )})
  select counted.total, page.key as number, page.due_at as "dueAt"
  from (select count(*) as total from alive) as counted left join (
    select key, due_at from alive where (due_at, key) > ($7::timestamptz, $8::text)
    order by due_at, key limit $9) as page on true
  order by page.due_at, page.key limit $9`;

@Injectable()
export class PastQueueQuery {
  constructor(
    private readonly engine: Engine,
    private readonly directory: DirectoryQuery,
  ) {}

  /** @throws Unavailable while the versions are not there yet */
  async page(
    scope: Scope,
    filter: QueueFilter,
    from: PagePlace | undefined,
    rowsMax: number,
    cut: Cut,
  ): Promise<PastQueuePage> {
    const isStale = await versionsReach(this.engine.pool, queueProjection, cut);
    const { found, events } = await this.read(scope, filter, from ?? firstPlace, rowsMax + 1, cut);
    const page = found.flatMap(({ number, dueAt }) => (number === null ? [] : [{ number, dueAt }]));
    const entries = await this.entries(scope, page.slice(0, rowsMax), events, cut);
    const last = page[rowsMax - 1];
    const next = page.length > rowsMax && last ? { due: textOf(last.dueAt), number: last.number } : undefined;
    return { entries, next, total: Number(found[0]?.total ?? 0), isStale };
  }

  private async read(scope: Scope, filter: QueueFilter, { due, number }: PagePlace, rowsMax: number, cut: Cut) {
    const { name, sql, values } = concerning(scope, filter, 9);
    return pooledTransaction(this.engine.pool, snapshot, async (db) => {
      const { rows: found } = await db.query<Found>({
        name: `queue-past${name}`,
        text: pageSql(sql),
        values: [...pointValues(cut), filter.statuses, filter.priorities, due, number, rowsMax, ...values],
      });
      const progress = await readTemporalProgress(db, queueProjection);
      const streams = found.flatMap((row) => (row.number === null ? [] : [streamOf(requestCategory, row.number)]));
      const events = (await readStreams(db, streams)).filter(({ sequence }) => sequence <= (progress?.sequence ?? 0));
      return { found, events };
    });
  }

  private async entries(
    scope: Scope,
    page: readonly Pick<Found, 'number' | 'dueAt'>[],
    events: readonly LoggedEvent[],
    cut: Cut,
  ): Promise<readonly QueueEntry[]> {
    const rows = page.map(({ number, dueAt }) => ({
      number: number ?? '',
      dueAt,
      row: this.rowOf(number, events, cut),
    }));
    const [teams, staff, subjects] = await Promise.all([
      this.directory.teamHandles(rows.flatMap(({ row }) => row.team ?? [])),
      this.directory.staffHandles(rows.flatMap(({ row }) => row.assignee ?? [])),
      this.engine.unsealer.open(
        rows.map(({ row }) => row.subject),
        scope.personal,
      ),
    ]);
    return rows.map(({ number, dueAt, row }, index) => {
      const { status, priority, level, customer, team, assignee, openedAt } = row;
      return {
        ...{ number, status, priority, level, customer, team, assignee, openedAt },
        subject: subjects[index] ?? '',
        teamHandle: teams.get(team ?? '') ?? null,
        assigneeHandle: staff.get(assignee ?? '') ?? null,
        dueAt: dueAt instanceof Date ? dueAt : null,
        dueMetric: queueProjection.columns['due_metric']?.of(row) as string | null,
      };
    });
  }

  private rowOf(number: string | null, events: readonly LoggedEvent[], cut: Cut): QueueRow {
    const history = events.filter(({ stream }) => keyOf(stream) === number);
    const found = rowAsOf(queueProjection, number ?? '', decode(this.engine.types, history), cut);
    if (!found) throw new Error(`the version of ${number} in the queue has no row`);
    return found.row;
  }
}

const textOf = (due: Date | number | null): string => (due instanceof Date ? due.toISOString() : 'infinity');

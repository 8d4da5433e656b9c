import { Injectable } from '@nestjs/common';
import { Cut } from '../../../eventing/projections/as-of';
import { tableOf } from '../../../eventing/projections/projection';
import { type ClockStatusAt } from '../../../service-levels/clocks';
import { Metric } from '../../../service-levels/policy';
import { Engine } from '../../../platform/engine/engine';
import { Priority } from '../../vocabulary';
import { PagePlace } from '../page-cursor';
import { holding, pointValues, versionsReach } from '../as-of/versions-at.query';
import { serviceLevelsProjection, Standing, standings } from './service-levels.projection';

/**
 * The clocks of all cases: how many stand how, and which they are; now, or as of the past.
 *
 * Guarantee: what it counts are the verdicts that each case's own answer gives at the same point. Clocks are ordered by the instant at
 * which they are breached, then by number; those that never will be stand last.
 */
export const clockStatuses = ['running', 'paused', 'breached', 'met', 'missed', 'cancelled'] as const;

export interface PopulationFilter {
  readonly metric: Metric | undefined;
  /** Id. */
  readonly team: string | undefined;
  readonly priorities: readonly Priority[];
  readonly statuses: readonly ClockStatusAt[];
}

export interface PopulationClock {
  readonly number: string;
  readonly metric: Metric;
  readonly cycle: number;
  readonly status: ClockStatusAt;
  readonly priority: Priority;
  readonly team: string | null;
  /** Epoch milliseconds; null when it never will be. */
  readonly breachesAt: number | null;
}

export interface PopulationGroup {
  readonly metric: Metric;
  readonly team: string | null;
  readonly priority: Priority;
  readonly counts: Readonly<Partial<Record<ClockStatusAt, number>>>;
}

export interface PopulationPage {
  readonly groups: readonly PopulationGroup[];
  readonly clocks: readonly PopulationClock[];
  readonly total: number;
  readonly next: PagePlace | undefined;
  /** The newest corrections may not be in it yet. */
  readonly isStale: boolean;
}

interface Found {
  readonly groups: readonly PopulationGroup[];
  readonly clocks: readonly PopulationClock[];
  readonly total: string;
}

/** Such clocks are in cases that are open in this sense; the others may be in any. */
const stillOpen: ReadonlySet<ClockStatusAt> = new Set<ClockStatusAt>(['running', 'paused', 'breached']);
const never = '9223372036854775807';
const firstPlace: PagePlace = { due: '-9223372036854775808', number: '' };

const live = `select q.key, q.verdicts from ${tableOf(serviceLevelsProjection)} q where q.standing = any($1)`;
const past = holding(
  serviceLevelsProjection,
  'q.key, q.verdicts',
  'unnest($5::text[]) as s (wanted_standing)',
  'and q.standing = wanted_standing',
);

/** The verdicts of cases that are `alive`, as tables of a `with`. @param now place of the point, epoch milliseconds */
const judgedSql = (alive: string, now: string): string => `
  alive as (${alive}),
  verdict as (
    select key, split_part(text, '/', 1) as metric, split_part(text, '/', 2)::integer as cycle, split_part(text, '/', 3) as stands,
      split_part(text, '/', 4) as priority, nullif(split_part(text, '/', 5), '') as team,
      nullif(split_part(text, '/', 6), '')::bigint as breaches
    from alive cross join lateral string_to_table(verdicts, ' ') as text where text <> ''),
  judged as (
    select key, metric, cycle, priority, team, breaches, coalesce(breaches, ${never}) as place,
      key || '/' || metric || '/' || cycle as name,
      case when stands in ('running', 'paused') and breaches <= ${now}::bigint then 'breached' else stands end as status
    from verdict)`;

interface Restricted {
  readonly metric: string;
  readonly team: string;
  readonly priorities: string;
  readonly statuses: string;
}

/** @param places of what a filter says */
const isWanted = ({ metric, team, priorities, statuses }: Restricted): string =>
  `(${metric}::text is null or metric = ${metric}) and (${team}::text is null or team = ${team})
      and priority = any(${priorities}::text[]) and status = any(${statuses}::text[])`;

const sqlOf = (alive: string, parametersBefore: number): string => {
  const [now = '', metric = '', team = '', priorities = '', statuses = '', due, number, limit] = Array.from(
    { length: 8 },
    (_, index) => `$${parametersBefore + index + 1}`,
  );
  return `
  with ${judgedSql(alive, now)},
  clock as materialized (select * from judged where ${isWanted({ metric, team, priorities, statuses })}),
  counts as (select metric, team, priority, status, count(*) as clocks from clock group by metric, team, priority, status),
  page as (
    select * from clock where (place, name) > (${due}::bigint, ${number}::text) order by place, name limit ${limit})
  select
    (select coalesce(json_agg(g order by g.metric, g.team nulls first, g.priority), '[]') from (
      select metric, team, priority, json_object_agg(status, clocks order by status) as counts
      from counts group by metric, team, priority) as g) as groups,
    (select count(*) from clock) as total,
    (select coalesce(json_agg(json_build_object('number', key, 'metric', metric, 'cycle', cycle, 'status', status,
      'priority', priority, 'team', team, 'breachesAt', breaches) order by place, name), '[]') from page) as clocks`;
};

@Injectable()
export class PopulationQuery {
  constructor(private readonly engine: Engine) {}

  /** @param now epoch milliseconds of the point @throws Unavailable while the versions of the past are not there yet */
  async page(
    filter: PopulationFilter,
    from: PagePlace | undefined,
    rowsMax: number,
    { now, cut }: { readonly now: number; readonly cut?: Cut | undefined },
  ): Promise<PopulationPage> {
    const { pool } = this.engine;
    const isStale = cut ? await versionsReach(pool, serviceLevelsProjection, cut) : false;
    const { due, number } = from ?? firstPlace;
    const { metric, team, priorities, statuses } = filter;
    const asked = [now, metric, team, priorities, statuses, due, number, rowsMax + 1];
    const { rows } = await pool.query<Found>({
      name: cut ? 'population-past' : 'population',
      text: cut ? sqlOf(past, 5) : sqlOf(live, 1),
      values: [...(cut ? pointValues(cut) : []), standingsOf(filter), ...asked],
    });
    const { groups, total, clocks } = rows[0] ?? { groups: [], total: '0', clocks: [] };
    const shown = clocks.slice(0, rowsMax);
    const last = shown.at(-1);
    const next = clocks.length > rowsMax && last ? placeOf(last) : undefined;
    return { groups, clocks: shown, total: Number(total), next, isStale };
  }

  /** How many clocks some filters find, as their own pages say, all at one moment. @param now epoch milliseconds */
  async totals(filters: readonly PopulationFilter[], now: number): Promise<readonly number[]> {
    if (!filters.length) return [];
    const { rows } = await this.engine.pool.query<{ totals: readonly string[] }>(totalsSql(filters.length), [
      standingsOf({ statuses: filters.flatMap(({ statuses }) => statuses) }),
      now,
      ...filters.flatMap(({ metric, team, priorities, statuses }) => [metric, team, priorities, statuses]),
    ]);
    return (rows[0]?.totals ?? []).map(Number);
  }
}

/** One statement for all of them: $1 standings, $2 the point, and four values a filter. */
const totalsSql = (filters: number): string => {
  const counts = Array.from({ length: filters }, (_, index) => {
    const [metric = '', team = '', priorities = '', statuses = ''] = [3, 4, 5, 6].map((at) => `$${4 * index + at}`);
    return `count(*) filter (where ${isWanted({ metric, team, priorities, statuses })})`;
  });
  return `with ${judgedSql(live, '$2')} select array[${counts.join(', ')}]::text[] as totals from judged`;
};

const standingsOf = ({ statuses }: Pick<PopulationFilter, 'statuses'>): readonly Standing[] =>
  statuses.every((status) => stillOpen.has(status)) ? ['open'] : standings;

const placeOf = ({ breachesAt, number, metric, cycle }: PopulationClock): PagePlace => ({
  due: breachesAt === null ? never : String(breachesAt),
  number: `${number}/${metric}/${cycle}`,
});

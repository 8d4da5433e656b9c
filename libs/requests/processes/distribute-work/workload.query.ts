import { tableOf } from '../../../eventing/projections/projection';
import { Queryable } from '../../../eventing/projections/projection-store.adapter';
import { Reservation } from '../../../teams/events';
import { Distributions, Working } from '../../../teams/roster';
import { staffProjection } from '../../read-models/directory/staff.projection';
import { teamProjection } from '../../read-models/directory/team.projection';
import { workloadProjection } from '../../read-models/workload/workload.projection';
import { Priority } from '../../vocabulary';

/** What the read models know of teams, their people, and what waits for them. */
const workload = tableOf(workloadProjection);
export const teamsMax = 10_000;
export const membersMax = 2_000;

export interface TeamRow {
  readonly id: string;
  readonly distributions: Distributions;
}

export const readTeams = async (db: Queryable): Promise<readonly TeamRow[]> => {
  const { rows } = await db.query<TeamRow>(
    `select key as id, row->'distributions' as distributions from ${tableOf(teamProjection)} order by key limit ${teamsMax}`,
  );
  return rows;
};

/** Those of the teams that somebody waits for. */
export const waitedFor = async (db: Queryable, teams: readonly string[]): Promise<readonly string[]> => {
  const { rows } = await db.query<{ team: string }>(
    `select team from unnest($1::text[]) as asked (team)
     where exists (select from ${workload} where waiting = team) order by team limit $2`,
    [teams, teams.length],
  );
  return rows.map(({ team }) => team);
};

export interface MemberRow {
  readonly staff: string;
  readonly revision: number;
  readonly working: Working;
  /** What is reserved for them and has not moved on since. */
  readonly reserved: readonly Reservation[];
  /** How much of each priority they work on. */
  readonly load: Readonly<Partial<Record<Priority, number>>>;
  readonly turn: number | null;
}

/** Everybody who is in a team, was or is to be; all at one instant, so that no case is between what is reserved and what is worked on. */
export const readMembers = async (db: Queryable, team: string): Promise<readonly MemberRow[]> => {
  const { rows } = await db.query<MemberRow>(
    `select s.key as staff, s.revision, s.row as working,
       (select coalesce(jsonb_agg(r), '[]') from jsonb_array_elements(s.row->'reserved') as r
        left join ${workload} w on w.key = r->>'number'
        where w.revision is null or w.revision <= (r->>'revision')::bigint) as reserved,
       (select coalesce(jsonb_object_agg(priority, cases), '{}') from (
         select row->>'priority' as priority, count(*) as cases from ${workload} where working = s.key group by 1
       ) as loads) as load,
       (select turn::double precision from ${workload} where given_to = s.key order by turn desc limit 1) as turn
     from ${tableOf(staffProjection)} s where s.row->'teams' ? $1 order by s.key limit ${membersMax}`,
    [team],
  );
  return rows;
};

export interface WaitingRow {
  readonly number: string;
  readonly revision: number;
  readonly priority: Priority;
  readonly skills: readonly string[];
}

/** The oldest ones that wait for a team's people. */
export const readWaiting = async (db: Queryable, team: string, casesMax: number): Promise<readonly WaitingRow[]> => {
  const { rows } = await db.query<WaitingRow>(
    `select key as number, revision, row->>'priority' as priority,
       coalesce(row->'routed'->'skills', '[]') as skills
     from ${workload} where waiting = $1 order by opened_at, key limit $2`,
    [team, casesMax],
  );
  return rows;
};

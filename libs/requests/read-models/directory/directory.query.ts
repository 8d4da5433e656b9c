import { Injectable } from '@nestjs/common';
import { AnyProjection, tableOf } from '../../../eventing/projections/projection';
import { Opened } from '../../../eventing/unsealer';
import { Rejection } from '../../../eventing/rejection';
import { Engine } from '../../../platform/engine/engine';
import { staffProjection, StaffRow } from './staff.projection';
import { teamProjection, TeamRow } from './team.projection';

export interface Listed<Row> {
  readonly items: readonly { readonly id: string; readonly row: Row }[];
  readonly total: number;
}

/** Handles of staff and teams, and whom a handle or id in a query means. */
@Injectable()
export class DirectoryQuery {
  constructor(private readonly engine: Engine) {}

  /** @throws Rejection UNKNOWN_TEAM */
  async teamId(handleOrId: string): Promise<string> {
    const id = await this.idIn(teamProjection, handleOrId);
    return id ?? refuse('UNKNOWN_TEAM', 'no team is known under this handle or id', '/team');
  }

  /** @throws Rejection UNKNOWN_STAFF */
  async staffId(handleOrId: string, pointer = '/assignee'): Promise<string> {
    const id = await this.idIn(staffProjection, handleOrId);
    return id ?? refuse('UNKNOWN_STAFF', 'nobody is known under this handle or id', pointer);
  }

  /** Handles by id; ids that are nobody's of ours are absent. */
  async staffHandles(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.handlesIn(staffProjection, ids);
  }

  async teamHandles(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.handlesIn(teamProjection, ids);
  }

  /** @param personal names in clear @param behind handle of the last one of the page before */
  async teams(personal: boolean, behind: string | undefined, limit: number): Promise<Listed<Opened<TeamRow>>> {
    const { items, total } = await this.list<TeamRow>(teamProjection, undefined, behind, limit);
    const opened = await this.engine.unsealer.open(items, personal);
    return { items: opened, total };
  }

  /** @param team id: those who are in it, or are to be */
  members(team: string | undefined, behind: string | undefined, limit: number): Promise<Listed<StaffRow>> {
    return this.list<StaffRow>(staffProjection, team, behind, limit);
  }

  private async list<Row>(
    projection: AnyProjection,
    team: string | undefined,
    behind: string | undefined,
    limit: number,
  ): Promise<Listed<Row>> {
    const among = `${tableOf(projection)} where ($1::text is null or row->'teams' ? $1)`;
    const { rows } = await this.engine.pool.query<{ id: string; row: Row }>(
      `select key as id, row from ${among} and ($2::text is null or handle > $2) order by handle, key limit $3`,
      [team ?? null, behind ?? null, limit],
    );
    const { rows: counts } = await this.engine.pool.query<{ total: string }>(`select count(*) as total from ${among}`, [
      team ?? null,
    ]);
    return { items: rows, total: Number(counts[0]?.total ?? 0) };
  }

  private async idIn(projection: AnyProjection, handleOrId: string): Promise<string | undefined> {
    const { rows } = await this.engine.pool.query<{ key: string }>({
      name: `directory-${projection.name}-id`,
      text: `select key from ${tableOf(projection)} where key = $1 or handle = $1 order by key limit 1`,
      values: [handleOrId],
    });
    return rows[0]?.key;
  }

  private async handlesIn(projection: AnyProjection, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const distinct = [...new Set(ids)];
    if (!distinct.length) return new Map();
    const { rows } = await this.engine.pool.query<{ key: string; handle: string }>({
      name: `directory-${projection.name}-handles`,
      text: `select key, handle from ${tableOf(projection)} where key = any($1) order by key limit $2`,
      values: [distinct, distinct.length],
    });
    return new Map(rows.map(({ key, handle }) => [key, handle]));
  }
}

const refuse = (code: string, detail: string, pointer: string): never => {
  throw new Rejection(code, detail, [{ pointer, code, detail }]);
};

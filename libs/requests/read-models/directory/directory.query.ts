import { Injectable } from '@nestjs/common';
import { AnyProjection, tableOf } from '../../../eventing/projections/projection';
import { Rejection } from '../../../eventing/rejection';
import { Engine } from '../../../platform/engine/engine';
import { staffProjection } from './staff.projection';
import { teamProjection } from './team.projection';

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
  async staffId(handleOrId: string): Promise<string> {
    const id = await this.idIn(staffProjection, handleOrId);
    return id ?? refuse('UNKNOWN_STAFF', 'nobody is known under this handle or id', '/assignee');
  }

  /** Handles by id; ids that are nobody's of ours are absent. */
  async staffHandles(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.handlesIn(staffProjection, ids);
  }

  async teamHandles(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.handlesIn(teamProjection, ids);
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

import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../eventing/failures';
import { tableOf } from '../../../eventing/projections/projection';
import { Opened } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { Cut } from '../../../eventing/projections/as-of';
import { Scope } from '../../../platform/auth/caller';
import { CaseRow } from '../case-row.query';
import { AsOfQuery } from '../as-of/as-of.query';
import { DirectoryQuery } from '../directory/directory.query';
import { staffProjection } from '../directory/staff.projection';
import { teamProjection } from '../directory/team.projection';
import { requestProjection, RequestRow } from './request.projection';

/** A case as it stands, with the handles of who holds it. */
export interface FoundRequest {
  readonly number: string;
  readonly revision: number;
  readonly row: Opened<RequestRow>;
  readonly teamHandle: string | null;
  readonly assigneeHandle: string | null;
  readonly mergedInto: MergePath | null;
}

/** The way to the case that stands for another one: what that was merged into, and so on; the last one is `number`. */
export interface MergePath {
  readonly number: string;
  readonly path: readonly string[];
}

interface Selected extends Omit<FoundRequest, 'row' | 'mergedInto'> {
  readonly row: RequestRow;
}

// Numbers on the way are told to whoever may see where it begins.
const everyCase: Scope = { customer: undefined, personal: false, internal: true };

const someRequests = `
  select r.key as number, r.revision, r.row, t.handle as "teamHandle", s.handle as "assigneeHandle"
  from ${tableOf(requestProjection)} r
  left join ${tableOf(teamProjection)} t on t.key = r.team
  left join ${tableOf(staffProjection)} s on s.key = r.assignee
  where r.key = any($1) and ($2::text is null or r.customer = $2)
  order by r.key limit $3`;

// No longer way can come about, see `libs/relations`.
const stepsMax = 200;

const mergePath = `
  with recursive path as (
    select key, merged_into, 1 as step from ${tableOf(requestProjection)} where key = $1
    union all
    select r.key, r.merged_into, path.step + 1
    from path join ${tableOf(requestProjection)} r on r.key = path.merged_into where path.step < $2)
  select key from path order by step limit $2`;

@Injectable()
export class RequestQuery {
  constructor(
    private readonly engine: Engine,
    private readonly past: AsOfQuery,
    private readonly directory: DirectoryQuery,
  ) {}

  /** @param number exact @throws NotFound for what is not there or may not be seen */
  async find(scope: Scope, number: string, cut?: Cut): Promise<FoundRequest> {
    const found = await (cut ? this.findPast(scope, number, cut) : this.findPresent(scope, number));
    const [row, mergedInto] = await Promise.all([
      this.engine.unsealer.open(found.row, scope.personal),
      this.mergePath(found.row.mergedInto, cut),
    ]);
    return { ...found, row, mergedInto };
  }

  /** @param next what the case was merged into itself */
  async mergePath(next: string | null, cut?: Cut): Promise<MergePath | null> {
    if (next === null) return null;
    const path = cut ? await this.pastPath(next, cut) : await this.presentPath(next);
    return { number: path.at(-1) ?? next, path };
  }

  private async presentPath(from: string): Promise<readonly string[]> {
    const { rows } = await this.engine.pool.query<{ key: string }>({
      name: 'merge-path',
      text: mergePath,
      values: [from, stepsMax],
    });
    return rows.map(({ key }) => key);
  }

  private async pastPath(from: string, cut: Cut): Promise<readonly string[]> {
    const path = [from];
    for (let next: string | null = from; next !== null && path.length <= stepsMax;) {
      const { row }: CaseRow<RequestRow> = await this.past.find(everyCase, requestProjection, next, cut);
      next = row.mergedInto;
      if (next !== null) path.push(next);
    }
    return path;
  }

  /** Those of some cases that are there and may be seen, in the order asked for. */
  async findSome(scope: Scope, numbers: readonly string[]): Promise<readonly FoundRequest[]> {
    const found = new Map((await this.select(scope, numbers)).map((each) => [each.number, each]));
    const inOrder = numbers.flatMap((number) => found.get(number) ?? []);
    const [rows, paths] = await Promise.all([
      this.engine.unsealer.open(
        inOrder.map(({ row }) => row),
        scope.personal,
      ),
      Promise.all(inOrder.map(({ row }) => this.mergePath(row.mergedInto))),
    ]);
    return inOrder.flatMap((each, index) => {
      const row = rows[index];
      return row ? [{ ...each, row, mergedInto: paths[index] ?? null }] : [];
    });
  }

  private async findPresent(scope: Scope, number: string): Promise<Selected> {
    const [found] = await this.select(scope, [number]);
    if (!found) throw new NotFound();
    return found;
  }

  private async select(scope: Scope, numbers: readonly string[]): Promise<readonly Selected[]> {
    const { rows } = await this.engine.pool.query<Selected>({
      name: 'request',
      text: someRequests,
      values: [numbers, scope.customer, numbers.length],
    });
    return rows;
  }

  /** Handles are those of today: who somebody is does not depend on when one asks. */
  private async findPast(scope: Scope, number: string, cut: Cut): Promise<Selected> {
    const { revision, row } = await this.past.find(scope, requestProjection, number, cut);
    const [teams, staff] = await Promise.all([
      this.directory.teamHandles(row.team === null ? [] : [row.team]),
      this.directory.staffHandles(row.assignee === null ? [] : [row.assignee]),
    ]);
    const teamHandle = teams.get(row.team ?? '') ?? null;
    return { number, revision, row, teamHandle, assigneeHandle: staff.get(row.assignee ?? '') ?? null };
  }
}

import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../eventing/failures';
import { tableOf } from '../../../eventing/projections/projection';
import { Opened } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { Scope } from '../../permissions';
import { Cut } from '../../../eventing/projections/as-of';
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
}

interface Selected extends Omit<FoundRequest, 'row'> {
  readonly row: RequestRow;
}

const someRequests = `
  select r.key as number, r.revision, r.row, t.handle as "teamHandle", s.handle as "assigneeHandle"
  from ${tableOf(requestProjection)} r
  left join ${tableOf(teamProjection)} t on t.key = r.team
  left join ${tableOf(staffProjection)} s on s.key = r.assignee
  where r.key = any($1) and ($2::text is null or r.customer = $2)
  order by r.key limit $3`;

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
    return { ...found, row: await this.engine.unsealer.open(found.row, scope.personal) };
  }

  /** Those of some cases that are there and may be seen, in the order asked for. */
  async findSome(scope: Scope, numbers: readonly string[]): Promise<readonly FoundRequest[]> {
    const found = new Map((await this.select(scope, numbers)).map((each) => [each.number, each]));
    const inOrder = numbers.flatMap((number) => found.get(number) ?? []);
    const rows = await this.engine.unsealer.open(
      inOrder.map(({ row }) => row),
      scope.personal,
    );
    return inOrder.flatMap((each, index) => (rows[index] ? [{ ...each, row: rows[index] }] : []));
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

import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { readers, Scope } from '../../../platform/auth/caller';
import { RequestNumber } from '../../number.http';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf, AsOfQuery } from '../as-of/as-of.query';
import { CaseRows } from '../case-row.query';
import { DirectoryQuery } from '../directory/directory.query';
import { CallerScope, QueryOf, ReadRoute } from '../read-route.http';
import { AccountabilityView, accountabilityView } from './accountability-view.http';
import { accountabilityProjection } from './accountability.projection';
import { accountsAt } from './accounts';

const present = (ids: readonly (string | null)[]): string[] => ids.filter((id) => id !== null);

@Controller('v1/requests')
export class AccountabilityController {
  constructor(
    private readonly cases: CaseRows,
    private readonly past: AsOfQuery,
    private readonly directory: DirectoryQuery,
  ) {}

  @ReadRoute(':number/accountability', readers)
  @ApiOperation({ operationId: 'getAccountability', summary: 'Who held it in which stage, for how many seconds.' })
  @ApiAsOf()
  @ApiOkResponse({ type: AccountabilityView })
  async accounts(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(asOfParameters) _query: object,
    @AsOfPoint() asOf: AsOf | undefined,
  ): Promise<AccountabilityView> {
    const { revision, row } = asOf
      ? await this.past.find(scope, accountabilityProjection, number, asOf.cut)
      : await this.cases.find(scope, accountabilityProjection, number);
    const accounts = accountsAt(row, asOf?.now ?? Date.now());
    const [teams, staff] = await Promise.all([
      this.directory.teamHandles(present(accounts.spans.map(({ team }) => team))),
      this.directory.staffHandles(present(accounts.spans.map(({ assignee }) => assignee))),
    ]);
    return accountabilityView({ number, revision, openedAt: row.openedAt }, accounts, { teams, staff });
  }
}

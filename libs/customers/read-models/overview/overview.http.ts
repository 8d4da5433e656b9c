import { Controller, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { readersAndCustomer, Scope } from '../../../platform/auth/caller';
import { CallerScope, QueryOf, ReadPosition } from '../../../platform/http/read-route.http';
import { CustomerId } from '../../command.http';
import { CustomerReadRoute } from '../read-route.http';
import { OverviewView, overviewView } from './overview-view.http';
import { OverviewQuery } from './overview.query';

@Controller('v1/customers')
export class OverviewController {
  constructor(private readonly overviews: OverviewQuery) {}

  /** A customer with everything that concerns them. Who is merged leads to the survivor. */
  @CustomerReadRoute(':id', readersAndCustomer)
  @ApiOperation({ operationId: 'getCustomer', summary: 'A customer with everything that concerns them.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OverviewView })
  async one(
    @CallerScope() scope: Scope,
    @CustomerId() id: string,
    @QueryOf({}) _query: object,
    @ReadPosition() position: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OverviewView> {
    const view = overviewView(scope, id, await this.overviews.of(scope, id), position);
    void reply.header('etag', `"${view.revision}"`);
    return view;
  }
}

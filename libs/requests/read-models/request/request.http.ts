import { Controller, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { readersAndCustomer, Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { instant } from '../../../platform/http/query-parameters';
import { RequestNumber } from '../../number.http';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf } from '../as-of/as-of.query';
import { CallerScope, QueryOf, ReadRoute, ValuesOf } from '../read-route.http';
import { requestView, RequestView } from './request-view.http';
import { RequestQuery } from './request.query';

const parameters = { ...asOfParameters, namesAsOf: instant };

@Controller('v1/requests')
export class RequestReadController {
  constructor(
    private readonly requests: RequestQuery,
    private readonly configuration: ConfigurationBook,
    private readonly engine: Engine,
  ) {}

  @ReadRoute(':number', readersAndCustomer)
  @ApiOperation({ operationId: 'getRequest', summary: 'A request as it stands.' })
  @ApiAsOf()
  @ApiQuery({ name: 'namesAsOf', required: false, description: 'what things were called at this instant' })
  @ApiOkResponse({ type: RequestView })
  async one(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(parameters) { namesAsOf }: ValuesOf<typeof parameters>,
    @AsOfPoint() asOf: AsOf | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestView> {
    const names = await this.configuration.standing(namesAsOf ?? this.engine.now().getTime());
    const view = requestView(scope, await this.requests.find(scope, number, asOf?.cut), names);
    void reply.header('etag', `"${view.revision}"`);
    return view;
  }
}

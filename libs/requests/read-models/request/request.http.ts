import { Controller, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { RequestNumber } from '../../number.http';
import { Scope } from '../../permissions';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf } from '../as-of/as-of.query';
import { CallerScope, QueryOf, ReadRoute } from '../read-route.http';
import { requestView, RequestView } from './request-view.http';
import { RequestQuery } from './request.query';

@Controller('v1/requests')
export class RequestReadController {
  constructor(private readonly requests: RequestQuery) {}

  @ReadRoute(':number', 'request')
  @ApiAsOf()
  @ApiOkResponse({ type: RequestView })
  async one(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(asOfParameters) _query: object,
    @AsOfPoint() asOf: AsOf | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestView> {
    const view = requestView(scope, await this.requests.find(scope, number, asOf?.cut));
    void reply.header('etag', `"${view.revision}"`);
    return view;
  }
}

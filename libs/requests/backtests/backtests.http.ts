import { Body, Controller, Delete, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { NotFound } from '../../eventing/failures';
import { Allow, CurrentCaller } from '../../platform/auth/auth.guard';
import { Caller } from '../../platform/auth/caller';
import { unprocessable } from '../../platform/http/problem';
import { mayBacktest } from '../permissions';
import { QueryOf, ReadRoute } from '../read-models/read-route.http';
import { BacktestJobs } from './backtest-jobs.handler';
import { BacktestBody, changesUsual } from './backtests-body.http';
import { JobAnswer, JobsAnswer, jobView } from './backtests-view.http';
import { DraftTerms, Trial } from './draft-terms.handler';

const firstInstant = '1900-01-01T00:00:00.000Z';
const lastInstant = '2400-01-01T00:00:00.000Z';

const trialOf = ({ policyId, policy, calendars = [] }: BacktestBody): Trial => {
  const chosen = policy ?? policyId;
  if (chosen === undefined || (policy && policyId !== undefined))
    throw unprocessable([{ pointer: '/policy', code: 'ONE_POLICY', detail: 'give either policy or policyId' }]);
  return { policy: chosen, calendars: Object.fromEntries(calendars.map(({ id, calendar }) => [id, calendar])) };
};

/** Another policy or calendar tried on the whole past. Nothing of it reaches the cases or what is read of them. */
@Controller('v1/backtests')
export class BacktestsController {
  constructor(
    private readonly jobs: BacktestJobs,
    private readonly drafts: DraftTerms,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'startBacktest',
    summary: 'Tries another policy or calendar on the whole past, as a job.',
  })
  @ApiTags('service levels')
  @HttpCode(202)
  @Allow(...mayBacktest)
  @ApiAcceptedResponse({ type: JobAnswer })
  async start(
    @CurrentCaller() { id }: Caller,
    @Body() body: BacktestBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAnswer> {
    const terms = await this.drafts.of(trialOf(body), new Date());
    const { from = firstInstant, to = lastInstant, sequence, changesMax = changesUsual } = body;
    const job = this.jobs.add({ terms, from: Date.parse(from), to: Date.parse(to), sequence, changesMax }, id);
    void reply.header('location', `/v1/backtests/${job.id}`);
    return jobView(job);
  }

  @ReadRoute('', mayBacktest)
  @ApiOperation({
    operationId: 'getBacktests',
    summary: 'The back-tests that this server has run lately, and those that wait.',
  })
  @ApiOkResponse({ type: JobsAnswer })
  all(@QueryOf() _query: object): JobsAnswer {
    return { items: this.jobs.all().map((job) => ({ ...jobView(job), result: null })) };
  }

  @ReadRoute(':id', mayBacktest)
  @ApiOperation({ operationId: 'getBacktest', summary: 'How far a back-test is, and what came out.' })
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiOkResponse({ type: JobAnswer })
  one(@Param('id') id: string, @QueryOf() _query: object): JobAnswer {
    return jobView(found(this.jobs.find(id)));
  }

  /** Ends one that waits or runs; forgets one that has ended. */
  @Delete(':id')
  @ApiOperation({
    operationId: 'cancelBacktest',
    summary: 'Ends a back-test that waits or runs; forgets one that is over.',
  })
  @ApiTags('service levels')
  @HttpCode(200)
  @Allow(...mayBacktest)
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiOkResponse({ type: JobAnswer })
  cancel(@Param('id') id: string): JobAnswer {
    return jobView(found(this.jobs.cancel(id)));
  }
}

const found = <T>(job: T | undefined): T => {
  if (job === undefined) throw new NotFound();
  return job;
};

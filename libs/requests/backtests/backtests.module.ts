import { Module } from '@nestjs/common';
import { BacktestJobs } from './backtest-jobs.handler';
import { BacktestsController } from './backtests.http';
import { DraftTerms } from './draft-terms.handler';

/** Back-tests as jobs. Expects an `Engine`, a `Directory` and a `ServiceLevelBook` from outside. */
@Module({ controllers: [BacktestsController], providers: [BacktestJobs, DraftTerms] })
export class BacktestsModule {}

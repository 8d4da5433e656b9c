import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Rejection } from '../../eventing/rejection';
import { Engine } from '../../platform/engine/engine';
import { BacktestProgress, BacktestRequest, BacktestResult, runBacktest } from './run-backtest.adapter';

/**
 * Back-tests that this server runs: one at a time, the results of the last few kept in memory until the server stops. What is lost
 * with it can be had again, byte for byte, by the same request up to the same sequence.
 */
const jobsKeptMax = 20;
const waitingMax = 5;

export type JobStatus = 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';

export interface Job {
  readonly id: string;
  readonly startedBy: string;
  status: JobStatus;
  progress: BacktestProgress | null;
  result: BacktestResult | null;
}

interface OwnJob extends Job {
  readonly request: BacktestRequest;
  readonly abort: AbortController;
}

@Injectable()
export class BacktestJobs implements OnModuleDestroy {
  private readonly jobs = new Map<string, OwnJob>();
  private working: Promise<void> | undefined;

  constructor(private readonly engine: Engine) {}

  /** @throws Rejection TOO_MANY_BACKTESTS */
  add(request: BacktestRequest, startedBy: string): Job {
    const waiting = this.all().filter(({ status }) => status === 'waiting').length;
    if (waiting >= waitingMax) throw new Rejection('TOO_MANY_BACKTESTS', `${waiting} back-tests wait already`);
    const job: OwnJob = {
      ...{ id: randomUUID(), startedBy, status: 'waiting', progress: null, result: null },
      ...{ request, abort: new AbortController() },
    };
    this.jobs.set(job.id, job);
    this.forgetOldest();
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
    return job;
  }

  all(): readonly Job[] {
    return [...this.jobs.values()];
  }

  find(id: string): Job | undefined {
    return this.jobs.get(id);
  }

  /** Ends one that waits or runs; forgets one that has ended. */
  cancel(id: string): Job | undefined {
    const job = this.jobs.get(id);
    if (!job) return undefined;
    if (job.status === 'waiting' || job.status === 'running') {
      job.status = 'cancelled';
      job.abort.abort();
    } else this.jobs.delete(id);
    return job;
  }

  async onModuleDestroy(): Promise<void> {
    for (const { id, status } of this.all()) if (status === 'waiting' || status === 'running') this.cancel(id);
    await this.working;
  }

  private async work(): Promise<void> {
    for (let next = this.nextWaiting(); next; next = this.nextWaiting()) await this.run(next);
  }

  private nextWaiting(): OwnJob | undefined {
    return [...this.jobs.values()].find(({ status }) => status === 'waiting');
  }

  private async run(job: OwnJob): Promise<void> {
    const { pool } = this.engine;
    job.status = 'running';
    try {
      const onProgress = (progress: BacktestProgress): void => void (job.progress = progress);
      const { signal } = job.abort;
      job.result = await runBacktest(job.request, { pool, signal, onProgress, inBackground: true });
      job.status = 'done';
    } catch {
      // Who cancelled it knows; anything else is said by the status, and by the same request again.
      if (!job.abort.signal.aborted) job.status = 'failed';
    }
  }

  private forgetOldest(): void {
    for (const [id, { status }] of this.jobs) {
      if (this.jobs.size <= jobsKeptMax) return;
      if (status !== 'waiting' && status !== 'running') this.jobs.delete(id);
    }
  }
}

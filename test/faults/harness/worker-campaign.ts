import { setTimeout as sleep } from 'node:timers/promises';
import { readProgress } from '../../../libs/eventing/projections/projection-store.adapter';
import { happen, stepped } from '../../engine/step-thing';
import { ThingEvent } from '../../engine/thing';
import { TestInstallation } from '../../support/stores';
import { eventually } from './eventually';
import { Findings } from './findings';
import { wholeLog } from './invariants';
import { signal, treeOn } from './process-tree';
import { Random } from './random';
import { checkReadModels } from './read-model-invariants';
import { WorkerProcess } from './worker-process';
import { workerProjections } from './worker-projections';

/** Workers that contend for one log while they are killed, paused and cut off from their stores. */
export const strikeKinds = ['kill', 'kill-leader', 'pause-leader', 'postgres', 'event-store', 'cut'] as const;
export type StrikeKind = (typeof strikeKinds)[number];

export interface WorkerCampaignOptions {
  readonly seed: number;
  readonly strikes: readonly StrikeKind[];
  readonly workers: number;
  readonly kind: 'usual' | 'believer';
  readonly workMillisecondsMax: number;
  readonly say: (line: string) => void;
}

export interface WorkerCampaignReport {
  readonly findings: Findings;
  readonly events: number;
  /** Commits of workers that led no more, refused by the fence. */
  readonly fenced: number;
  /** Work of leaders that had stood still, refused by the database because their sessions were over. */
  readonly cutOff: number;
  readonly takeovers: number;
  readonly takeoverMillisecondsMax: number;
}

const keysMax = 60;
const pauseMillisecondsMax = 30_000;
const endings = /terminating connection|Connection terminated|connection that holds the lead/;

class WorkerCampaign {
  private readonly random: Random;
  private workers: WorkerProcess[] = [];
  private readonly all: WorkerProcess[] = [];
  private stopping = false;
  private takeovers = 0;
  private takeoverMillisecondsMax = 0;
  private readonly findings = new Findings();

  constructor(
    private readonly installation: TestInstallation,
    private readonly options: WorkerCampaignOptions,
  ) {
    this.random = new Random(options.seed);
  }

  async run(): Promise<WorkerCampaignReport> {
    for (let started = 0; started < this.options.workers; started++) this.startWorker();
    const writing = [this.write(), this.write(), this.write()];
    try {
      await this.hasLeader();
      for (const strike of this.options.strikes) {
        await sleep(this.random.between(50, this.options.workMillisecondsMax));
        this.options.say(strike);
        await this.strike(strike);
      }
      this.stopping = true;
      await Promise.all(writing);
      await eventually('the workers have reached the end of the log', () => this.isCaughtUp());
    } finally {
      this.stopping = true;
      await Promise.allSettled(writing);
      await Promise.all(this.workers.map((worker) => worker.kill()));
    }
    return this.report();
  }

  private async report(): Promise<WorkerCampaignReport> {
    const log = await wholeLog(this.installation.engine);
    await checkReadModels(this.installation.engine, workerProjections, log, this.findings);
    const { findings, takeovers, takeoverMillisecondsMax } = this;
    return {
      ...{ findings, takeovers, takeoverMillisecondsMax, events: log.length },
      fenced: this.all.reduce((sum, { fenced }) => sum + fenced, 0),
      cutOff: this.all.reduce((sum, { failures }) => sum + failures.filter((each) => endings.test(each)).length, 0),
    };
  }

  private startWorker(): void {
    const worker = new WorkerProcess(this.installation.environment, this.options.kind);
    this.workers.push(worker);
    this.all.push(worker);
  }

  private leader(): WorkerProcess | undefined {
    return this.workers.reduce<WorkerProcess | undefined>(
      (latest, each) => (each.led && each.ledAt > (latest?.ledAt ?? 0) ? each : latest),
      undefined,
    );
  }

  private async hasLeader(): Promise<WorkerProcess> {
    await eventually('a worker leads', () => this.leader() !== undefined);
    return this.leader() ?? this.hasLeader();
  }

  /** Steps of few keys and now and then a correction, so that rows are folded onto rows all the time. */
  private async write(): Promise<void> {
    const random = this.random.fork();
    while (!this.stopping) {
      const event: ThingEvent = random.chance(0.02)
        ? { type: 'ThingCorrected', data: { corrects: 0, by: random.between(0, 99) } }
        : stepped(random.between(0, 9));
      await happen(this.installation.engine, `k${random.between(0, keysMax)}`, event)
        // What was not acknowledged may stand in the log or not; the read models are compared with what stands there.
        .catch(() => sleep(20));
    }
  }

  private async isCaughtUp(): Promise<boolean> {
    const { store, pool } = this.installation.engine;
    const head = await store.head().catch(() => undefined);
    const progress = await readProgress(pool).catch(() => undefined);
    return head !== undefined && progress !== undefined && progress.position >= head;
  }

  private async strike(kind: StrikeKind): Promise<void> {
    const data = this.installation.dataDirectory;
    if (kind === 'pause-leader') return this.pauseLeader();
    if (kind === 'kill' || kind === 'kill-leader') return this.killOne(kind);
    if (kind === 'event-store') return signal(treeOn(data).eventStore, 'SIGKILL');
    const { postmaster } = treeOn(data);
    if (kind === 'postgres' && postmaster.length) return signal(postmaster, 'SIGKILL');
    // A server of somebody else's cannot be killed; all its connections of this database can.
    await this.installation.engine.pool
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
      .catch(() => undefined);
  }

  private async killOne(kind: 'kill' | 'kill-leader'): Promise<void> {
    const victim = kind === 'kill' ? this.workers[this.random.between(0, this.workers.length - 1)] : this.leader();
    if (!victim) return;
    this.workers = this.workers.filter((each) => each !== victim);
    await victim.kill();
    this.startWorker();
  }

  /** Lets the leader stand still until another has taken over, and then go on as if nothing had been. */
  private async pauseLeader(): Promise<void> {
    const leader = await this.hasLeader();
    const pausedAt = performance.now();
    leader.send('SIGSTOP');
    const others = this.workers.filter((each) => each !== leader);
    try {
      await eventually(
        'another worker takes over',
        () => others.some(({ ledAt }) => ledAt > pausedAt),
        pauseMillisecondsMax,
      );
      this.takeovers++;
      this.takeoverMillisecondsMax = Math.max(this.takeoverMillisecondsMax, Math.round(performance.now() - pausedAt));
      await sleep(this.random.between(0, 300));
    } catch (error) {
      this.findings.add('not-ready-again', String(error));
    } finally {
      leader.send('SIGCONT');
    }
  }
}

export const runWorkerCampaign = (
  installation: TestInstallation,
  options: WorkerCampaignOptions,
): Promise<WorkerCampaignReport> => new WorkerCampaign(installation, options).run();

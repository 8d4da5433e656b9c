import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { BatchWriter, Fenced, Prepare } from './batch-writer';
import { Inbox } from './inbox';
import { assumeLead, Leading, MirrorDiverged } from './lead';
import { Leadership, LockLeadership } from './leadership.adapter';
import { confirmProgress, Progress } from './projection-store.adapter';
import { ensurePartition } from './schema.adapter';

/**
 * Feeds all projections from one subscription.
 *
 * Guarantee: a crash anywhere neither repeats nor skips an effect, and of two workers that both believe they lead only the newer can
 * commit: see `BatchWriter`, whose every transaction is fenced by the epoch that taking the lead has raised.
 */
const batchEventsMax = 2_000;
const failureWaitMilliseconds = 300;
const confirmMilliseconds = 1_000;
// Events of one append come one after the other, and are best seen together.
const arrivalMilliseconds = 2;
// What a commit costs is mostly the same for one event and for a hundred: while they come steadily it rests as long as it works.
const restMillisecondsMax = 50;
const catchingUpMilliseconds = 1_000;

export interface RunnerOptions extends Leading {
  /** What is followed and mirrored: what projections fold, and what else processes react to. */
  readonly categories: readonly string[];
  /** Makes known what folds of these events look up; without events, of all there are. */
  readonly prepare?: Prepare;
  readonly onFailure: (error: unknown) => void;
  readonly leadership?: Leadership;
}

export class ProjectionRunner extends EventEmitter<{ leading: []; committed: [Progress] }> {
  private stopping = false;
  private leading = false;
  private apart: MirrorDiverged | undefined;
  private refusals = 0;
  private lastBatch = { events: 0, at: 0 };
  private running: Promise<void> | undefined;
  private readonly writer: BatchWriter;
  private readonly leadership: Leadership;
  private interrupt: (() => void) | undefined;

  constructor(private readonly options: RunnerOptions) {
    super();
    this.leadership = options.leadership ?? new LockLeadership(options.pool);
    this.writer = new BatchWriter(options.pool, options.types, options.projections, options.prepare);
  }

  get leads(): boolean {
    return this.leading;
  }

  /** Why the log is not followed, if it is another than the mirror's. */
  get diverged(): MirrorDiverged | undefined {
    return this.apart;
  }

  /** Whether it has just committed a large batch: there is more behind it than comes in. */
  get isCatchingUp(): boolean {
    return (
      this.lastBatch.events >= batchEventsMax / 2 && performance.now() - this.lastBatch.at < catchingUpMilliseconds
    );
  }

  /** Batches that were not committed because another worker had taken the lead. */
  get fenced(): number {
    return this.refusals;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.interrupt?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping)
      try {
        await this.lead();
      } catch (error) {
        if (this.stopping) return;
        this.apart = error instanceof MirrorDiverged ? error : undefined;
        this.options.onFailure(error);
        await wait(failureWaitMilliseconds);
      }
  }

  private async lead(): Promise<void> {
    try {
      await this.leadership.lead(
        async (lost) => {
          while (!this.stopping) await this.followUntilFenced(lost);
        },
        () => this.stopping,
      );
    } finally {
      this.leading = false;
    }
  }

  /** Whoever raised the epoch and does not hold the lock, as a rebuild's switch, wants the tables to be looked at anew. */
  private async followUntilFenced(lost: Promise<never>): Promise<void> {
    await this.options.prepare?.([]);
    const progress = await Promise.race([assumeLead(this.options), lost]);
    this.apart = undefined;
    this.leading = true;
    this.emit('leading');
    try {
      await this.follow(progress, lost);
    } catch (error) {
      if (!(error instanceof Fenced)) throw error;
      this.refusals++;
    }
  }

  private async follow(from: Progress, lost: Promise<never>): Promise<void> {
    await this.writer.refresh();
    const subscription = this.options.store.subscribe(
      this.options.categories,
      from.position < 0n ? undefined : from.position,
    );
    const inbox = new Inbox(subscription);
    let progress = from;
    let partitionNeeded = 0;
    let written: Promise<void> = Promise.resolve();
    let writing = 0;
    let confirming: Promise<void> = Promise.resolve();
    const confirm = setInterval(() => {
      // That nothing new has come is news too: the read models are as new as now.
      if (inbox.isCaughtUp && !writing && !inbox.size)
        confirming = confirmProgress(this.options.pool, progress).catch(() => undefined);
    }, confirmMilliseconds);
    const stopped = new Promise<'stopped'>((resolve) => (this.interrupt = () => resolve('stopped')));
    try {
      while (!this.stopping) {
        if (!inbox.size) {
          if ((await Promise.race([inbox.arrival(), lost, stopped])) === 'stopped') break;
          await wait(arrivalMilliseconds);
        }
        if (progress.sequence >= partitionNeeded)
          partitionNeeded = await ensurePartition(this.options.pool, progress.sequence);
        const batch = inbox.take(batchEventsMax);
        writing++;
        // A batch does not wait for the checkpoint's row: whoever else holds it is about to take the lead.
        await confirming;
        const began = performance.now();
        const { to, committed } = await Promise.race([this.writer.fold(progress, batch), lost]);
        await Promise.race([written, lost]);
        progress = to;
        written = committed.then(() => {
          writing--;
          this.lastBatch = { events: batch.length, at: performance.now() };
          this.emit('committed', to);
        });
        written.catch(() => undefined);
        // Where more is waiting than fits, it is folded while this is written.
        if (inbox.size >= batchEventsMax) continue;
        await Promise.race([written, lost]);
        const took = performance.now() - began;
        await Promise.race([wait(Math.min(took, restMillisecondsMax)), stopped]);
      }
      await Promise.race([written, lost]);
    } finally {
      clearInterval(confirm);
      this.interrupt = undefined;
      await subscription.unsubscribe().catch(() => undefined);
    }
  }
}

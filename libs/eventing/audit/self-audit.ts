import { setTimeout as wait } from 'node:timers/promises';
import { RecordedTime } from '../projections/recorded-time.query';
import { readProgress } from '../projections/projection-store.adapter';
import {
  AuditCursor,
  finishPass,
  passIsDue,
  readAuditCursor,
  readMismatches,
  recordAudit,
  writeAuditCursor,
} from './audit-store.adapter';
import { Auditing, auditStreams, orphanedRows } from './audit-streams.adapter';

/**
 * Compares all that is derived with the log, for as long as the worker runs: what has just changed first, and beside it everything,
 * from the first event to the last and over again. It takes a tenth of the time, and goes on after a restart where it was.
 *
 * Why not cases at random: after one pass each case has been looked at, which chance never promises.
 */
const streamsPerRound = 20;
const eventsPerPage = 200;
const restPerWork = 9;
const idleMilliseconds = 1_000;
const failureWaitMilliseconds = 5_000;
// A small log is not gone through again and again without a break.
const passEverySeconds = 60;

export interface SelfAuditOptions extends Auditing {
  readonly categories: readonly string[];
  /** Only the worker that leads audits. */
  readonly leads: () => boolean;
  readonly onFailure: (error: unknown) => void;
  /** How long to rest after work that took so long. For tests, which have no time to rest. */
  readonly rest?: typeof restAfter;
  readonly passEverySeconds?: number;
}

/** @param worked whether there is more to look at */
const restAfter = (workMilliseconds: number, worked: boolean): number =>
  Math.max(workMilliseconds * restPerWork, worked ? 0 : idleMilliseconds);

interface Page {
  readonly streams: readonly string[];
  readonly last: bigint | undefined;
  readonly isFull: boolean;
}

export class SelfAudit {
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;
  private readonly time: RecordedTime;

  constructor(private readonly options: SelfAuditOptions) {
    this.time = new RecordedTime(options.pool);
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopping)
      try {
        const began = performance.now();
        const worked = this.options.leads() && (await this.round());
        const took = performance.now() - began;
        const rest = this.options.rest ?? restAfter;
        await this.pause(rest(took, worked));
      } catch (error) {
        if (this.isStopping) return;
        this.options.onFailure(error);
        await this.pause(failureWaitMilliseconds);
      }
  }

  private get isStopping(): boolean {
    return this.stopped.signal.aborted;
  }

  private async pause(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }

  /** @returns whether there was anything to look at besides what was found wrong before */
  private async round(): Promise<boolean> {
    const { pool } = this.options;
    await this.time.extend();
    const { position: reached } = await readProgress(pool);
    if (reached < 0n) return false;
    await this.audit([...new Set((await readMismatches(pool)).map(({ stream }) => stream))]);
    // Whoever has never audited begins with the pass; what changes from now on is recent.
    if ((await readAuditCursor(pool, 'recent')) === undefined) await writeAuditCursor(pool, 'recent', reached);
    const recent = await this.follow('recent', reached, () => true);
    const passes = await passIsDue(pool, this.options.passEverySeconds ?? passEverySeconds);
    if (!passes) return recent.isFull;
    const pass = await this.follow('pass', reached, (revision) => revision === 0);
    if (!pass.isFull && !this.isStopping) await this.endPass();
    return recent.isFull || pass.isFull;
  }

  private async endPass(): Promise<void> {
    const mismatches = await orphanedRows(this.options);
    const streams = mismatches.map(({ stream }) => stream);
    if (streams.length)
      await recordAudit(this.options.pool, streams, { streams: streams.length, events: 0, mismatches });
    await finishPass(this.options.pool);
  }

  /** Audits the streams of a page of the log behind a cursor, and moves it on. */
  private async follow(name: AuditCursor, reached: bigint, wanted: (revision: number) => boolean): Promise<Page> {
    const page = await this.page(await readAuditCursor(this.options.pool, name), reached, wanted);
    await this.audit(page.streams);
    if (page.last !== undefined && !this.isStopping) await writeAuditCursor(this.options.pool, name, page.last);
    return page;
  }

  private async page(after: bigint | undefined, reached: bigint, wanted: (revision: number) => boolean): Promise<Page> {
    const { store, categories } = this.options;
    const streams = new Set<string>();
    let [last, events]: [bigint | undefined, number] = [undefined, 0];
    for await (const event of store.readAll(categories, after)) {
      if (event.position > reached) break;
      if (wanted(event.revision)) streams.add(event.stream);
      last = event.position;
      if (++events === eventsPerPage) return { streams: [...streams], last, isFull: true };
    }
    return { streams: [...streams], last, isFull: false };
  }

  private async audit(streams: readonly string[]): Promise<void> {
    for (let from = 0; from < streams.length && !this.isStopping; from += streamsPerRound) {
      const some = streams.slice(from, from + streamsPerRound);
      await recordAudit(this.options.pool, some, await auditStreams(this.options, some));
    }
  }
}

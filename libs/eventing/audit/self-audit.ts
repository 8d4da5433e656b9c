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
import { Auditing, auditOrphans, auditStreams } from './audit-streams.adapter';

/**
 * Compares all that is derived with the log, for as long as the worker runs: what has just changed first, and beside it everything,
 * from the first event to the last and over again. It takes a tenth of the time, and goes on after a restart where it was. What an
 * auditor leaves unfinished of a stream the pass waits for, look after look; what has just changed does not wait for it.
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

interface Met {
  readonly stream: string;
  readonly position: bigint;
}

interface Page {
  /** Streams of its events, each where it was met first. */
  readonly met: readonly Met[];
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
    const recentGoesOn = await this.followRecent(reached);
    if (!(await passIsDue(pool, this.options.passEverySeconds ?? passEverySeconds))) return recentGoesOn;
    const passGoesOn = await this.followPass(reached);
    if (!passGoesOn && !this.isStopping) await this.endPass();
    return recentGoesOn || passGoesOn;
  }

  private async endPass(): Promise<void> {
    await recordAudit(this.options.pool, await auditOrphans(this.options));
    await finishPass(this.options.pool);
  }

  /** @returns whether there is more to look at */
  private async followRecent(reached: bigint): Promise<boolean> {
    const page = await this.page('recent', reached, () => true);
    await this.audit(page.met.map(({ stream }) => stream));
    await this.move('recent', page.last);
    return page.isFull;
  }

  /** @returns whether there is more to look at */
  private async followPass(reached: bigint): Promise<boolean> {
    const page = await this.page('pass', reached, (revision) => revision === 0);
    for (let from = 0; from < page.met.length; from += streamsPerRound) {
      const some = page.met.slice(from, from + streamsPerRound);
      if (!(await this.audit(some.map(({ stream }) => stream)))) return true;
      await this.move('pass', some.at(-1)?.position);
    }
    await this.move('pass', page.last);
    return page.isFull;
  }

  private async move(name: AuditCursor, to: bigint | undefined): Promise<void> {
    if (to !== undefined && !this.isStopping) await writeAuditCursor(this.options.pool, name, to);
  }

  /** The streams of a page of the log behind a cursor. */
  private async page(name: AuditCursor, reached: bigint, isWanted: (revision: number) => boolean): Promise<Page> {
    const { pool, store, categories } = this.options;
    const met = new Map<string, bigint>();
    const page = (isFull: boolean): Page => ({
      met: [...met].map(([stream, position]) => ({ stream, position })),
      ...{ last, isFull },
    });
    let [last, events]: [bigint | undefined, number] = [undefined, 0];
    for await (const event of store.readAll(categories, await readAuditCursor(pool, name))) {
      if (event.position > reached) break;
      if (isWanted(event.revision) && !met.has(event.stream)) met.set(event.stream, event.position);
      last = event.position;
      if (++events === eventsPerPage) return page(true);
    }
    return page(false);
  }

  /** @returns whether all of them were looked at whole */
  private async audit(streams: readonly string[]): Promise<boolean> {
    let seen = 0;
    for (let from = 0; from < streams.length && !this.isStopping; from += streamsPerRound) {
      const audited = await auditStreams(this.options, streams.slice(from, from + streamsPerRound));
      await recordAudit(this.options.pool, audited);
      seen += audited.streams.length;
    }
    return seen === streams.length;
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import { Pool, PoolClient } from 'pg';
import { byStream } from '../by-stream';
import { categoryOf, keyOf } from '../event';
import { EventTypes } from '../event-types';
import { withConnection } from '../projections/connection.adapter';
import { decode } from '../projections/decoding';
import { LoggedEvent } from '../projections/mirror';
import { pooledTransaction } from '../projections/pooled.adapter';
import { AnyProjection } from '../projections/projection';
import { readLogPage, readProgress, readStreams } from '../projections/projection-store.adapter';
import { foldVersions } from './row-versions';
import {
  advanceTemporal,
  beginVersions,
  copyVersions,
  indexVersions,
  KeyVersions,
  noteStopped,
  readStopped,
  readTemporalProgress,
  replaceVersions,
  settleVersions,
  streamsBetween,
  TemporalProgress,
} from './version-store.adapter';

/**
 * Keeps the versions of the rows of temporal projections, behind the projections and out of their way.
 *
 * Guarantee: the versions are those of the log up to the sequence that is noted with them, in one transaction. A touched case is folded
 * from its first event, so that there is nothing to remember and whatever was there before is put right. Versions that are not there
 * yet are built stream after stream, and a build that was interrupted goes on where it was.
 */
const eventsPerStep = 2_000;
const eventsPerPage = 5_000;
const revisionMax = 2_147_483_647;
const idleMilliseconds = 200;
// A case that is worked on is folded once for all that happens to it meanwhile, and live work is not kept waiting.
const restMilliseconds = 150;
const failureWaitMilliseconds = 1_000;

export interface VersionFollowerOptions {
  readonly pool: Pool;
  readonly types: EventTypes;
  readonly projections: readonly AnyProjection[];
  readonly leads: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

/** What is to be done after a step, the most pressing first. */
const steps = ['built', 'more to do', 'caught up', 'nothing'] as const;
type Step = (typeof steps)[number];

/** Another worker keeps these versions. */
class MovedOn extends Error {
  override readonly name = 'MovedOn';
}

export class VersionFollower {
  private readonly stopped = new AbortController();
  private readonly temporal: readonly AnyProjection[];
  private running: Promise<void> | undefined;
  private ahead: { readonly after: string; readonly page: Promise<readonly LoggedEvent[]> } | undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly options: VersionFollowerOptions) {
    this.temporal = options.projections.filter(({ temporal }) => temporal);
  }

  start(): void {
    this.running = this.run();
  }

  /** Something was committed: look now rather than later. */
  nudge(): void {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let revisited = false;
    while (!this.stopped.signal.aborted)
      try {
        const leads = this.options.leads();
        if (leads && !revisited) await this.revisit();
        revisited = leads;
        const done = leads ? await this.step() : 'nothing';
        if (done === 'caught up') await this.rest();
        if (done === 'nothing') await this.idle(idleMilliseconds);
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        if (!(error instanceof MovedOn)) this.options.onFailure(error);
        await this.idle(failureWaitMilliseconds);
      }
  }

  private async idle(milliseconds: number): Promise<void> {
    const over = wait(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    await Promise.race([over, new Promise<void>((resolve) => (this.wake = resolve))]);
  }

  /** However often it is woken. */
  private async rest(): Promise<void> {
    await wait(restMilliseconds, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }

  private async step(): Promise<Step> {
    const done: Step[] = [];
    for (const projection of this.temporal) {
      const step = await this.stepOf(projection);
      if (step === 'built') await withConnection(this.options.pool, (db) => settleVersions(db, projection));
      done.push(step);
    }
    return steps.find((step) => done.includes(step)) ?? 'nothing';
  }

  private stepOf(projection: AnyProjection): Promise<Step> {
    return this.transact(async (db) => {
      const { sequence: reached } = await readProgress(db);
      const at = await readTemporalProgress(db, projection);
      if (!at) {
        await beginVersions(db, projection, reached);
        return 'more to do';
      }
      if (at.builtStream !== null) {
        return (await this.build(db, projection, at, at.builtStream)) ? 'built' : 'more to do';
      }
      if (at.sequence >= reached) return 'nothing';
      const upTo = Math.min(reached, at.sequence + eventsPerStep);
      await this.follow(db, projection, at, upTo);
      return upTo < reached ? 'more to do' : 'caught up';
    });
  }

  private async follow(db: PoolClient, projection: AnyProjection, at: TemporalProgress, upTo: number): Promise<void> {
    await this.advance(db, projection, at, { sequence: upTo, builtStream: null });
    const streams = await streamsBetween(db, projection, at.sequence, upTo);
    await this.refold(db, projection, streams, upTo);
  }

  private async refold(
    db: PoolClient,
    projection: AnyProjection,
    streams: readonly string[],
    upTo: number,
  ): Promise<void> {
    if (!streams.length) return;
    const events = (await readStreams(db, streams)).filter(({ sequence }) => sequence <= upTo);
    await replaceVersions(db, projection, await this.versionsOf(db, projection, events));
  }

  /** Streams that could not be folded, by a build that may know more. */
  private async revisit(): Promise<void> {
    for (const projection of this.temporal)
      await this.transact(async (db) => {
        const at = await readTemporalProgress(db, projection);
        if (at) await this.refold(db, projection, await readStopped(db, projection), at.sequence);
      });
  }

  /** @returns whether all are there now */
  private async build(
    db: PoolClient,
    projection: AnyProjection,
    at: TemporalProgress,
    after: string,
  ): Promise<boolean> {
    // What a crash of the database takes back is folded again.
    await db.query('set local synchronous_commit = off; set local statement_timeout = 0');
    const page = await this.wholeStreams(projection, after);
    const last = page.at(-1)?.stream;
    await this.advance(db, projection, at, { sequence: at.sequence, builtStream: last ?? null });
    if (last === undefined) await indexVersions(db, projection);
    else {
      const settled = page.filter(({ sequence }) => sequence <= at.sequence);
      await copyVersions(db, projection, await this.versionsOf(db, projection, settled));
    }
    return last === undefined;
  }

  /** The next streams of the category, each with all that the mirror has of it. The ones behind them are read meanwhile. */
  private async wholeStreams(projection: AnyProjection, after: string): Promise<readonly LoggedEvent[]> {
    const known = this.ahead?.after === after ? this.ahead.page : undefined;
    const page = await (known ?? this.readWhole(projection, after));
    const last = page.at(-1)?.stream;
    this.ahead = last === undefined ? undefined : { after: last, page: this.readWhole(projection, last) };
    // Whoever stops before it is needed does not hear how it ends.
    this.ahead?.page.catch(() => undefined);
    return page;
  }

  private async readWhole({ category }: AnyProjection, after: string): Promise<readonly LoggedEvent[]> {
    const { pool } = this.options;
    const page = await readLogPage(pool, { stream: after || `${category}-`, revision: revisionMax }, eventsPerPage);
    const own = page.filter(({ stream }) => categoryOf(stream) === category);
    const [first, last] = [own[0], page.at(-1)];
    if (page.length < eventsPerPage || !first || !last) return own;
    const whole = own.filter(({ stream }) => stream !== last.stream);
    return whole.length ? whole : readStreams(pool, [first.stream]);
  }

  private async versionsOf(
    db: PoolClient,
    projection: AnyProjection,
    events: readonly LoggedEvent[],
  ): Promise<readonly KeyVersions[]> {
    const streams = byStream(events);
    const stopped: string[] = [];
    const folded = [...streams].map(([stream, history]): KeyVersions => {
      const key = keyOf(stream);
      const { versions, isStopped } = foldVersions(projection, key, decode(this.options.types, history));
      if (isStopped) stopped.push(stream);
      return { key, versions };
    });
    await noteStopped(db, projection, [...streams.keys()], stopped);
    return folded;
  }

  private async advance(db: PoolClient, projection: AnyProjection, from: TemporalProgress, to: TemporalProgress) {
    if (!(await advanceTemporal(db, projection, from, to))) throw new MovedOn('another worker has moved on');
  }

  private transact<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
    return pooledTransaction(this.options.pool, undefined, work);
  }
}

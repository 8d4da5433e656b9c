import { Pool, PoolClient } from 'pg';
import { byStream } from '../by-stream';
import { keyOf } from '../event';
import { EventTypes } from '../event-types';
import { FollowerLoop, mostPressing, MovedOn, Step } from '../following/follower-loop';
import { WholeStreams } from '../following/whole-streams';
import { withConnection } from '../projections/connection.adapter';
import { decode } from '../projections/decoding';
import { LoggedEvent } from '../projections/mirror';
import { pooledTransaction } from '../projections/pooled.adapter';
import { AnyProjection } from '../projections/projection';
import { readProgress, readStreams } from '../projections/projection-store.adapter';
import { Turns } from '../turns';
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

export interface VersionFollowerOptions {
  readonly pool: Pool;
  readonly types: EventTypes;
  readonly projections: readonly AnyProjection[];
  readonly leads: () => boolean;
  readonly isBusy?: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

export class VersionFollower extends FollowerLoop {
  private readonly temporal: readonly AnyProjection[];
  private readonly streams = new Map<AnyProjection, WholeStreams>();

  constructor(private readonly options: VersionFollowerOptions) {
    super({
      leads: options.leads,
      onFailure: options.onFailure,
      onLead: () => this.revisit(),
      step: () => this.step(),
      ...{ isBusy: options.isBusy ?? (() => false), restPerWork: 0 },
    });
    this.temporal = options.projections.filter(({ temporal }) => temporal);
    for (const projection of this.temporal)
      this.streams.set(projection, new WholeStreams(options.pool, projection.category));
  }

  private async step(): Promise<Step> {
    const done: Step[] = [];
    for (const projection of this.temporal) {
      const step = await this.stepOf(projection);
      if (step === 'built') await withConnection(this.options.pool, (db) => settleVersions(db, projection));
      done.push(step === 'built' ? 'more to do' : step);
    }
    return mostPressing(done);
  }

  private stepOf(projection: AnyProjection): Promise<Step | 'built'> {
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
    const page = (await this.streams.get(projection)?.next(after)) ?? [];
    const last = page.at(-1)?.stream;
    await this.advance(db, projection, at, { sequence: at.sequence, builtStream: last ?? null });
    if (last === undefined) await indexVersions(db, projection);
    else {
      const settled = page.filter(({ sequence }) => sequence <= at.sequence);
      await copyVersions(db, projection, await this.versionsOf(db, projection, settled));
    }
    return last === undefined;
  }

  private async versionsOf(
    db: PoolClient,
    projection: AnyProjection,
    events: readonly LoggedEvent[],
  ): Promise<readonly KeyVersions[]> {
    const streams = byStream(events);
    const stopped: string[] = [];
    const folded: KeyVersions[] = [];
    const turns = new Turns();
    for (const [stream, history] of streams) {
      const key = keyOf(stream);
      const { versions, isStopped } = foldVersions(projection, key, decode(this.options.types, history));
      if (isStopped) stopped.push(stream);
      folded.push({ key, versions });
      await turns.pass();
    }
    await noteStopped(db, projection, [...streams.keys()], stopped);
    return folded;
  }

  private async advance(db: PoolClient, projection: AnyProjection, from: TemporalProgress, to: TemporalProgress) {
    if (!(await advanceTemporal(db, projection, from, to))) throw new MovedOn();
  }

  private transact<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
    return pooledTransaction(this.options.pool, undefined, work);
  }
}

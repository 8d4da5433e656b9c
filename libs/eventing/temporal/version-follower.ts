import { Pool, PoolClient } from 'pg';
import { byStream } from '../by-stream';
import { keyOf } from '../event';
import { EventTypes } from '../event-types';
import { FollowerLoop, mostPressing, MovedOn, Step } from '../following/follower-loop';
import { noteStopped, readStopped } from '../following/stopped-streams.adapter';
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
  temporalProgress,
  versionTableOf,
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

/** Projections of one category that are equally far: what is read and decoded is so once for all of them. */
interface Abreast {
  readonly category: string;
  readonly at: TemporalProgress;
  readonly projections: readonly AnyProjection[];
}

const abreast = (progress: ReadonlyMap<AnyProjection, TemporalProgress>): readonly Abreast[] => {
  const together = new Map<string, Abreast>();
  for (const [projection, at] of progress) {
    const { category } = projection;
    const place = JSON.stringify([category, at]);
    together.set(place, { category, at, projections: [...(together.get(place)?.projections ?? []), projection] });
  }
  return [...together.values()];
};

export class VersionFollower extends FollowerLoop {
  private readonly temporal: readonly AnyProjection[];
  private readonly streams = new Map<string, WholeStreams>();

  constructor(private readonly options: VersionFollowerOptions) {
    super({
      leads: options.leads,
      onFailure: options.onFailure,
      onLead: () => this.revisit(),
      step: () => this.step(),
      ...{ isBusy: options.isBusy ?? (() => false), restPerWork: 0 },
    });
    this.temporal = options.projections.filter(({ temporal }) => temporal);
    for (const { category } of this.temporal) this.streams.set(category, new WholeStreams(options.pool, category));
  }

  private async step(): Promise<Step> {
    const { pool } = this.options;
    // One end for all, at which those that were not abreast meet.
    const { sequence: reached } = await readProgress(pool);
    const progress = await temporalProgress(pool, this.temporal);
    const missing = this.temporal.filter((projection) => !progress.has(projection));
    for (const projection of missing) await this.transact((db) => beginVersions(db, projection, reached));
    const done: Step[] = missing.length ? ['more to do'] : [];
    for (const each of abreast(progress)) done.push(await this.stepOf(each, reached));
    return mostPressing(done);
  }

  private async stepOf(each: Abreast, reached: number): Promise<Step> {
    const { category, at, projections } = each;
    if (at.builtStream !== null) {
      if (await this.build(each, at.builtStream))
        await withConnection(this.options.pool, async (db) => {
          for (const projection of projections) await settleVersions(db, projection);
        });
      return 'more to do';
    }
    if (at.sequence >= reached) return 'nothing';
    const upTo = Math.min(reached, at.sequence + eventsPerStep);
    await this.transact(async (db) => {
      await this.advance(db, projections, at, { sequence: upTo, builtStream: null });
      await this.refold(db, projections, await streamsBetween(db, category, at.sequence, upTo), upTo);
    });
    return upTo < reached ? 'more to do' : 'caught up';
  }

  private async refold(
    db: PoolClient,
    projections: readonly AnyProjection[],
    streams: readonly string[],
    upTo: number,
  ): Promise<void> {
    if (!streams.length) return;
    const events = (await readStreams(db, streams)).filter(({ sequence }) => sequence <= upTo);
    for (const [projection, keys] of await this.versionsOf(db, projections, events))
      await replaceVersions(db, projection, keys);
  }

  /** Streams that could not be folded, by a build that may know more. */
  private async revisit(): Promise<void> {
    for (const [projection, at] of await temporalProgress(this.options.pool, this.temporal))
      await this.transact(async (db) => {
        // What another has moved on from must not be put back.
        await this.advance(db, [projection], at, at);
        await this.refold(db, [projection], await readStopped(db, versionTableOf(projection)), at.sequence);
      });
  }

  /** @returns whether all are there now */
  private async build({ category, at, projections }: Abreast, after: string): Promise<boolean> {
    const page = (await this.streams.get(category)?.next(after)) ?? [];
    const last = page.at(-1)?.stream;
    await this.transact(async (db) => {
      // What a crash of the database takes back is folded again.
      await db.query('set local synchronous_commit = off; set local statement_timeout = 0');
      await this.advance(db, projections, at, { sequence: at.sequence, builtStream: last ?? null });
      const settled = page.filter(({ sequence }) => sequence <= at.sequence);
      for (const [projection, keys] of await this.versionsOf(db, projections, settled))
        if (last === undefined) await indexVersions(db, projection);
        else await copyVersions(db, projection, keys);
    });
    return last === undefined;
  }

  private async versionsOf(
    db: PoolClient,
    projections: readonly AnyProjection[],
    events: readonly LoggedEvent[],
  ): Promise<ReadonlyMap<AnyProjection, readonly KeyVersions[]>> {
    const streams = byStream(events);
    const folded = new Map(projections.map((projection) => [projection, [] as KeyVersions[]]));
    const stopped = new Map(projections.map((projection) => [projection, [] as string[]]));
    const turns = new Turns();
    for (const [stream, history] of streams) {
      const key = keyOf(stream);
      const decoded = decode(this.options.types, history);
      for (const projection of projections) {
        const { versions, isStopped } = foldVersions(projection, key, decoded);
        if (isStopped) stopped.get(projection)?.push(stream);
        folded.get(projection)?.push({ key, versions });
      }
      await turns.pass();
    }
    for (const [projection, those] of stopped)
      await noteStopped(db, versionTableOf(projection), [...streams.keys()], those);
    return folded;
  }

  private async advance(
    db: PoolClient,
    projections: readonly AnyProjection[],
    from: TemporalProgress,
    to: TemporalProgress,
  ): Promise<void> {
    if (!(await advanceTemporal(db, projections, from, to))) throw new MovedOn();
  }

  private transact<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
    return pooledTransaction(this.options.pool, undefined, work);
  }
}

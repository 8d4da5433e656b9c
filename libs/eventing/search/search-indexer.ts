import { Pool, PoolClient } from 'pg';
import { keyOf, streamOf } from '../event';
import { EventTypes } from '../event-types';
import { FollowerLoop, mostPressing, MovedOn, Step } from '../following/follower-loop';
import { noteStopped, readStopped } from '../following/stopped-streams.adapter';
import { WholeStreams } from '../following/whole-streams';
import { KeyRing } from '../keys/key-ring';
import { KeyStore } from '../keys/key-store.adapter';
import { LoggedEvent } from '../projections/mirror';
import { pooledTransaction } from '../projections/pooled.adapter';
import { readProgress, readStreams } from '../projections/projection-store.adapter';
import { Unsealer } from '../unsealer';
import { IndexRows } from './index-rows';
import { Generation, indexTableOf, IndexRow, SearchIndex } from './search-index';
import { isOlderKey, newestKey } from './search-keys';
import {
  advanceGeneration,
  beginGeneration,
  indexGeneration,
  insertDocuments,
  keysInUse,
  keysOwnedBy,
  readGenerations,
  replaceDocuments,
  serveGeneration,
  streamsWith,
} from './search-store.adapter';

/**
 * Keeps the indexes of words, behind the projections and out of their way.
 *
 * Guarantee: a document is that of the log up to the sequence that is noted with it in one transaction, without the texts whose keys are
 * gone, and without any of an owner who is to be forgotten as of that sequence. A touched stream is folded from its first event, so that
 * whatever was there before is put right. A table under a newer key is built beside the one that serves; when it has caught up it takes
 * its place, and the older key is destroyed. What a build was interrupted at it goes on with. A case of which no document can be made has
 * none, and holds up no other.
 */
const eventsPerStep = 1_000;
const streamsPerRefold = 500;
const restPerWork = 1;
const keyMillisecondsMax = 1_000;

export interface SearchIndexerOptions {
  readonly pool: Pool;
  readonly types: EventTypes;
  readonly keyStore: KeyStore;
  readonly keys: KeyRing;
  readonly unsealer: Unsealer;
  readonly indexes: readonly SearchIndex[];
  readonly leads: () => boolean;
  readonly isBusy?: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

export class SearchIndexer extends FollowerLoop {
  private readonly streams = new Map<SearchIndex, WholeStreams>();
  private readonly rows: IndexRows;
  private newest: { readonly id: string; readonly askedAt: number } | undefined;

  constructor(private readonly options: SearchIndexerOptions) {
    super({
      leads: options.leads,
      onFailure: options.onFailure,
      onLead: () => this.revisit(),
      step: () => this.step(),
      ...{ isBusy: options.isBusy ?? (() => false), restPerWork },
    });
    this.rows = new IndexRows(options);
    for (const index of options.indexes) this.streams.set(index, new WholeStreams(options.pool, index.category));
  }

  /** Works until the tables under the newest key serve and are as new as the projections. @returns false when it was told to stop */
  async catchUp(signal?: AbortSignal): Promise<boolean> {
    while (!signal?.aborted)
      try {
        if ((await this.step()) === 'nothing') return true;
      } catch (error) {
        // A worker is at the same work; both do it until it is done.
        if (!(error instanceof MovedOn)) throw error;
      }
    return false;
  }

  private async step(): Promise<Step> {
    const wanted = await this.wantedKey();
    const done: Step[] = [];
    for (const index of this.options.indexes) done.push(await this.stepOf(index, wanted));
    const step = mostPressing(done);
    if (step === 'nothing') await this.destroyUnused(wanted);
    return step;
  }

  private async wantedKey(): Promise<string> {
    if (!this.newest || performance.now() - this.newest.askedAt > keyMillisecondsMax)
      this.newest = { id: await newestKey(this.options.keyStore), askedAt: performance.now() };
    return this.newest.id;
  }

  private async stepOf(index: SearchIndex, wanted: string): Promise<Step> {
    const generations = await readGenerations(this.options.pool, index);
    const next = generations.find(({ keyId }) => keyId === wanted);
    if (!next) {
      // What another worker has exchanged meanwhile must not be begun again.
      this.newest = undefined;
      if ((await this.wantedKey()) === wanted)
        await this.transact(async (db) => {
          const { sequence } = await readProgress(db);
          if (!(await beginGeneration(db, index, wanted, sequence))) throw new MovedOn();
        });
      return 'more to do';
    }
    const others = generations.filter(({ keyId, serving }) => serving && keyId !== wanted);
    for (const serving of others) await this.follow(index, serving);
    if (next.builtStream === null) return this.follow(index, next);
    await this.build(index, next, next.builtStream);
    return 'more to do';
  }

  private async build(index: SearchIndex, at: Generation, after: string): Promise<void> {
    const page = (await this.streams.get(index)?.next(after)) ?? [];
    await this.transact(async (db) => {
      // What a crash of the database takes back is folded again.
      await db.query('set local synchronous_commit = off; set local statement_timeout = 0');
      const last = page.at(-1)?.stream;
      await this.advance(db, index, at, { sequence: at.sequence, builtStream: last ?? null });
      if (last === undefined) return indexGeneration(db, index, at.keyId);
      const settled = page.filter(({ sequence }) => sequence <= at.sequence);
      return insertDocuments(db, index, at.keyId, await this.rowsOf(db, index, at.keyId, settled, at.sequence));
    });
  }

  private follow(index: SearchIndex, at: Generation): Promise<Step> {
    return this.transact(async (db) => {
      const { sequence: reached } = await readProgress(db);
      const upTo = Math.min(reached, at.sequence + eventsPerStep);
      if (upTo > at.sequence) await this.take(db, index, at, upTo);
      else if (at.serving) return 'nothing';
      if (upTo === reached && !at.serving) await serveGeneration(db, index, at.keyId);
      return upTo < reached ? 'more to do' : 'caught up';
    });
  }

  private async take(db: PoolClient, index: SearchIndex, at: Generation, upTo: number): Promise<void> {
    await this.advance(db, index, at, { sequence: upTo, builtStream: null });
    const touched = await streamsWith(db, index.category, index.types, at.sequence, upTo);
    const { category, types } = index.forgetting;
    const owners = (await streamsWith(db, category, types, at.sequence, upTo)).map(keyOf);
    const owned = owners.length ? await keysOwnedBy(db, index, at.keyId, owners) : [];
    await this.refold(
      db,
      index,
      at.keyId,
      [...new Set([...touched, ...owned.map((key) => streamOf(index.category, key))])],
      upTo,
    );
  }

  private async refold(
    db: PoolClient,
    index: SearchIndex,
    keyId: string,
    streams: readonly string[],
    upTo: number,
  ): Promise<void> {
    for (let from = 0; from < streams.length; from += streamsPerRefold) {
      const some = streams.slice(from, from + streamsPerRefold);
      const events = (await readStreams(db, some)).filter(({ sequence }) => sequence <= upTo);
      const rows = await this.rowsOf(db, index, keyId, events, upTo);
      await replaceDocuments(db, index, keyId, some.map(keyOf), rows);
    }
  }

  private async rowsOf(
    db: PoolClient,
    index: SearchIndex,
    keyId: string,
    events: readonly LoggedEvent[],
    upTo: number,
  ): Promise<readonly IndexRow[]> {
    const stopped: string[] = [];
    const rows = await this.rows.of(db, index, keyId, events, upTo, (key) => {
      stopped.push(streamOf(index.category, key));
    });
    await noteStopped(db, indexTableOf(index, keyId), [...new Set(events.map(({ stream }) => stream))], stopped);
    return rows;
  }

  /** Streams of which no document could be made, by a build that may know more. */
  private async revisit(): Promise<void> {
    for (const index of this.options.indexes)
      for (const at of await readGenerations(this.options.pool, index))
        await this.transact(async (db) => {
          // What another has moved on from must not be put back.
          await this.advance(db, index, at, at);
          await this.refold(db, index, at.keyId, await readStopped(db, indexTableOf(index, at.keyId)), at.sequence);
        });
  }

  /** A key that no table needs any more makes what is left of its tokens in files unreadable, once it is gone. */
  private async destroyUnused(wanted: string): Promise<void> {
    const { keyStore, pool } = this.options;
    // A newer one than this worker knows of has no table yet.
    const living = (await keyStore.searchKeys()).filter((id) => isOlderKey(id, wanted));
    if (!living.length) return;
    const used = await keysInUse(pool);
    for (const id of living) if (!used.has(id)) await keyStore.destroy('search_key', id);
  }

  private async advance(
    db: PoolClient,
    index: SearchIndex,
    from: Generation,
    to: Pick<Generation, 'sequence' | 'builtStream'>,
  ): Promise<void> {
    if (!(await advanceGeneration(db, index, from, to))) throw new MovedOn();
  }

  private transact<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
    return pooledTransaction(this.options.pool, undefined, work);
  }
}

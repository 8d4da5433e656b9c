import { Pool, PoolClient } from 'pg';
import { keyOf } from '../../../libs/eventing/event';
import { decode } from '../../../libs/eventing/projections/decoding';
import { foldOnto } from '../../../libs/eventing/projections/fold-rows';
import { LoggedEvent, mirrored } from '../../../libs/eventing/projections/mirror';
import { AnyProjection, FoldedRow } from '../../../libs/eventing/projections/projection';
import {
  advanceProgress,
  appendToLog,
  claimEpoch,
  loadRows,
  Progress,
  readProgress,
  writeRows,
} from '../../../libs/eventing/projections/projection-store.adapter';
import { Engine } from '../../../libs/platform/engine/engine';

/**
 * A runner with a mistake that ours must not have: rows and checkpoint in two transactions, or nothing that fences off another. It is made of the same
 * functions as the real one, so that nothing but the boundary between the transactions tells them apart.
 */
export type Order = 'rows-first' | 'checkpoint-first' | 'unfenced';

export interface LooseOptions {
  readonly engine: Engine;
  readonly pool: Pool;
  readonly projection: AnyProjection;
  readonly order: Order;
  readonly batchEventsMax: number;
}

const transaction = async (pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> => {
  const client = await pool.connect();
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    client.off('error', ignore);
  }
};

const byKey = (events: readonly LoggedEvent[]): ReadonlyMap<string, readonly LoggedEvent[]> => {
  const keys = new Map<string, LoggedEvent[]>();
  for (const event of events) keys.set(keyOf(event.stream), [...(keys.get(keyOf(event.stream)) ?? []), event]);
  return keys;
};

const writeBatch = async (
  { engine, projection }: LooseOptions,
  client: PoolClient,
  events: readonly LoggedEvent[],
): Promise<void> => {
  const keys = byKey(events);
  const known = await loadRows(client, projection, [...keys.keys()]);
  const rows: FoldedRow[] = [];
  for (const [key, own] of keys) {
    const { row, failure } = foldOnto(projection, key, known.get(key) ?? null, decode(engine.types, own));
    if (failure) throw new Error(failure.error);
    if (row) rows.push(row);
  }
  await writeRows(client, projection, rows);
};

const commitLoosely = async (options: LooseOptions, from: Progress, events: readonly LoggedEvent[]): Promise<void> => {
  const last = events.at(-1);
  if (!last) return;
  const rows = (): Promise<void> => transaction(options.pool, (client) => writeBatch(options, client, events));
  const checkpoint = (): Promise<void> =>
    transaction(options.pool, async (client) => {
      if (!(await advanceProgress(client, from, last))) throw new Error('somebody else moved the checkpoint');
      await appendToLog(
        client,
        events.map((event) => mirrored(event, event.sequence)),
      );
    });
  if (options.order === 'unfenced')
    return transaction(options.pool, (client) => commitUnfenced(options, client, events));
  for (const step of options.order === 'rows-first' ? [rows, checkpoint] : [checkpoint, rows]) await step();
};

/** One transaction, which asks nobody where the checkpoint is. */
const commitUnfenced = async (
  options: LooseOptions,
  client: PoolClient,
  events: readonly LoggedEvent[],
): Promise<void> => {
  const last = events.at(-1);
  if (!last) return;
  await writeBatch(options, client, events);
  await advanceProgress(client, await readProgress(client), last);
  // The mirror's key would be a second fence.
  await client.query('delete from event_log where sequence = any($1)', [events.map(({ sequence }) => sequence)]);
  await appendToLog(
    client,
    events.map((event) => mirrored(event, event.sequence)),
  );
};

/** Works from the checkpoint to the head of the log. @throws when a statement fails; the next call starts from the checkpoint
 * @param believedAt where a runner believes that the checkpoint stands, without asking */
export const runLoosely = async (options: LooseOptions, believedAt?: Progress): Promise<void> => {
  const { engine, pool, projection, batchEventsMax } = options;
  let from = believedAt ?? (await claimEpoch(pool));
  let batch: LoggedEvent[] = [];
  const flush = async (): Promise<void> => {
    await commitLoosely(options, from, batch);
    const last = batch.at(-1);
    if (last) from = { ...from, position: last.position, sequence: last.sequence };
    batch = [];
  };
  const after = from.position < 0n ? undefined : from.position;
  for await (const event of engine.store.readAll([projection.category], after)) {
    batch.push({ ...event, sequence: from.sequence + 1 + batch.length });
    if (batch.length >= batchEventsMax) await flush();
  }
  await flush();
};

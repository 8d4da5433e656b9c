import { EventStoreDBClient } from '@eventstore/db-client';
import { Client, type ClientConfig } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './error-code';
import type { StoreState } from './supervisor';

/** Looks whether a store answers. @throws the reason when it does not */
export type Probe = () => Promise<void>;

export interface WatchedStore {
  state(): StoreState;
  stop(): void;
}

const connectMillisecondsMax = 30_000;
const connectPauseMilliseconds = 250;
const probeMillisecondsMax = 3_000;
const probePauseMilliseconds = 5_000;

/** Waits until a server that others run answers, then looks after it now and then. @throws when it does not answer in time */
export const watchRemote = async (probe: Probe, onState: (state: StoreState) => void): Promise<WatchedStore> => {
  await firstAnswer(probe);
  let state: StoreState = { status: 'up' };
  onState(state);
  const look = async () => {
    const before = state.status;
    state = await stateBy(probe);
    if (state.status !== before) onState(state);
    timer.refresh();
  };
  const timer = setTimeout(() => void look(), probePauseMilliseconds).unref();
  return { state: () => state, stop: () => clearTimeout(timer) };
};

const firstAnswer = async (probe: Probe): Promise<void> => {
  const deadline = Date.now() + connectMillisecondsMax;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > deadline || answersNo.test(String(codeOf(error)))) throw error;
      await sleep(connectPauseMilliseconds);
    }
  }
};

// SQLSTATE 28: the password is wrong. 3D: there is no such database. Asking again changes neither.
const answersNo = /^(28|3D)...$/;

const stateBy = async (probe: Probe): Promise<StoreState> => {
  try {
    await probe();
    return { status: 'up' };
  } catch (error) {
    return { status: 'down', reason: error instanceof Error ? error.message : String(error) };
  }
};

export const probeDatabase =
  (config: ClientConfig): Probe =>
  async () => {
    const client = new Client({
      ...config,
      connectionTimeoutMillis: probeMillisecondsMax,
      query_timeout: probeMillisecondsMax,
    });
    // A connection that breaks after its answer is found by the next look.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
    } finally {
      await client.end().catch(() => undefined);
    }
  };

export const probeEventStore =
  (client: EventStoreDBClient): Probe =>
  async () => {
    const events = client.readAll({
      maxCount: 1,
      direction: 'backwards',
      fromPosition: 'end',
      deadline: probeMillisecondsMax,
    });
    // To its end: a stream that is left in the middle stays open in the client.
    for await (const event of events) void event;
  };

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withDatabase } from './rebuild';
import { Started } from './started';
import { copyToEmmett } from './queue-fold.query';

/**
 * Emmett's own rebuild of a projection like our queue, over the same events in the same database. Measured where it is
 * installed (`CASEFOLD_BENCH_EMMETT` names a folder with its `node_modules`), for it is no dependency of ours.
 */
const eventsMax = 10_000;
const packageName = '@event-driven-io/emmett-postgresql';

/** The part of its interface that is used here. */
interface EmmettPostgreSQL {
  getPostgreSQLEventStore(connectionString: string): {
    readonly schema: { migrate(): Promise<unknown> };
    close(): Promise<void>;
  };
  pongoSingleStreamProjection(options: {
    readonly collectionName: string;
    readonly canHandle: readonly string[];
    readonly initialState: () => object;
    readonly evolve: (document: object, event: EmmettEvent) => object;
  }): object;
  rebuildPostgreSQLProjections(options: {
    readonly connectionString: string;
    readonly projections: readonly object[];
    readonly pulling?: { readonly batchSize: number };
  }): { start(): Promise<void>; close(): Promise<void> };
}

interface EmmettEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: { readonly occurredAt?: string };
}

/** The facts of a row of the queue; due instants are left out, which spares this side the walk through the calendars. */
const evolve = (row: object, { type, data, metadata }: EmmettEvent): object => {
  switch (type) {
    case 'RequestOpened': {
      const { priority, subject, customer, team } = data;
      return { status: 'open', priority, subject, customer, team, level: 'L1', openedAt: metadata.occurredAt };
    }
    case 'RequestAssigned':
      return { ...row, team: data.team, assignee: data.assignee };
    case 'RequestEscalated':
      return { ...row, level: data.to };
    case 'RequestResolved':
      return { ...row, status: 'resolved' };
    case 'RequestClosed':
      return { ...row, status: 'closed' };
    default:
      return row;
  }
};

const handled = ['Opened', 'Assigned', 'Escalated', 'Resolved', 'Closed', 'Responded', 'Noted'].map(
  (word) => `Request${word}`,
);

export const emmettFolder = (): string | undefined => {
  const folder = process.env.CASEFOLD_BENCH_EMMETT;
  return folder && existsSync(join(folder, 'node_modules', packageName)) ? folder : undefined;
};

/** @returns events a second, with its default settings */
export const measureEmmett = (started: Started, dataDirectory: string, folder: string): Promise<number> =>
  withDatabase(started, dataDirectory, async (db, connectionString) => {
    const emmett: EmmettPostgreSQL = createRequire(join(folder, 'package.json'))(packageName);
    const store = emmett.getPostgreSQLEventStore(connectionString);
    await store.schema.migrate();
    await store.close();
    const events = await copyToEmmett(db, eventsMax);
    const projection = emmett.pongoSingleStreamProjection({
      collectionName: 'bench_queue_emmett',
      canHandle: handled,
      initialState: () => ({}),
      evolve,
    });
    const rebuilding = emmett.rebuildPostgreSQLProjections({ connectionString, projections: [projection] });
    const began = performance.now();
    await rebuilding.start();
    const seconds = (performance.now() - began) / 1000;
    await rebuilding.close();
    return events / seconds;
  });

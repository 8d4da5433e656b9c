import { Client } from 'pg';
import { AnyProjection } from '../../libs/eventing/projections/projection';
import { rebuild } from '../../libs/eventing/projections/rebuild';
import { queueProjection } from '../../libs/requests/read-models/queue/queue.projection';
import { requestProjections } from '../../libs/requests/read-models/projections';
import { rebuildThreads } from '../../apps/rebuild-threads';
import { pointReportingViews } from '../../libs/requests/reporting/point-reporting-views.adapter';
import { withEngine } from './population';
import { Started } from './started';
import { countLogged, foldQueueByHand } from './queue-fold.query';

/** Events a second through a rebuild of the read models, beside the running server as `casefold rebuild` does it. */
export interface RebuildRates {
  readonly all: number;
  readonly queueAlone: number;
  readonly byHand: number;
}

/** A client of the database that the read models of an installation are in. */
export const withDatabase = <T>(
  started: Started,
  dataDirectory: string,
  work: (db: Client, connectionString: string) => Promise<T>,
): Promise<T> =>
  withEngine(started, dataDirectory, async (_engine, { database }) => {
    const { user, password, database: name, host, port } = database;
    const socket = `postgres://${user}:${encodeURIComponent(String(password))}@localhost/${name}?host=${host}&port=${port}`;
    const db = new Client({ ...database, statement_timeout: 0 });
    // A connection that breaks fails the statement under way, which is enough.
    db.on('error', () => undefined);
    await db.connect();
    try {
      return await work(db, socket);
    } finally {
      await db.end();
    }
  });

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

export const measureRebuild = (started: Started, dataDirectory: string): Promise<RebuildRates> =>
  withEngine(started, dataDirectory, (engine) =>
    withDatabase(started, dataDirectory, async (db) => {
      const events = await countLogged(db);
      const rate = async (projections: readonly AnyProjection[]): Promise<number> =>
        events /
        (await secondsOf(() =>
          rebuild(engine.pool, engine.types, projections, {
            ...{ build: engine.build, startedBy: 'bench', onSwitch: pointReportingViews, threads: rebuildThreads() },
          }),
        ));
      return {
        byHand: events / (await secondsOf(() => foldQueueByHand(db))),
        all: await rate(requestProjections),
        queueAlone: await rate([queueProjection]),
      };
    }),
  );

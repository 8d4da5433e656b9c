import { setTimeout as wait } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { prepareTables } from './schema.adapter';

/** Which of several workers follows the log: how one comes to believe that it does. What keeps a wrong belief harmless is the epoch. */
export interface Leadership {
  /** Waits until this worker leads and lets it work until `lost` rejects. Ends, without work done, when `isStopping`. */
  lead(work: (lost: Promise<never>) => Promise<void>, isStopping: () => boolean): Promise<void>;
}

const retryMilliseconds = 500;
const leadLock = `hashtextextended('casefold/projections', 0)`;
// The database ends the session of a leader that is silent for so long, and with it the lock: the next one takes over.
const beatMilliseconds = 1_000;
const silenceMillisecondsMax = 5_000;

/** The lead is a lock on a connection of its own, held for as long as that connection lives. */
export class LockLeadership implements Leadership {
  constructor(private readonly pool: Pool) {}

  async lead(work: (lost: Promise<never>) => Promise<void>, isStopping: () => boolean): Promise<void> {
    const client = new Client(this.pool.options);
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection that holds the lead has ended')));
    });
    lost.catch(() => undefined);
    let beat: NodeJS.Timeout | undefined;
    try {
      await client.connect();
      await prepareTables(client);
      await client.query(`set idle_session_timeout = ${silenceMillisecondsMax}`);
      while (!(await tryLock(client))) {
        if (isStopping()) return;
        await Promise.race([wait(retryMilliseconds), lost]);
      }
      // Nothing else is asked on this connection from here on.
      beat = setInterval(() => void client.query('select 1').catch(() => undefined), beatMilliseconds);
      await work(lost);
    } finally {
      clearInterval(beat);
      await client.end().catch(() => undefined);
    }
  }
}

const tryLock = async (client: Client): Promise<boolean> => {
  const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_lock(${leadLock}) as locked`);
  return rows[0]?.locked === true;
};

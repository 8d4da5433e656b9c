import { Client, Pool } from 'pg';

// Whoever stands still in a transaction must not keep others from the checkpoint.
const standstillMillisecondsMax = 10_000;

/** Whatever knows how to reach the database: a pool, or what `plainOf` makes of one for another thread. */
export type Reachable = Pick<Pool, 'options'>;

/** As plain data. The password of a pool is there and not listed, so that a copy would lack it. */
export const plainOf = ({ options }: Reachable): Reachable => ({
  options: { ...options, password: options.password },
});

/** A connection for work that takes as long as it takes. */
export const withConnection = async <T>({ options }: Reachable, work: (db: Client) => Promise<T>): Promise<T> => {
  const db = new Client(options);
  // A connection that breaks fails the statement under way, which is enough.
  db.on('error', () => undefined);
  await db.connect();
  try {
    await db.query(`set statement_timeout = 0; set idle_in_transaction_session_timeout = ${standstillMillisecondsMax}`);
    return await work(db);
  } finally {
    await db.end();
  }
};

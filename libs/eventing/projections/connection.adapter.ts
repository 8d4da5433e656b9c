import { Client, ClientConfig, Pool } from 'pg';

// Whoever stands still in a transaction must not keep others from the checkpoint.
const standstillMillisecondsMax = 10_000;

/** A connection for work that takes as long as it takes. */
export const withConnection = async <T>(to: Pool | ClientConfig, work: (db: Client) => Promise<T>): Promise<T> => {
  const db = new Client(to instanceof Pool ? to.options : to);
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

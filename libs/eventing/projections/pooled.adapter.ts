import { Pool, PoolClient } from 'pg';
import { inTransaction } from './transaction.adapter';

// A connection may break between two statements; the next one then fails. Unheard, the event would end the process.
const ignore = (): void => undefined;

/** A transaction on a connection of the pool; one that failed does not go back. @param begin statements that it begins with */
export const pooledTransaction = async <T>(
  pool: Pool,
  begin: string | undefined,
  work: (db: PoolClient) => Promise<T>,
): Promise<T> => {
  const db = await pool.connect();
  db.on('error', ignore);
  try {
    const result = await inTransaction(db, async () => {
      if (begin !== undefined) await db.query(begin);
      return work(db);
    });
    db.release();
    return result;
  } catch (error) {
    db.release(error instanceof Error ? error : true);
    throw error;
  } finally {
    // The pool listens again from the release on.
    db.off('error', ignore);
  }
};

// Whoever reads for others must not hold up a rebuild's switch while the log does not answer.
const silenceMillisecondsMax = 5_000;

/** Begins a look at one moment of the database. */
export const snapshot = `set transaction isolation level repeatable read, read only;
  set local idle_in_transaction_session_timeout = ${silenceMillisecondsMax}`;

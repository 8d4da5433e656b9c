import { Queryable } from './projection-store.adapter';

/** All of it or nothing. */
export const inTransaction = async <T>(db: Queryable, work: () => Promise<T>): Promise<T> => {
  await db.query('begin');
  try {
    const result = await work();
    await db.query('commit');
    return result;
  } catch (error) {
    // A connection that is gone has taken the transaction with it.
    await db.query('rollback').catch(() => undefined);
    throw error;
  }
};

import { Client, Pool, PoolClient, PoolConfig } from 'pg';
import { Random } from './random';

/**
 * A pool whose connections are killed by the server, each time just before some statement: to PostgreSQL that is the same
 * as a client that was killed there.
 */
export interface MortalPool {
  readonly pool: Pool;
  /** Statements before which a connection died. */
  readonly deaths: readonly string[];
  end(): Promise<void>;
}

const endMillisecondsMax = 5_000;

/** A copy is a stream that its caller has at once, and that is sent when its turn has come. */
interface Copy {
  readonly text: string;
  submit: (connection: unknown) => void;
}

const isCopy = (statement: unknown): statement is Copy =>
  typeof statement === 'object' && statement !== null && 'submit' in statement && 'text' in statement;

/** @param statements least and most statements between one death and the next @param deathsMax after so many nobody dies any more */
export const openMortalPool = async (
  config: PoolConfig,
  random: Random,
  statements: { readonly least: number; readonly most: number },
  deathsMax: number,
): Promise<MortalPool> => {
  const killer = new Client(config);
  await killer.connect();
  const deaths: string[] = [];
  const pool = new Pool({ ...config, max: 4 });
  pool.on('error', () => undefined);
  let left = random.between(statements.least, statements.most);
  const mortal = (client: PoolClient): void => {
    const query: (...args: readonly unknown[]) => unknown = Reflect.get(client, 'query').bind(client);
    const ownPid = client.query<{ pid: number }>('select pg_backend_pid() as pid').then(({ rows }) => rows[0]?.pid);
    const mayDie = async (statement: string): Promise<void> => {
      const pid = await ownPid;
      if (deaths.length >= deathsMax || --left > 0) return;
      left = random.between(statements.least, statements.most);
      deaths.push(statement.trim().slice(0, 40));
      await killer.query('select pg_terminate_backend($1, $2)', [pid, endMillisecondsMax]);
    };
    Reflect.set(client, 'query', (...args: readonly unknown[]) => {
      const [statement] = args;
      if (!isCopy(statement)) return mayDie(String(statement)).then(() => query(...args));
      const submit = statement.submit.bind(statement);
      statement.submit = (connection) => void mayDie(statement.text).then(() => submit(connection));
      return query(...args);
    });
  };
  pool.on('connect', mortal);
  return {
    pool,
    deaths,
    end: async () => {
      await pool.end();
      await killer.end();
    },
  };
};

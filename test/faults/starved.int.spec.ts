import { setTimeout as sleep } from 'node:timers/promises';
import { Client, PoolConfig } from 'pg';
import { tableOf } from '../../libs/eventing/projections/projection';
import { queueProjection } from '../../libs/requests/read-models/queue/queue.projection';
import { eventually } from './harness/eventually';
import { Installation } from './harness/installation';
import { checkInvariants } from './harness/invariants';
import { Random } from './harness/random';
import { Writers } from './harness/writers';

/** A database that is there and does not do what it should: every promise is kept, and health says what is the matter. */
const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_106);

interface ProjectionHealth {
  readonly status: string;
  readonly details: {
    readonly behindSeconds: number | null;
    readonly trouble?: { readonly what: string; readonly code: string };
  };
}

let installation: Installation;
let writers: Writers;
beforeEach(async () => {
  installation = new Installation();
  await installation.start();
  writers = new Writers(installation, 3, new Random(seed));
  await eventually('the writers are at work', () => writers.acknowledged >= 20);
  await eventually('the worker is too', async () => typeof (await health())?.details.behindSeconds === 'number');
}, 120_000);
afterEach(() => installation.remove(), 30_000);

const health = async (): Promise<ProjectionHealth | undefined> => {
  const response = await fetch(`${await installation.current()}/health/ready`);
  const report = (await response.json()) as { checks?: { projections?: ProjectionHealth } };
  return report.checks?.projections;
};
const troubled = (): Promise<string | undefined> => health().then((projections) => projections?.details.trouble?.what);

const acknowledges = async (count: number): Promise<void> => {
  const before = writers.acknowledged;
  await eventually('commands are acknowledged', () => writers.acknowledged >= before + count);
};

const read = async (query: string): Promise<Response> => {
  const { token } = await installation.bearer('agent', 'alice');
  return fetch(`${await installation.current()}/v1/queue?${query}`, { headers: { authorization: `Bearer ${token}` } });
};

/** Statements that write rows of the read models fail, as they do when the disk is full or a statement takes too long. */
const refusing = (code: string, work: () => Promise<void>): Promise<void> =>
  installation.beside(async ({ pool }) => {
    await pool.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'planted' using errcode = '${code}'; end $$;
      create trigger refuse before insert on ${tableOf(queueProjection)} for each statement execute function refuse()`);
    try {
      await work();
    } finally {
      await pool.query('drop function refuse() cascade');
    }
  });

const catchesUpAndKeepsEveryPromise = async (): Promise<void> => {
  await eventually('the projections get on with it', async () => {
    const now = await health();
    return now?.status === 'green' && now.details.trouble === undefined;
  });
  const { findings } = await checkInvariants(installation, await writers.stop());
  expect(findings.examples).toEqual([]);
};

it.each([
  ['53100', 'no space is left on the disk'],
  ['57014', 'a statement took too long'],
])(
  'goes on taking commands when rows cannot be written (%s), says why, and how old its answers are',
  async (code, what) => {
    await refusing(code, async () => {
      await eventually('health says it', async () => (await troubled()) === what);
      await acknowledges(10);
      const old = await read('limit=1&after=999999999999');
      expect([old.status, old.headers.get('casefold-stale')]).toEqual([200, 'true']);
      const asOf = Date.parse(old.headers.get('casefold-recorded-until') ?? '');
      await acknowledges(10);
      expect(Date.parse((await read('limit=1')).headers.get('casefold-recorded-until') ?? '')).toBe(asOf);
      expect(asOf).toBeLessThan(Date.now());
    });
    await catchesUpAndKeepsEveryPromise();
  },
  150_000,
);

/** Others, who take every connection that the database gives, and whatever is given back. */
class Others {
  private readonly held: Client[] = [];
  private refused = false;
  private letting = false;
  private readonly taking: Promise<void>;

  private constructor(private readonly database: PoolConfig) {
    this.taking = this.keepTaking();
  }

  static async takeAll(database: PoolConfig): Promise<Others> {
    const others = new Others(database);
    await eventually('nothing is left', () => others.refused);
    return others;
  }

  async letGo(): Promise<void> {
    this.letting = true;
    await this.taking;
    await Promise.all(this.held.map((client) => client.end()));
  }

  private async keepTaking(): Promise<void> {
    while (!this.letting) {
      const client = new Client(this.database);
      client.on('error', () => undefined);
      try {
        await client.connect();
        this.held.push(client);
      } catch {
        this.refused = true;
        await sleep(200);
      }
    }
  }
}

it('answers or says that it cannot, when others hold every connection that the database gives', async () => {
  await installation.beside(async ({ pool }) => {
    const others = await Others.takeAll(pool.options);
    try {
      const statuses = new Set<number>();
      for (let call = 0; call < 20; call++) statuses.add((await read('limit=1')).status);
      expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
      await acknowledges(5);
    } finally {
      await others.letGo();
    }
  });
  await catchesUpAndKeepsEveryPromise();
}, 150_000);

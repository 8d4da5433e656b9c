import { Client, Pool } from 'pg';
import { Leadership } from '../../../libs/eventing/projections/leadership.adapter';
import { ProjectionRunner } from '../../../libs/eventing/projections/projection-runner';
import { prepareTables } from '../../../libs/eventing/projections/schema.adapter';
import { readConfig } from '../../../libs/platform/config/config';
import { attachOrOpen } from '../../../libs/platform/embedded/attach';
import { Engine } from '../../../libs/platform/engine/engine';
import { loadSecrets } from '../../../libs/platform/secrets/secrets';
import { thingTypes } from '../../engine/thing';
import { workerProjections } from '../harness/worker-projections';
import { join } from 'node:path';

/**
 * A worker and nothing else, on stores that another process has started. It says on standard output when it leads, how many of its
 * commits were refused by the fence, and what else went wrong. As a `believer` it never doubts that it leads: no lock, no beat.
 */
class Belief implements Leadership {
  constructor(private readonly pool: Pool) {}

  async lead(work: (lost: Promise<never>) => Promise<void>): Promise<void> {
    const client = new Client(this.pool.options);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await prepareTables(client);
      await work(new Promise<never>(() => undefined));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

const main = async (): Promise<void> => {
  const config = readConfig(process.env);
  const stores = await attachOrOpen(config, { role: 'a worker' });
  const { eventStore: client, database, keystore } = stores;
  const secrets = await loadSecrets(join(config.dataDirectory, 'secrets'), { create: false });
  const engine = new Engine({ client, database, keystore, types: thingTypes(), ...secrets });
  const { store, pool, types, build } = engine;
  let fenced = 0;
  const tell = (): void => {
    if (runner.fenced > fenced) say({ fenced: runner.fenced - fenced });
    fenced = runner.fenced;
  };
  const runner: ProjectionRunner = new ProjectionRunner({
    ...{ store, pool, types, build, projections: workerProjections, categories: ['thing'] },
    onFailure: (error) => {
      tell();
      say({ failure: error instanceof Error ? error.message : String(error) });
    },
    ...(process.argv[2] === 'believer' ? { leadership: new Belief(pool) } : {}),
  });
  runner.on('leading', () => {
    tell();
    say({ leading: true });
  });
  runner.start();
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventTypes } from '../../libs/eventing/event-types';
import { readConfig } from '../../libs/platform/config/config';
import { openStores, Stores } from '../../libs/platform/embedded/stores';
import { Engine } from '../../libs/platform/engine/engine';
import { loadSecrets, Secrets } from '../../libs/platform/secrets/secrets';

/** A fresh installation in a temporary folder: real stores, as `npm start` has them. */
export interface TestInstallation {
  readonly dataDirectory: string;
  readonly stores: Stores;
  readonly secrets: Secrets;
  readonly engine: Engine;
  /** Another process' view of the same stores: nothing is shared but what is on disk. */
  another(): Promise<Engine>;
  stop(): Promise<void>;
}

/** With `DATABASE_URL` set, the read models are those of that server, as CI does with Debian's. */
export const openInstallation = async (types: EventTypes): Promise<TestInstallation> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'casefold-test-'));
  const stores = await openStores(readConfig({ CASEFOLD_DATA: dataDirectory }));
  const secrets = await loadSecrets(join(dataDirectory, 'secrets'), { create: true });
  const { eventStore: client, database, keystore } = stores;
  const engines: Engine[] = [];
  const another = async (): Promise<Engine> => {
    const engine = new Engine({ client, database, keystore, types, ...secrets });
    await engine.prepare();
    engines.push(engine);
    return engine;
  };
  return {
    ...{ dataDirectory, stores, secrets, another, engine: await another() },
    stop: async () => {
      await Promise.all(engines.map((engine) => engine.close()));
      await stores.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
};

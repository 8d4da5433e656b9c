import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventTypes } from '../../apps/domain';
import { readConfig } from '../../libs/platform/config/config';
import { openStores, Stores } from '../../libs/platform/embedded/stores';
import { Engine } from '../../libs/platform/engine/engine';
import { loadSecrets } from '../../libs/platform/secrets/secrets';

/** A fresh installation in a temporary folder: real stores, as `npm start` has them. */
export interface TestInstallation {
  readonly dataDirectory: string;
  readonly stores: Stores;
  readonly engine: Engine;
  stop(): Promise<void>;
}

export const openInstallation = async (): Promise<TestInstallation> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'casefold-test-'));
  const stores = await openStores(readConfig({ CASEFOLD_DATA: dataDirectory }));
  const secrets = await loadSecrets(join(dataDirectory, 'secrets'), { create: true });
  const { eventStore: client, database, keystore } = stores;
  const engine = new Engine({ client, database, keystore, types: eventTypes(), ...secrets });
  await engine.prepare();
  return {
    dataDirectory,
    stores,
    engine,
    stop: async () => {
      await engine.close();
      await stores.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
};

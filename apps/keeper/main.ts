import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { ConfigurationBook } from '../../libs/configuration/configuration-book.adapter';
import { sameJson } from '../../libs/eventing/same-json';
import { clientOf, disposeOf } from '../../libs/platform/embedded/store-parts';
import { Engine } from '../../libs/platform/engine/engine';
import { loadSecrets } from '../../libs/platform/secrets/secrets';
import { ServiceLevelBook } from '../../libs/service-levels/book.adapter';
import { attachmentStore } from '../attachment-store';
import { eventTypes } from '../domain';
import { KeeperState } from '../server/keeper';
import { ReadModelKeeper } from '../server/read-model-keeper';
import type { KeeperGiven, KeeperSays } from '../server/threaded-keeper';

// Its statements are few and large, and their plans do not hang on the values: planned once each, not at each batch.
const plannedOnce = '-c plan_cache_mode=force_generic_plan';

/** The thread of a `ThreadedKeeper`. It ends when it is told to, or with the error that it cannot live with. */
const lookMilliseconds = 100;

const main = async (): Promise<void> => {
  const port = parentPort;
  if (!port) throw new Error('this program is one for a thread');
  const { config, eventStorePlace, database, keystore } = workerData as KeeperGiven;
  const secrets = await loadSecrets(join(config.dataDirectory, 'secrets'), { create: false });
  const client = clientOf(eventStorePlace);
  const options = [database.options, plannedOnce].filter(Boolean).join(' ');
  const engine = new Engine({ client, database: { ...database, options }, keystore, types: eventTypes(), ...secrets });
  const book = new ServiceLevelBook(engine.runner);
  const configuration = new ConfigurationBook(engine.runner);
  let told: KeeperState | null = null;
  const say = (what: Omit<KeeperSays, 'state'>): void => {
    told = keeper.state;
    const says: KeeperSays = { state: told, ...what };
    port.postMessage(says);
  };
  const files = attachmentStore(config);
  const keeper = new ReadModelKeeper({ engine, book, configuration, files }, (part, error) =>
    say({ failure: { part, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) } }),
  );
  keeper.start({ leading: () => say({ leading: true }), committed: (committed) => say({ committed }) });
  // The lead is lost, and trouble ends, without a word.
  const looking = setInterval(() => {
    if (!sameJson(keeper.state, told)) say({});
  }, lookMilliseconds);
  port.once('message', () => {
    clearInterval(looking);
    void keeper.stop().then(async () => {
      await Promise.all([engine.close(), disposeOf(client)]);
      port.close();
    });
  });
};

void main();

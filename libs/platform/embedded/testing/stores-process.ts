import { ConfigError, readConfig } from '../../config/config';
import { attachOrOpen } from '../attach';
import { openStores } from '../stores';

/** The smallest program on the embedded stores. It tells what happens as JSON lines, and is there to be killed. */
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const main = async (): Promise<void> => {
  const config = readConfig(process.env);
  const open = process.argv[2] === 'attach' ? attachOrOpen : openStores;
  const role = process.argv[2] === 'attach' ? 'a command' : 'server';
  const began = Date.now();
  const stores = await open(config, { role, onChange: (store, state) => tell({ store, ...state }) });
  const { database, keystore } = stores;
  tell({ ready: true, milliseconds: Date.now() - began, database, keystore });
  process.once('SIGTERM', () => {
    const stopping = Date.now();
    void stores.stop().then(() => {
      tell({ stopped: true, milliseconds: Date.now() - stopping });
      process.exit(0);
    });
  });
  setInterval(() => undefined, 60_000);
};

main().catch((error: unknown) => {
  tell({ failed: error instanceof Error ? error.message : String(error) });
  process.exit(error instanceof ConfigError ? 2 : 1);
});

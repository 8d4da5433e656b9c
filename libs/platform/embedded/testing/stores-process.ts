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
  const milliseconds = Date.now() - began;
  process.once('SIGTERM', () => {
    const stopping = Date.now();
    void stores.stop().then(() => {
      tell({ stopped: true, milliseconds: Date.now() - stopping });
      process.exit(0);
    });
  });
  setInterval(() => undefined, 60_000);
  // Last: who reads this may send a signal at once.
  tell({ ready: true, milliseconds, database, keystore });
};

main().catch((error: unknown) => {
  tell({ failed: error instanceof Error ? error.message : String(error) });
  process.exit(error instanceof ConfigError ? 2 : 1);
});

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

/**
 * A server that, once it has started, never waits for the disk. Power-cut tests must notice, or they show nothing.
 *
 *   node unsynced-server.js --data DIR
 */
const requireHere = createRequire(__filename);
const lmdb: Record<string, (options: object) => unknown> = requireHere('lmdb');
const open = lmdb.open!;
lmdb.open = (options) => open({ ...options, noSync: true });

const { startEventStore }: typeof import('../event-store-server') = requireHere('../event-store-server');
const directory = process.argv[process.argv.indexOf('--data') + 1]!;
process.stdin.on('end', () => process.exit(0)).resume();
void startEventStore({ directory, listen: { host: '127.0.0.1', port: 0 } }).then(({ endpoint }) => {
  execFileSync('sync', ['-f', directory]);
  process.stdout.write(`ready on ${endpoint}\n`);
});

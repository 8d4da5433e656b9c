import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename } from 'node:path';

/**
 * A server that, once it has started, lacks something that its promises rest on. The campaigns must notice, or they
 * show nothing.
 *
 *   node weakened-server.js --data DIR --without database-sync|journal-sync|journal-replay …
 */
const missing = process.argv.slice(process.argv.indexOf('--without') + 1);
const lacks = (what: string): boolean => missing.includes(what);
const requireHere = createRequire(__filename);
const isJournal = (path: unknown): boolean => /^journal-\d$/.test(basename(String(path)));

if (lacks('database-sync')) {
  const lmdb: Record<string, (options: object) => unknown> = requireHere('lmdb');
  const open = lmdb.open!;
  lmdb.open = (options) => open({ ...options, noSync: true });
}
const fs: typeof import('node:fs') = requireHere('node:fs');
if (lacks('journal-sync')) {
  const { openSync, constants } = fs;
  fs.openSync = (path, flags, mode) =>
    openSync(path, isJournal(path) ? Number(flags) & ~constants.O_DSYNC : flags, mode);
}
if (lacks('journal-replay')) {
  const { readFileSync } = fs;
  Reflect.set(fs, 'readFileSync', (path: string, options?: BufferEncoding) =>
    isJournal(path) ? Buffer.alloc(0) : readFileSync(path, options),
  );
}

const { startEventStore }: typeof import('../event-store-server') = requireHere('../event-store-server');
const directory = process.argv[process.argv.indexOf('--data') + 1]!;
process.stdin.on('end', () => process.exit(0)).resume();
void startEventStore({ directory, listen: { host: '127.0.0.1', port: 0 } }).then(({ endpoint }) => {
  execFileSync('sync', ['-f', directory]);
  process.stdout.write(`ready on ${endpoint}\n`);
});

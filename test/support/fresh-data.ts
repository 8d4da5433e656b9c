import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled, root } from '../faults/harness/checkout';

/**
 * A data directory of its own for a test. Its database cluster, which takes most of a first start to make, is a copy of one that was
 * made once for all tests and has never run; secrets and log are its own.
 */
const kept = join(root, 'node_modules', '.cache', 'casefold-test-clusters');
// What a cluster is made from: another one is made when one of these has changed.
const ingredients = [
  compiled('libs/platform/embedded/postgres-cluster.js'),
  compiled('libs/platform/embedded/postgres-passwords.js'),
  join(root, 'package-lock.json'),
];

export const freshDataDirectory = (prefix = 'casefold-test-'): string => {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  execFileSync('cp', ['-a', `${cluster()}/.`, directory]);
  return directory;
};

const cluster = (): string => {
  const digest = createHash('sha256');
  for (const file of ingredients) digest.update(readFileSync(file));
  const path = join(kept, digest.digest('hex').slice(0, 16));
  if (!existsSync(path)) make(path);
  return path;
};

const make = (path: string): void => {
  mkdirSync(kept, { recursive: true });
  const older = readdirSync(kept);
  // Beside the data directories, which the account of the database server can reach.
  const draft = mkdtempSync(join(tmpdir(), 'casefold-cluster-'));
  execFileSync(process.execPath, [compiled('test/support/make-cluster.js'), draft], { stdio: 'inherit' });
  const aside = `${path}.${process.pid}`;
  execFileSync('cp', ['-a', draft, aside]);
  rmSync(draft, { recursive: true, force: true });
  try {
    renameSync(aside, path);
  } catch {
    // Another worker was faster.
    rmSync(aside, { recursive: true, force: true });
    return;
  }
  for (const name of older) rmSync(join(kept, name), { recursive: true, force: true });
};

import { chownSync, existsSync, lchownSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, accountReaching, isListed, leastAccount, ownAccount, spawnAs, unlistedUids } from './account';
import { type Layout, isRoot } from './data-directory';
import { codeOf } from './error-code';
import { type NativeFolder, binary, locateNative } from './postgres-binaries';
import type { PostgresPasswords } from './postgres-passwords';

/** A database cluster on disk, and how to run a server on it. */
export interface Cluster {
  readonly folder: string;
  readonly account: Account;
  readonly native: NativeFolder;
  /** In a folder of ours: what the server's account may change, we never open for writing. */
  readonly log: string;
}

const stepMillisecondsMax = 120_000;
const outputCharactersMax = 2_000;

/** Finds the cluster of a data directory, or makes one; a start that was cut off leaves a draft, which is made anew. */
export const openCluster = async (layout: Layout, passwords: PostgresPasswords): Promise<Cluster> => {
  const folder = join(layout.postgres, 'cluster');
  if (!existsSync(folder)) return createCluster(layout, passwords);
  const account = isRoot() ? accountOfOwner(layout) : ownAccount;
  return { folder, account, native: nativeFor(layout, account), log: logOf(layout) };
};

const logOf = ({ run }: Layout): string => join(run, 'postgres.log');

const accountOfOwner = ({ root, postgres }: Layout): Account => {
  const { uid, gid } = statSync(postgres);
  return accountReaching(root, { uid, gid });
};

// With capabilities the account reaches every folder, so that nothing has to be mirrored for it.
const nativeFor = ({ root }: Layout, { uid, prefix }: Account): NativeFolder =>
  locateNative(root, prefix.length ? undefined : uid);

const createCluster = async (layout: Layout, passwords: PostgresPasswords): Promise<Cluster> => {
  const draft = `${layout.postgres}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const account = isRoot() ? privateAccount(layout.root, draft) : ownAccount;
  const native = nativeFor(layout, account);
  const maker = makerOf(layout.root);
  await initialise({ folder: join(draft, 'cluster'), native, account: maker, log: logOf(layout) }, draft, passwords);
  if (account.uid !== undefined) giveAway(draft, account.uid);
  rmSync(layout.postgres, { recursive: true, force: true });
  renameSync(draft, layout.postgres);
  return { folder: join(layout.postgres, 'cluster'), account, native, log: logOf(layout) };
};

/** The system says by itself which uids it has: one that it cannot store, as in a container, is not drawn again. */
const privateAccount = (root: string, probe: string): Account => {
  for (const uid of unlistedUids()) {
    try {
      chownSync(probe, uid, uid);
      chownSync(probe, 0, 0);
      return accountReaching(root, { uid, gid: uid });
    } catch (error) {
      if (codeOf(error) !== 'EINVAL') throw error;
    }
  }
  throw new Error(
    'this system lets no other account own a file, and PostgreSQL does not run as root; set DATABASE_URL',
  );
};

/**
 * initdb insists on an account with a name. Under root it is `nobody`, in a folder with mode 0700, for less than a
 * second in the life of an installation; afterwards everything belongs to the private uid. For an ordinary uid without
 * a name, as containers use them, a user namespace lends one.
 */
const makerOf = (root: string): Account => {
  if (isRoot()) return accountReaching(root, leastAccount());
  const uid = process.getuid?.();
  if (uid === undefined || process.platform !== 'linux' || isListed(uid)) return ownAccount;
  const least = leastAccount();
  return { prefix: ['unshare', '--user', `--map-user=${least.uid}`, `--map-group=${least.gid}`] };
};

const initialise = async (cluster: Cluster, draft: string, passwords: PostgresPasswords): Promise<void> => {
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, passwords.owner, { mode: 0o600 });
  const { uid, gid } = cluster.account;
  if (uid !== undefined && gid !== undefined) for (const path of [draft, passwordFile]) chownSync(path, uid, gid);
  const sync = process.platform === 'linux' ? ['--sync-method=syncfs'] : [];
  await step(
    cluster,
    [binary(cluster.native, 'initdb'), '-D', cluster.folder, ...initArguments(passwordFile), ...sync],
    '',
  );
  await step(
    cluster,
    [binary(cluster.native, 'postgres'), ...singleUserArguments(cluster.folder)],
    rolesAndDatabases(passwords),
  );
  rmSync(passwordFile);
};

const initArguments = (passwordFile: string): string[] => [
  '--username=owner',
  '--auth=scram-sha-256',
  `--pwfile=${passwordFile}`,
  '--encoding=UTF8',
  // The same order of texts on every system and for every version of its libraries.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
];

// Reads statements from stdin, each ended by an empty line. Quiet about them, since they hold passwords.
const singleUserArguments = (folder: string): string[] => {
  const settings = ['exit_on_error=on', 'log_min_error_statement=panic', 'log_checkpoints=off'];
  return ['--single', '-j', '-D', folder, ...settings.flatMap((setting) => ['-c', setting]), 'postgres'];
};

const rolesAndDatabases = ({ casefold, keystore }: PostgresPasswords): string =>
  [
    `create role casefold login password '${casefold}'`,
    `create role keystore login password '${keystore}'`,
    'create database casefold owner casefold strategy file_copy',
    'create database keystore owner keystore strategy file_copy',
    'revoke all on database casefold from public',
    'revoke all on database keystore from public',
    'revoke all on database postgres from public',
  ]
    .map((statement) => `${statement};\n\n`)
    .join('');

const step = (cluster: Cluster, command: [string, ...string[]], input: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawnAs(cluster.account, command, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
      cwd: '/',
      timeout: stepMillisecondsMax,
    });
    let output = '';
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-outputCharactersMax));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.stdin?.on('error', () => undefined).end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`PostgreSQL could not be set up (${command[0]} ended with ${code}): ${output.trim()}`));
    });
  });

/** Everything below `path` belongs to `uid` afterwards and to nobody else. */
const giveAway = (path: string, uid: number): void => {
  lchownSync(path, uid, uid);
  const entries = readdirSync(path, { withFileTypes: true });
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) giveAway(child, uid);
    else lchownSync(child, uid, uid);
  }
};

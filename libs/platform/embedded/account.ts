import { type ChildProcess, type SpawnOptions, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who a child process runs as. Without uid: as we do. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
  /** A command that changes the account and then becomes what follows it. */
  readonly prefix: readonly string[];
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

// Above what systemd, containers and directory services hand out; below 2^31, which some tools still take for negative.
const privateUids = { from: 2_010_000_000, to: 2_140_000_000 };
// In a user namespace only the low 65,536 are usually mapped; these are between ordinary users and dynamic services.
const lowPrivateUids = { from: 20_000, to: 59_999 };
const drawsMax = 50;
// Read and search suffices; containers often have only the wider one.
const capabilities = ['dac_read_search', 'dac_override'];

export const ownAccount: Account = { prefix: [] };

export const spawnAs = (
  { uid, gid, prefix }: Account,
  command: readonly [string, ...string[]],
  options: SpawnOptions,
): ChildProcess => {
  const [file, ...args] = [...prefix, ...command];
  if (file === undefined) throw new Error('nothing to run');
  // Node drops the supplementary groups together with the uid.
  return spawn(file, args, prefix.length ? options : { ...options, uid, gid });
};

/** An account for `uid` that reaches `folder`, however closed the folders above it are. Only root may ask. */
export const accountReaching = (folder: string, { uid, gid }: { uid: number; gid: number }): Account => {
  if (isPassable(folder, uid)) return { uid, gid, prefix: [] };
  for (const capability of capabilities) {
    const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'].concat(
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
    );
    if (canEnter(prefix, folder)) return { uid, gid, prefix };
  }
  throw new Error(
    `PostgreSQL does not run as root, and another account cannot pass through the folders above ${folder}. ` +
      'Let CASEFOLD_DATA name a folder that can be passed (/var/lib/casefold), start as an ordinary user, or set DATABASE_URL',
  );
};

/** A uid that no account of this machine has, so that no process of another program ever runs under it. */
export const unlistedUids = function* (): Generator<number> {
  for (const { from, to } of [privateUids, lowPrivateUids]) {
    for (let draw = 0; draw < drawsMax; draw++) {
      const uid = randomInt(from, to);
      if (!isListed(uid)) {
        yield uid;
        break;
      }
    }
  }
  yield leastAccount().uid;
};

/** The account with the fewest rights that has a name: initdb refuses one without. */
export const leastAccount = (): PasswdEntry => {
  const entries = passwd();
  const found = entries.find(({ name }) => name === 'nobody') ?? entries.find(({ uid }) => uid !== 0);
  if (!found) throw new Error('/etc/passwd lists no account but root, and PostgreSQL cannot be set up as root');
  return found;
};

export const isListed = (uid: number): boolean => passwd().some((entry) => entry.uid === uid) || isKnownElsewhere(uid);

const passwd = (): PasswdEntry[] =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }));

/** Directory services know accounts that /etc/passwd does not. */
const isKnownElsewhere = (uid: number): boolean => {
  try {
    execFileSync('getent', ['passwd', String(uid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Whether every folder on the way can be passed by `uid`. Groups are ignored: the account has none. */
export const isPassable = (folder: string, uid: number): boolean => {
  const { mode, uid: owner } = statSync(folder);
  const open = owner === uid ? (mode & 0o100) !== 0 : (mode & 0o001) !== 0;
  const parent = dirname(folder);
  return open && (parent === folder || isPassable(parent, uid));
};

const canEnter = (prefix: readonly string[], folder: string): boolean => {
  const [file, ...args] = prefix;
  if (file === undefined) return false;
  try {
    execFileSync(file, [...args, '/bin/sh', '-c', 'cd "$1"', 'sh', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSecretText, replaceSecret, writeSecret } from '../secrets/secret-file';
import type { Layout } from './data-directory';

/** One role owns the cluster, one each database; nobody types these passwords. */
export interface PostgresPasswords {
  readonly owner: string;
  readonly casefold: string;
  readonly keystore: string;
  /** Of the role that reads reporting views. */
  readonly reporting: string;
}

const databaseRoles = ['owner', 'casefold', 'keystore'] as const;
/** The account for reporting jobs; what it may read is granted where the views are made. */
export const reportingRole = 'casefold_reporting';
const passwordBytes = 24;

/** @throws Error when the file is lost or damaged while there are databases: new passwords would lock us out of them */
export const postgresPasswords = ({ secrets, postgres }: Layout): PostgresPasswords => {
  const file = join(secrets, 'database-passwords');
  if (!existsSync(postgres) && !existsSync(file)) writeSecret(file, JSON.stringify(newPasswords()));
  const known = parse(file, readSecretText(file));
  if (known.reporting !== undefined) return { ...known, reporting: known.reporting };
  // The role is younger than some installations.
  const passwords = { ...known, reporting: draw() };
  replaceSecret(file, JSON.stringify(passwords));
  return passwords;
};

const newPasswords = (): PostgresPasswords => ({
  ...{ owner: draw(), casefold: draw(), keystore: draw(), reporting: draw() },
});

type KnownPasswords = Omit<PostgresPasswords, 'reporting'> & Partial<PostgresPasswords>;

const draw = (): string => randomBytes(passwordBytes).toString('base64url');

const parse = (file: string, text: string): KnownPasswords => {
  try {
    const value: unknown = JSON.parse(text);
    if (arePasswords(value)) return value;
  } catch {
    // Said below, without the text.
  }
  throw new Error(`${file} is damaged; restore it from a backup`);
};

const arePasswords = (value: unknown): value is KnownPasswords =>
  typeof value === 'object' &&
  value !== null &&
  databaseRoles.every((role) => typeof Reflect.get(value, role) === 'string');

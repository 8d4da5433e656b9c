import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSecretText, writeSecret } from '../secrets/secret-file';
import type { Layout } from './data-directory';

/** One role owns the cluster, one each database; nobody types these passwords. */
export interface PostgresPasswords {
  readonly owner: string;
  readonly casefold: string;
  readonly keystore: string;
}

const databaseRoles = ['owner', 'casefold', 'keystore'] as const;
const passwordBytes = 24;

/** @throws Error when the file is lost or damaged while there are databases: new passwords would lock us out of them */
export const postgresPasswords = ({ secrets, postgres }: Layout): PostgresPasswords => {
  const file = join(secrets, 'database-passwords');
  if (!existsSync(postgres) && !existsSync(file)) writeSecret(file, JSON.stringify(newPasswords()));
  return parse(file, readSecretText(file));
};

const newPasswords = (): PostgresPasswords => ({ owner: draw(), casefold: draw(), keystore: draw() });

const draw = (): string => randomBytes(passwordBytes).toString('base64url');

const parse = (file: string, text: string): PostgresPasswords => {
  try {
    const value: unknown = JSON.parse(text);
    if (arePasswords(value)) return value;
  } catch {
    // Said below, without the text.
  }
  throw new Error(`${file} is damaged; restore it from a backup`);
};

const arePasswords = (value: unknown): value is PostgresPasswords =>
  typeof value === 'object' &&
  value !== null &&
  databaseRoles.every((role) => typeof Reflect.get(value, role) === 'string');

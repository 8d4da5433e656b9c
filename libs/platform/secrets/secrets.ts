import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type JWK, exportJWK, generateKeyPair } from 'jose';
import { makeFolder } from '../embedded/make-folder';
import { readSecretText, replaceSecret, writeSecret } from './secret-file';

/** What one installation knows and nobody else may. Losing it is losing what it protects; back it up apart from the data. */
export interface Secrets {
  /** Names this installation in every hash and seal. Not secret itself, yet as permanent as the others. */
  readonly installation: string;
  /** 32 bytes; request numbers are drawn with it. */
  readonly numberKey: Buffer;
  /** Wrap the keys of customers; the newest version wraps, all of them unwrap. */
  readonly keyEncryptionKeys: { readonly current: number; readonly keys: Readonly<Record<number, Buffer>> };
  /** ES256 private key, with `kid`, that signs the tokens of the embedded mode. */
  readonly tokenSigningKey: SigningKey;
}

export interface SigningKey extends JWK {
  readonly kid: string;
}

const keyBytes = 32;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads the secrets, each from a file of its own with mode 0600. With `create`, a new installation draws them first.
 *
 * @throws Error that names the file which is absent or damaged. A damaged one is never drawn anew: what it protects would
 * be lost for certain, while now it may only be a matter of a backup.
 */
export const loadSecrets = async (folder: string, { create }: { create: boolean }): Promise<Secrets> => {
  if (create) await drawMissing(folder);
  return {
    installation: read(folder, 'installation', parseInstallation),
    numberKey: read(folder, 'number-key', parseKey),
    keyEncryptionKeys: read(folder, 'key-encryption-keys', parseKeyEncryptionKeys),
    tokenSigningKey: read(folder, 'token-signing-key', parseSigningKey),
  };
};

/** Makes these the versions that wrap from now on. Versions left out are destroyed. */
export const writeKeyEncryptionKeys = (folder: string, { current, keys }: Secrets['keyEncryptionKeys']): void => {
  const encoded = Object.entries(keys).map(([version, key]) => [version, key.toString('base64url')]);
  const text = JSON.stringify({ current, keys: Object.fromEntries(encoded) });
  replaceSecret(join(folder, 'key-encryption-keys'), `${text}\n`);
};

type SecretName = 'installation' | 'number-key' | 'key-encryption-keys' | 'token-signing-key';

/** The installation's name comes last and says that all are there: one that is missing later was lost, not cut off. */
const drawMissing = async (folder: string): Promise<void> => {
  makeFolder(folder, 0o700);
  if (existsSync(join(folder, 'installation'))) return;
  await drawOnce(folder, 'number-key', drawKey);
  await drawOnce(folder, 'key-encryption-keys', () => JSON.stringify({ current: 1, keys: { 1: drawKey() } }));
  await drawOnce(folder, 'token-signing-key', drawSigningKey);
  await drawOnce(folder, 'installation', () => randomUUID());
};

const drawOnce = async (folder: string, name: SecretName, draw: () => string | Promise<string>): Promise<void> => {
  const file = join(folder, name);
  if (existsSync(file)) return;
  const text = await draw();
  try {
    writeSecret(file, `${text}\n`);
  } catch (error) {
    // A server and a command line may start at once: whoever was first has drawn it for both.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
};

const drawKey = (): string => randomBytes(keyBytes).toString('base64url');

const drawSigningKey = async (): Promise<string> => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return JSON.stringify({ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomUUID() });
};

const read = <T>(folder: string, name: SecretName, parse: (text: string) => T | undefined): T => {
  const file = join(folder, name);
  const secret = parseSafely(readSecretText(file), parse);
  if (secret === undefined) throw new Error(`the secret ${file} is damaged; restore it from a backup`);
  return secret;
};

const parseSafely = <T>(text: string, parse: (text: string) => T | undefined): T | undefined => {
  try {
    return parse(text.trim());
  } catch {
    return undefined;
  }
};

const parseInstallation = (text: string): string | undefined => (uuid.test(text) ? text : undefined);

const parseKey = (text: string): Buffer | undefined => {
  const key = Buffer.from(text, 'base64url');
  return key.length === keyBytes && key.toString('base64url') === text ? key : undefined;
};

const parseKeyEncryptionKeys = (text: string): Secrets['keyEncryptionKeys'] | undefined => {
  const { current, keys }: { current?: unknown; keys?: unknown } = JSON.parse(text);
  if (typeof current !== 'number' || typeof keys !== 'object' || keys === null) return undefined;
  const parsed: Record<number, Buffer> = {};
  for (const [version, encoded] of Object.entries(keys)) {
    const key = parseKey(String(encoded));
    if (!key || !/^[1-9]\d{0,5}$/.test(version)) return undefined;
    parsed[Number(version)] = key;
  }
  return parsed[current] ? { current, keys: parsed } : undefined;
};

const parseSigningKey = (text: string): SigningKey | undefined => {
  const key: JWK = JSON.parse(text);
  const parts = [key.kid, key.x, key.y, key.d];
  return isSigningKey(key) && key.crv === 'P-256' && parts.every((part) => typeof part === 'string' && part)
    ? key
    : undefined;
};

const isSigningKey = (key: JWK): key is SigningKey => key.kty === 'EC' && typeof key.kid === 'string';

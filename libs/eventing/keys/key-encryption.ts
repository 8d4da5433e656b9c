import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Versions of the key-encryption key: the newest wraps, older ones only unwrap until the roll has reached every row. */
export interface KeyEncryptionKeys {
  readonly current: number;
  readonly keys: Readonly<Record<number, Buffer>>;
}

export interface WrappedKey {
  readonly kek: number;
  readonly wrapped: Buffer;
}

const cipherName = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

const kekOf = ({ keys }: KeyEncryptionKeys, version: number): Buffer => {
  const key = keys[version];
  if (!key) throw new Error(`key-encryption key ${version} is gone`);
  return key;
};

/** Wraps a data key; `id` is bound in, so that rows cannot be exchanged. */
export const wrapKey = (keks: KeyEncryptionKeys, id: string, key: Buffer): WrappedKey => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, kekOf(keks, keks.current), nonce).setAAD(Buffer.from(id));
  return {
    kek: keks.current,
    wrapped: Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]),
  };
};

/** @throws Error when the version is gone, or the row is not the one that was written */
export const unwrapKey = (keks: KeyEncryptionKeys, id: string, { kek, wrapped }: WrappedKey): Buffer => {
  const decipher = createDecipheriv(cipherName, kekOf(keks, kek), wrapped.subarray(0, nonceBytes)).setAAD(
    Buffer.from(id),
  );
  decipher.setAuthTag(wrapped.subarray(wrapped.length - tagBytes));
  return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, wrapped.length - tagBytes)), decipher.final()]);
};

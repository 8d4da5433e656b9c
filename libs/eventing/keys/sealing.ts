import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { canonical } from '../canonical';
import { Sealed, SealedValue } from '../sealed';

/**
 * Sealing and opening of one value with AES-256-GCM.
 *
 * Guarantee: without both keys the value cannot be read, and a ciphertext that was moved to another installation, stream,
 * event or field does not open. It rests on a fresh 96-bit nonce for each value and on a value key being used for one
 * event's one field group only. It does not hide lengths.
 */
export interface ValueKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface Place {
  readonly installation: string;
  readonly stream: string;
  readonly eventId: string;
  readonly pointer: string;
}

const cipherName = 'aes-256-gcm';
const tagBytes = 16;
const nonceBytes = 12;
const saltAbsent = Buffer.alloc(32);

/** HKDF of RFC 5869 with SHA-256, without a salt and for one block: what `hkdfSync` gives, in less than half of its time. */
const derive = (secret: Buffer): Buffer => {
  const extracted = createHmac('sha256', saltAbsent).update(secret).digest();
  return createHmac('sha256', extracted).update('casefold/field/v1\u0001').digest();
};

/** By person's key and value's key, for as long as somebody has both at hand, and no longer. */
const derived = new WeakMap<Buffer, WeakMap<Buffer, Buffer>>();

const fieldKey = (personKey: Buffer, valueKey: Buffer): Buffer => {
  const ofPerson = derived.get(personKey) ?? new WeakMap<Buffer, Buffer>();
  derived.set(personKey, ofPerson);
  const key = ofPerson.get(valueKey) ?? derive(Buffer.concat([personKey, valueKey]));
  ofPerson.set(valueKey, key);
  return key;
};

const boundTo = ({ installation, stream, eventId, pointer }: Place): Buffer =>
  Buffer.from(canonical([installation, stream, eventId, pointer]));

export const seal = (
  text: string,
  person: { id: string; key: Buffer },
  value: ValueKey,
  place: Place,
  nonce: Buffer,
): SealedValue => {
  if (nonce.length !== nonceBytes) throw new RangeError(`a nonce has ${nonceBytes} bytes`);
  const cipher = createCipheriv(cipherName, fieldKey(person.key, value.key), nonce).setAAD(boundTo(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { $enc: 1, k: person.id, v: value.id, n: nonce.toString('base64url'), c: sealed.toString('base64url') };
};

/** @throws Error when the keys are not those it was sealed with, or when it stands elsewhere than it was sealed for */
export const unseal = (sealed: Sealed, personKey: Buffer, valueKey: Buffer, installation: string): string => {
  const slash = sealed.at.indexOf('/');
  const place = {
    installation,
    stream: sealed.stream,
    eventId: sealed.at.slice(0, slash),
    pointer: sealed.at.slice(slash),
  };
  const bytes = Buffer.from(sealed.c, 'base64url');
  const decipher = createDecipheriv(cipherName, fieldKey(personKey, valueKey), Buffer.from(sealed.n, 'base64url'));
  decipher.setAAD(boundTo(place)).setAuthTag(bytes.subarray(bytes.length - tagBytes));
  return decipher.update(bytes.subarray(0, bytes.length - tagBytes), undefined, 'utf8') + decipher.final('utf8');
};

/** Fingerprint of a command's body that says nothing once the person's key is gone. */
export const bodyHash = (personKey: Buffer, body: unknown): string =>
  createHmac('sha256', personKey).update('casefold/body/v1\0').update(canonical(body)).digest('base64url');

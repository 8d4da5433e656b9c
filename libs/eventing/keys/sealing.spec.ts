import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Sealed } from '../sealed';
import { bodyHash, Place, seal, unseal } from './sealing';

const person = { id: 'person-1', key: randomBytes(32) };
const value = { id: 'value-1', key: randomBytes(32) };
const place: Place = { installation: 'i', stream: 'request-1', eventId: 'e1', pointer: '/subject' };
const sealed = (text: string, nonce = randomBytes(12)): Sealed => ({
  ...seal(text, person, value, place, nonce),
  at: 'e1/subject',
  stream: 'request-1',
});

it('opens what was sealed, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => unseal(sealed(text), person.key, value.key, 'i') === text),
  );
});

it.each([
  ['in another field', { at: 'e1/description' }],
  ['in another event', { at: 'e2/subject' }],
  ['in another stream', { stream: 'request-2' }],
  ['with a byte changed', { c: Buffer.from(sealed('secret').c, 'base64url').fill(0, 0, 1).toString('base64url') }],
])('does not open %s', (_where, moved) => {
  expect(() => unseal({ ...sealed('secret'), ...moved }, person.key, value.key, 'i')).toThrow();
});

it('does not open in another installation, or without either key', () => {
  expect(() => unseal(sealed('secret'), person.key, value.key, 'j')).toThrow();
  expect(() => unseal(sealed('secret'), randomBytes(32), value.key, 'i')).toThrow();
  expect(() => unseal(sealed('secret'), person.key, randomBytes(32), 'i')).toThrow();
});

it('seals under the key that HKDF makes of both keys, whichever pair it was asked for before', () => {
  const keys = [value.key, randomBytes(32), value.key];
  for (const key of keys) {
    const { c, n } = seal('secret', person, { id: 'v', key }, place, randomBytes(12));
    const bytes = Buffer.from(c, 'base64url');
    const derived = hkdfSync('sha256', Buffer.concat([person.key, key]), '', 'casefold/field/v1', 32);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(derived), Buffer.from(n, 'base64url'))
      .setAAD(Buffer.from(JSON.stringify([place.installation, place.stream, place.eventId, place.pointer])))
      .setAuthTag(bytes.subarray(-16));
    expect(decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('secret');
  }
});

it('gives equal texts different ciphertexts', () => {
  expect(sealed('yes').c).not.toBe(sealed('yes').c);
});

it('fingerprints a body the same way whatever the order of its members, and differently under another key', () => {
  expect(bodyHash(person.key, { a: 1, b: 'x' })).toBe(bodyHash(person.key, { b: 'x', a: 1 }));
  expect(bodyHash(person.key, { a: 1 })).not.toBe(bodyHash(person.key, { a: 2 }));
  expect(bodyHash(person.key, { a: 1 })).not.toBe(bodyHash(randomBytes(32), { a: 1 }));
});

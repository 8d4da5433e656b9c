import { createHash } from 'node:crypto';

const handleCharactersMax = 63;
const digestCharacters = 8;
const plain = /^[A-Za-z0-9]+(?:[\s._-]+[A-Za-z0-9]+)*$/;

const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, digestCharacters);

/**
 * The handle of somebody whom a source names: `Value 1` of `italian` is `italian-value-1`.
 *
 * Names that differ in more than case, spaces, dots and dashes get different handles: what a handle cannot hold leaves a digest.
 */
export const handleOf = (prefix: string, name: string): string => {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const handle = [prefix, words].filter(Boolean).join('-');
  if (plain.test(name) && handle.length <= handleCharactersMax) return handle;
  return `${handle.slice(0, handleCharactersMax - digestCharacters - 1).replace(/-+$/, '')}-${digestOf(name)}`;
};

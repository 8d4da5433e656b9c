/**
 * Canonical JSON (RFC 8785) of a narrow subset, so that equal values have equal bytes in every language.
 *
 * Guarantee: `canonical(a) === canonical(b)` iff a and b are the same JSON value, and parsing the text and writing it
 * again gives the same text. It rests on the subset: strings without U+0000 and lone surrogates, booleans, null,
 * integers of at most 2^53-1, depth of at most 32. It does not normalise Unicode.
 */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';

  constructor(
    readonly pointer: string,
    why: string,
  ) {
    super(`${pointer || '/'}: ${why}`);
  }
}

export const depthMax = 32;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

const canonicalString = (value: string, pointer: string): string => {
  if (value.includes('\0')) throw new NotCanonical(pointer, 'U+0000 is not allowed');
  if (!value.isWellFormed()) throw new NotCanonical(pointer, 'a lone surrogate is not allowed');
  return JSON.stringify(value);
};

const canonicalNumber = (value: number, pointer: string): string => {
  if (!Number.isSafeInteger(value)) throw new NotCanonical(pointer, 'only integers up to 2^53-1 are allowed');
  return String(value === 0 ? 0 : value);
};

const canonicalObject = (value: object, pointer: string, depth: number): string => {
  const members: string[] = [];
  // RFC 8785 sorts by UTF-16 code units, which is what JavaScript's default order compares.
  for (const key of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, key);
    if (member === undefined) continue;
    const at = `${pointer}/${key}`;
    members.push(`${canonicalString(key, at)}:${write(member, at, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
};

const write = (value: unknown, pointer: string, depth: number): string => {
  if (depth > depthMax) throw new NotCanonical(pointer, `deeper than ${depthMax}`);
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return canonicalString(value, pointer);
    case 'number':
      return canonicalNumber(value, pointer);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return Array.isArray(value)
        ? `[${value.map((item, index) => write(item, `${pointer}/${index}`, depth + 1)).join(',')}]`
        : canonicalObject(value, pointer, depth);
    default:
      throw new NotCanonical(pointer, `a ${typeof value} has no JSON form`);
  }
};

/** @throws NotCanonical with the JSON pointer of the first value outside the subset */
export const canonical = (value: unknown): string => write(value, '', 1);

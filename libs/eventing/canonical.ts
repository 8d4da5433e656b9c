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

/** Whether something is nested deeper than anything that is canonical, however deep that is. */
export const isTooDeep = (value: unknown, levelsLeft = depthMax): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levelsLeft === 0 || Object.values(value).some((member) => isTooDeep(member, levelsLeft - 1)));

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Steps to the value at hand: made to a pointer only for whoever is refused. */
type Path = (string | number)[];

const refused = (path: Path, why: string): NotCanonical =>
  new NotCanonical(path.map((step) => `/${step}`).join(''), why);

const canonicalString = (value: string, path: Path): string => {
  if (value.includes('\0')) throw refused(path, 'U+0000 is not allowed');
  if (!value.isWellFormed()) throw refused(path, 'a lone surrogate is not allowed');
  return JSON.stringify(value);
};

const canonicalNumber = (value: number, path: Path): string => {
  if (!Number.isSafeInteger(value)) throw refused(path, 'only integers up to 2^53-1 are allowed');
  return String(value === 0 ? 0 : value);
};

const canonicalArray = (items: readonly unknown[], path: Path): string => {
  let text = '[';
  for (const [index, item] of items.entries()) {
    path.push(index);
    text += (index ? ',' : '') + write(item, path);
    path.pop();
  }
  return `${text}]`;
};

const canonicalObject = (value: object, path: Path): string => {
  let text = '{';
  // RFC 8785 sorts by UTF-16 code units, which is what JavaScript's default order compares.
  for (const key of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, key);
    if (member === undefined) continue;
    path.push(key);
    text += `${text === '{' ? '' : ','}${canonicalString(key, path)}:${write(member, path)}`;
    path.pop();
  }
  return `${text}}`;
};

const write = (value: unknown, path: Path): string => {
  if (path.length >= depthMax) throw refused(path, `deeper than ${depthMax}`);
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return canonicalString(value, path);
    case 'number':
      return canonicalNumber(value, path);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return Array.isArray(value) ? canonicalArray(value, path) : canonicalObject(value, path);
    default:
      throw refused(path, `a ${typeof value} has no JSON form`);
  }
};

/** @throws NotCanonical with the JSON pointer of the first value outside the subset */
export const canonical = (value: unknown): string => write(value, []);

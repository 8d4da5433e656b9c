import { isUtf8 } from 'node:buffer';
import { type FieldProblem, malformed, unprocessable } from './problem';

/**
 * Reads JSON so that every reader of the same bytes understands the same thing, and so that it can be kept for ever.
 *
 * Guarantee: accepts exactly the JSON texts in valid UTF-8 without a byte order mark, with no key twice in one object, at
 * most 32 levels and 500 values, numbers within ±(2^53 - 1), and text without control characters (but tab, line feed, carriage return)
 * and lone surrogates. Rests on JSON.parse for the grammar. Does not promise anything about fractions: 0.1 stays a double.
 */
export const parseStrictJson = (bytes: Buffer): unknown => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw malformed('INVALID_UTF8', 'The body starts with a byte order mark.');
  if (!isUtf8(bytes)) throw malformed('INVALID_UTF8', 'The body is not valid UTF-8.');
  const text = bytes.toString('utf8');
  const value = parse(text);
  const found: Findings = { values: 0, keys: 0, fields: [] };
  inspect(value, [], found);
  // A key twice leaves one key behind. Texts may look like keys, so the count only acquits; otherwise the text is read again.
  if (found.keys !== keyLikes(text) && hasKeyTwice(text))
    throw malformed('DUPLICATE_KEY', 'An object of the body has a key twice.');
  if (found.fields.length) throw unprocessable(found.fields);
  return value;
};

const depthMax = 32;
// The largest body of ours has about twenty. Checking 100,000 values against a class takes seconds of the one thread there is.
const valuesMax = 500;
const fieldsReportedMax = 20;

interface Findings {
  values: number;
  keys: number;
  readonly fields: FieldProblem[];
}

type Path = readonly (string | number)[];

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's words repeat parts of the body.
    throw malformed('MALFORMED_JSON', 'The body is not a JSON text.');
  }
};

const inspect = (value: unknown, path: Path, found: Findings): void => {
  if (++found.values > valuesMax) throw malformed('PAYLOAD_TOO_LARGE', `The body holds more than ${valuesMax} values.`);
  if (typeof value === 'string') inspectText(value, path, found);
  else if (typeof value === 'number') inspectNumber(value, path, found);
  else if (typeof value === 'object' && value !== null) inspectChildren(value, path, found);
};

// Of the names that every object has already (`__proto__`, `constructor`, `toString`), none is a name of ours, and what
// merges or copies objects takes them for something else than data, or drops them in silence.
const inspectChildren = (parent: object, path: Path, found: Findings): void => {
  if (path.length >= depthMax) throw malformed('TOO_DEEP', `The body is nested more than ${depthMax} levels deep.`);
  if (Array.isArray(parent)) {
    parent.forEach((child, index) => inspect(child, [...path, index], found));
    return;
  }
  for (const [key, child] of Object.entries(parent)) {
    found.keys++;
    if (key in Object.prototype) report(found, [...path, key], 'UNKNOWN_PROPERTY', 'is not known here');
    inspectText(key, [...path, key], found);
    inspect(child, [...path, key], found);
  }
};

// C0 without tab, line feed and carriage return; DEL; C1; lone surrogates, which only the u flag tells from pairs.
const unwanted = /[\p{Cc}\p{Cs}](?<![\t\n\r])/u;

const inspectText = (text: string, path: Path, found: Findings): void => {
  if (unwanted.test(text)) report(found, path, 'INVALID_CHARACTER', 'holds a control character or half a character');
};

const inspectNumber = (value: number, path: Path, found: Findings): void => {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    report(found, path, 'NUMBER_OUT_OF_RANGE', 'is beyond ±9007199254740991');
  }
};

const report = ({ fields }: Findings, path: Path, code: string, detail: string): void => {
  if (fields.length < fieldsReportedMax) fields.push({ pointer: pointerTo(path), code, detail });
};

/** RFC 6901. A key that cannot be shown is shown with replacement characters. */
export const pointerTo = (path: Path): string =>
  path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .replace(new RegExp(unwanted, 'gu'), '\ufffd');

const keyLikes = (text: string): number => text.match(/"[ \t\n\r]*:/g)?.length ?? 0;

const token = /"(?:[^"\\]|\\.)*"|[{}]/g;
const colonNext = /[ \t\n\r]*:/y;

/** For a text that JSON.parse accepts. */
const hasKeyTwice = (text: string): boolean => {
  const open: Set<string>[] = [];
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '{') open.push(new Set());
    else if (found === '}') open.pop();
    else if (isKey(text, index + found.length) && !addNew(open.at(-1), JSON.parse(found))) return true;
  }
  return false;
};

const isKey = (text: string, end: number): boolean => {
  colonNext.lastIndex = end;
  return colonNext.test(text);
};

/** @returns false when it was there */
const addNew = (keys: Set<string> | undefined, key: string): boolean => {
  const sizeBefore = keys?.size;
  return keys?.add(key).size !== sizeBefore;
};

import { parseInstant } from './instant';
import { type FieldProblem, unprocessable } from './problem';

/** Reads the text of one query parameter. @throws RangeError with the sentence that follows the parameter's name */
export type Parameter<T> = (text: string) => T;

type Parameters = Readonly<Record<string, Parameter<unknown>>>;
type Values<P extends Parameters> = { readonly [K in keyof P]?: ReturnType<P[K]> };

/**
 * Reads a query strictly: an unknown parameter, one that stands twice, or a wrong value is 422 and named. Silently
 * ignoring a misspelt filter would answer another question than the one that was asked.
 * @param at pointer of the member that it stands in, where it does not come from the address
 */
export function readQuery<P extends Parameters>(query: unknown, parameters: P, at?: string): Values<P>;
export function readQuery(query: unknown, parameters: Parameters, at = ''): Record<string, unknown> {
  const errors: FieldProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(Object(query))) {
    const outcome = readOne(Object.hasOwn(parameters, name) ? parameters[name] : undefined, text);
    if ('problem' in outcome) errors.push({ pointer: `${at}/${name.slice(0, nameCharactersMax)}`, ...outcome.problem });
    else values[name] = outcome.value;
    if (errors.length >= errorsMax) break;
  }
  if (errors.length) throw unprocessable(errors);
  return values;
}

const nameCharactersMax = 80;
const errorsMax = 20;

type Outcome = { readonly value: unknown } | { readonly problem: Omit<FieldProblem, 'pointer'> };

const readOne = (parameter: Parameter<unknown> | undefined, text: unknown): Outcome => {
  if (!parameter) return { problem: { code: 'UNKNOWN_PARAMETER', detail: 'is not a parameter of this address' } };
  if (typeof text !== 'string') return { problem: { code: 'REPEATED_PARAMETER', detail: 'may stand only once' } };
  try {
    return { value: parameter(text) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: { code: 'INVALID_PARAMETER', detail: error.message } };
  }
};

export const wholeNumber =
  (min: number, max: number): Parameter<number> =>
  (text) => {
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new RangeError(`must be a whole number from ${min} to ${max}`);
    return value;
  };

export const oneOf =
  <T extends string>(...choices: readonly T[]): Parameter<T> =>
  (text) => {
    const choice = choices.find((each) => each === text);
    if (choice === undefined) throw new RangeError(`must be one of ${choices.join(', ')}`);
    return choice;
  };

/** Words of a vocabulary, separated by commas; each once, in order. */
export const someOf =
  <T extends string>(words: readonly T[]): Parameter<readonly T[]> =>
  (text) =>
    [...new Set(text.split(',').map(oneOf(...words)))].sort();

// Control characters, and the replacement that bytes which are not UTF-8 become.
const unwanted = /[\p{Cc}\ufffd]/u;

export const shortText =
  (charactersMax: number): Parameter<string> =>
  (text) => {
    if (!text || unwanted.test(text) || [...text].length > charactersMax) {
      throw new RangeError(`must be 1 to ${charactersMax} characters without control characters`);
    }
    return text;
  };

/** Of the log, or of a read model: digits that fit a signed 64-bit number. */
export const position: Parameter<bigint> = (text) => {
  const value = /^\d{1,19}$/.test(text) ? BigInt(text) : -1n;
  if (value < 0n || value > 2n ** 63n - 1n) throw new RangeError('must be a position, as an answer gave it');
  return value;
};

/** In an address a plus sign that is not escaped means a space, and none can stand there. @returns as `parseInstant` does */
export const parseInstantOfAddress = (text: string): string | null =>
  parseInstant(text.replace(/ (?=\d\d:\d\d$)/, '+'));

/** @returns epoch milliseconds */
export const instant: Parameter<number> = (text) => {
  const parsed = parseInstantOfAddress(text);
  if (parsed === null) throw new RangeError('must be an RFC 3339 instant with an offset such as 2026-03-31T09:00:00Z');
  return Date.parse(parsed);
};

export const flag: Parameter<boolean> = (text) => oneOf('true', 'false')(text) === 'true';

import { RejectedField, Rejection } from '../eventing/rejection';
import { bodyAt, entryOf, Standing, wordState } from './configuration';
import { CatalogueKind, FieldBody } from './definitions';

/** What a command names that is configured. Absent: not named. */
export interface Words {
  readonly types?: string | null | undefined;
  readonly categories?: string | null | undefined;
  readonly products?: string | null | undefined;
  readonly codes?: string | null | undefined;
}

const members: Readonly<Record<keyof Words, string>> = {
  types: 'type',
  categories: 'category',
  products: 'product',
  codes: 'code',
};

const wordFault = (standing: Standing, kind: CatalogueKind, id: string, member: string): readonly RejectedField[] => {
  const state = wordState(standing, kind, id);
  if (state === 'accepted') return [];
  const detail = state === 'retired' ? 'is not used any more' : 'is not configured';
  return [{ pointer: `/${member}`, code: `${state.toUpperCase()}_${member.toUpperCase()}`, detail }];
};

/** Words that may not be named at this instant. */
export const wordFaults = (standing: Standing, words: Words): readonly RejectedField[] =>
  (Object.keys(members) as (keyof Words)[]).flatMap((kind) => {
    const id = words[kind];
    return id === undefined || id === null ? [] : wordFault(standing, kind, id, members[kind]);
  });

/** @throws Rejection VALIDATION_FAILED */
export const refuseFaults = (faults: readonly RejectedField[]): void => {
  if (faults.length)
    throw new Rejection(
      'VALIDATION_FAILED',
      faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '),
      faults,
    );
};

/** Value of a custom field as events hold it; its member says what kind it is. Numbers are decimal texts. */
export type FieldValue<Text = string> =
  | { readonly text: Text }
  | { readonly number: string }
  | { readonly boolean: boolean }
  | { readonly date: string }
  | { readonly choice: string };

const textCharactersMax = 2_000;
const decimal = /^-?\d{1,15}(\.\d{1,9})?$/;
const readers: Readonly<Record<FieldBody['kind'], (value: unknown, field: FieldBody) => FieldValue | string>> = {
  text: (value) =>
    typeof value === 'string' && value.trim() !== '' && [...value].length <= textCharactersMax
      ? { text: value }
      : `must be a text of 1 to ${textCharactersMax} characters`,
  number: (value) =>
    typeof value === 'number' && decimal.test(String(value))
      ? { number: String(value === 0 ? 0 : value) }
      : 'must be a number of at most 15 digits and 9 decimals',
  boolean: (value) => (typeof value === 'boolean' ? { boolean: value } : 'must be true or false'),
  date: (value) =>
    typeof value === 'string' && isDay(value) ? { date: value } : 'must be a day that exists, such as 2026-03-31',
  choice: (value, { choices }) =>
    typeof value === 'string' && Object.hasOwn(choices, value)
      ? { choice: value }
      : `must be one of ${Object.keys(choices).join(', ')}`,
};

const isDay = (text: string): boolean => {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const day = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text);
};

export type GivenFields = Readonly<Record<string, unknown>>;

/** The same in whole numbers and texts alone, for telling a retry from another command. */
export const comparable = (fields: GivenFields | undefined): Readonly<Record<string, string>> | undefined =>
  fields &&
  Object.fromEntries(
    Object.entries(fields).map(([id, value]) => [id, typeof value === 'string' ? value : JSON.stringify(value)]),
  );

export interface ReadFields {
  /** Null takes a value away. */
  readonly values: Readonly<Record<string, FieldValue | null>>;
  readonly faults: readonly RejectedField[];
}

const pointerOf = (id: string): string => `/fields/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Reads the custom fields that a command gives to a request of a type. @param known those that the request has already */
export const readFields = (
  standing: Standing,
  type: string,
  given: GivenFields,
  known: Readonly<Record<string, unknown>> = {},
): ReadFields => {
  const wanted = bodyAt(entryOf(standing.configuration.catalogues.types, type), standing.at)?.fields ?? {};
  const values: Record<string, FieldValue | null> = {};
  const faults: RejectedField[] = [];
  for (const [id, value] of Object.entries(given)) {
    const read = readOne(standing, wanted, id, value);
    if (typeof read === 'string') faults.push({ pointer: pointerOf(id), code: 'FIELD_INVALID', detail: read });
    else values[id] = read;
  }
  const missing = Object.entries(wanted).filter(
    ([id, need]) =>
      need === 'required' && (Object.hasOwn(values, id) ? values[id] === null : !Object.hasOwn(known, id)),
  );
  const lacking = missing
    .filter(([id]) => !faults.some(({ pointer }) => pointer === pointerOf(id)))
    .map(([id]) => ({ pointer: pointerOf(id), code: 'FIELD_REQUIRED', detail: `a request of type ${type} needs it` }));
  return { values, faults: [...faults, ...lacking] };
};

const readOne = (
  { configuration, at }: Standing,
  wanted: Readonly<Record<string, string>>,
  id: string,
  value: unknown,
): FieldValue | null | string => {
  const field = Object.hasOwn(wanted, id) ? bodyAt(entryOf(configuration.catalogues.fields, id), at) : undefined;
  if (!field || wordState({ configuration, at }, 'fields', id) !== 'accepted') return 'is no field of this type';
  return value === null ? null : readers[field.kind](value, field);
};

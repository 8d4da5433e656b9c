import { awaited, Awaited, Status } from '../vocabulary';
import { CustomerRule, Mapping, MappingError, Moment, RequestRule, StepRule, TimeRule, ValueRule } from './mapping';

/** Reads a mapping from JSON, to the letter: what is missing, misspelt or of another kind is named by its JSON pointer. */
type Read<T> = (value: unknown, pointer: string) => T;

const charactersMax = 2_000;
const itemsMax = 500;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text: Read<string> = (value, pointer) => {
  if (typeof value !== 'string' || !value || value.length > charactersMax || value.includes('\0'))
    throw new MappingError(pointer, `must be a text of 1 to ${charactersMax} characters`);
  return value;
};

const matching =
  (pattern: RegExp, wanted: string): Read<string> =>
  (value, pointer) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new MappingError(pointer, wanted);
    return value;
  };

const oneOf =
  <T extends string>(...words: readonly T[]): Read<T> =>
  (value, pointer) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new MappingError(pointer, `must be one of ${words.join(', ')}`);
    return found;
  };

const flag: Read<boolean> = (value, pointer) => {
  if (typeof value !== 'boolean') throw new MappingError(pointer, 'must be true or false');
  return value;
};

const list =
  <T>(item: Read<T>, itemsMin = 0): Read<readonly T[]> =>
  (value, pointer) => {
    if (!Array.isArray(value) || value.length < itemsMin || value.length > itemsMax)
      throw new MappingError(pointer, `must be a list of ${itemsMin} to ${itemsMax}`);
    return value.map((each, index) => item(each, `${pointer}/${index}`));
  };

const dictionary =
  <T>(item: Read<T>): Read<Readonly<Record<string, T>>> =>
  (value, pointer) => {
    if (!isObject(value)) throw new MappingError(pointer, 'must be an object');
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, item(each, `${pointer}/${key}`)]));
  };

/** The members of an object; what is not asked for is refused, because it would silently mean nothing. */
class Members {
  private readonly asked = new Set<string>();
  private readonly object: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly pointer: string,
  ) {
    if (!isObject(value)) throw new MappingError(pointer, 'must be an object');
    this.object = value;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.object, name);
  }

  required<T>(name: string, read: Read<T>): T {
    this.asked.add(name);
    if (!this.has(name)) throw new MappingError(`${this.pointer}/${name}`, 'is missing');
    return read(this.object[name], `${this.pointer}/${name}`);
  }

  optional<T, F>(name: string, read: Read<T>, fallback: F): T | F {
    this.asked.add(name);
    return this.has(name) ? this.required(name, read) : fallback;
  }

  end<T>(result: T): T {
    const unknown = Object.keys(this.object).find((name) => !this.asked.has(name));
    if (unknown !== undefined) throw new MappingError(`${this.pointer}/${unknown}`, 'is not known here');
    return result;
  }
}

const value: Read<ValueRule> = (given, pointer) => {
  if (typeof given === 'string') return { constant: text(given, pointer) };
  const members = new Members(given, pointer);
  const column = members.required('column', text);
  const values = members.optional('values', dictionary(text), null);
  return members.end({ column, values, otherwise: members.optional('otherwise', text, null) });
};

const nothing: ValueRule = { constant: null };

const moment: Read<Moment> = (given, pointer) => {
  const members = new Members(given, pointer);
  const activity = members.has('name')
    ? { name: members.required('name', text) }
    : {
        columns: members.required('activity', list(text, 1)),
        joinedBy: members.optional('joinedBy', text, '+'),
      };
  return members.end({
    activity,
    at: members.required('at', list(text, 1)),
    by: members.optional('by', text, null),
  });
};

const request: Read<RequestRule> = (given, pointer) => {
  const members = new Members(given, pointer);
  return members.end({
    subject: members.required('subject', text),
    description: members.required('description', text),
    type: members.required('type', value),
    category: members.optional('category', value, nothing),
    product: members.optional('product', value, nothing),
    impact: members.required('impact', value),
    urgency: members.required('urgency', value),
  });
};

const customer: Read<CustomerRule> = (given, pointer) => {
  const members = new Members(given, pointer);
  if (members.has('shared')) return members.end({ shared: members.required('shared', text) });
  const name = members.required('name', text);
  if (members.has('each')) return members.end({ each: members.required('each', oneOf('case')), name });
  return members.end({ column: members.required('column', text), name });
};

const openingColumns: Read<NonNullable<Mapping['opening']>> = (given, pointer) => {
  const members = new Members(given, pointer);
  return members.end({ at: members.required('at', text), by: members.optional('by', text, null) });
};

const activities: Read<StepRule['activities']> = (given, pointer) =>
  given === 'any' ? 'any' : list(text, 1)(given, pointer);

const cell: Read<string> = (given, pointer) => (given === '' ? '' : text(given, pointer));

const step: Read<StepRule> = (given, pointer) => {
  const members = new Members(given, pointer);
  return members.end({
    activities: members.required('activities', activities),
    when: members.optional('when', dictionary(list(cell, 1)), {}),
    opens: members.optional('opens', flag, false),
    becomes: members.optional('becomes', oneOf<Status>('open', 'held', 'resolved', 'closed', 'cancelled'), null),
    waitingFor: members.optional('waitingFor', oneOf<Awaited>(...awaited), 'internal'),
    assigns: members.optional('assigns', oneOf('team', 'person'), null),
    classifies: members.optional('classifies', oneOf('stated', 'changed'), null),
    escalates: members.optional('escalates', flag, false),
    responds: members.optional('responds', text, null),
    code: members.optional('code', value, nothing),
    text: members.optional('text', text, null),
  });
};

const time: Read<TimeRule> = (given, pointer) => {
  const members = new Members(given, pointer);
  const formats = members.required<readonly string[]>('format', (format, at) =>
    Array.isArray(format) ? list(text, 1)(format, at) : [text(format, at)],
  );
  return members.end({ formats, zone: members.required('zone', text) });
};

/** @throws MappingError with the JSON pointer of the first thing that is wrong */
export const parseMapping = (json: unknown): Mapping => {
  const members = new Members(json, '');
  const handle = matching(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be up to 40 lower-case letters, digits and dashes');
  return members.end({
    name: members.required('name', handle),
    source: members.required('source', text),
    assumptions: members.optional('assumptions', list(text), []),
    delimiter: members.optional('delimiter', oneOf(',', ';', '\t', '|'), ','),
    absent: members.optional('absent', list(text), []),
    caseId: members.required('caseId', text),
    time: members.required('time', time),
    order: members.optional('order', oneOf('file', 'time'), 'file' as const),
    moments: members.required('moments', list(moment, 1)),
    opening: members.optional('opening', openingColumns, null),
    request: members.required('request', request),
    team: members.required('team', value),
    assignee: members.optional('assignee', text, null),
    customer: members.required('customer', customer),
    handlePrefix: members.required('handlePrefix', handle),
    steps: members.required('steps', list(step)),
  });
};

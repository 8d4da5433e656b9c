import { awaited, Awaited, Status } from '../vocabulary';

/** How the columns of a log in CSV become the events of cases: a declaration, read from JSON by `parseMapping`. */
export interface Mapping {
  /** Part of every id that the import makes, so that it may never change for a log that was imported. */
  readonly name: string;
  readonly source: string;
  /** What the source leaves open and this mapping takes for granted. */
  readonly assumptions: readonly string[];
  readonly delimiter: string;
  /** Cells that say nothing; the empty one always does. */
  readonly absent: readonly string[];
  readonly caseId: string;
  readonly time: TimeRule;
  /** `file`: rows of a case count in the order of the file. `time`: its steps by instant, at the same one as in the file. */
  readonly order: 'file' | 'time';
  /** What one row tells: a single moment in a log of events, several in a table of cases. */
  readonly moments: readonly Moment[];
  /** Columns that tell of the opening, where no row of the log is it. */
  readonly opening: { readonly at: string; readonly by: string | null } | null;
  readonly request: RequestRule;
  readonly team: ValueRule;
  readonly assignee: string | 'actor' | null;
  readonly customer: CustomerRule;
  /** Handles of the people and teams of this source begin with it. */
  readonly handlePrefix: string;
  /** The first that fits a step applies; a step that none fits is recorded and changes nothing. */
  readonly steps: readonly StepRule[];
}

export interface TimeRule {
  /** Of `yyyy MM dd HH mm ss SSS XXX` and the signs between them. */
  readonly format: string;
  /** IANA name, or `as written` when the format has an offset. */
  readonly zone: string;
}

export interface Moment {
  /** Columns whose cells together are the activity's name, or the name itself. */
  readonly activity: { readonly columns: readonly string[]; readonly joinedBy: string } | { readonly name: string };
  /** Columns of the instant; the first that says something counts. None does: the row tells of no such moment. */
  readonly at: readonly string[];
  readonly by: string | null;
}

/** A cell, translated where `values` names it, or a word for all cases. */
export type ValueRule =
  | { readonly constant: string | null }
  | {
      readonly column: string;
      readonly values: Readonly<Record<string, string>> | null;
      readonly otherwise: string | null;
    };

/** Text with `{column}` where a cell stands. */
export type Template = string;

export interface RequestRule {
  readonly subject: Template;
  readonly description: Template;
  readonly type: ValueRule;
  readonly category: ValueRule;
  readonly product: ValueRule;
  readonly impact: ValueRule;
  readonly urgency: ValueRule;
}

/** Whose case it is: the cell of a column, somebody unknown of its own for each case, or one party for all of them. */
export type CustomerRule =
  | { readonly column: string; readonly name: Template }
  | { readonly each: 'case'; readonly name: Template }
  | { readonly shared: string };

export interface StepRule {
  readonly activities: readonly string[] | 'any';
  /** Columns and the cells that they must have one of; a missing one is the empty cell. */
  readonly when: Readonly<Record<string, readonly string[]>>;
  /** The row is the opening itself. */
  readonly opens: boolean;
  readonly becomes: Status | null;
  readonly waitingFor: Awaited;
  /** Whether the row's team, or its team and person, have the case from here on. */
  readonly assigns: 'team' | 'person' | null;
  /** `stated`: the row is a classification; `changed`: it is one where a value differs. */
  readonly classifies: 'stated' | 'changed' | null;
  readonly escalates: boolean;
  readonly responds: Template | null;
  readonly code: ValueRule;
  /** For a hold, a resolution, a reopening, an escalation or a cancellation. */
  readonly text: Template | null;
}

/** A mapping that says something else than a mapping can. */
export class MappingError extends Error {
  override readonly name = 'MappingError';

  constructor(
    readonly pointer: string,
    wanted: string,
  ) {
    super(`${pointer || '/'} ${wanted}`);
  }
}

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
  return members.end({ format: members.required('format', text), zone: members.required('zone', text) });
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

export const columnsOfTemplate = (template: Template): readonly string[] =>
  [...template.matchAll(/\{([^{}]+)\}/g)].map(([, column]) => column ?? '');

const columnsOfValue = (rule: ValueRule): readonly string[] => ('column' in rule ? [rule.column] : []);

/** Every column that a mapping reads; a file must have them all. */
export const columnsOf = (mapping: Mapping): ReadonlySet<string> => {
  const { caseId, moments, opening, request: made, team, assignee, customer: whose, steps } = mapping;
  const templates = [made.subject, made.description, 'name' in whose ? whose.name : ''];
  const values = [made.type, made.category, made.product, made.impact, made.urgency, team];
  return new Set([
    caseId,
    ...moments.flatMap(({ activity, at, by }) => ['columns' in activity ? activity.columns : [], at, by ?? []].flat()),
    ...(opening ? [opening.at, opening.by ?? []].flat() : []),
    ...(assignee === null || assignee === 'actor' ? [] : [assignee]),
    ...('column' in whose ? [whose.column] : []),
    ...templates.flatMap(columnsOfTemplate),
    ...values.flatMap(columnsOfValue),
    ...steps.flatMap(({ when, code, text: words, responds }) => [
      ...Object.keys(when),
      ...columnsOfValue(code),
      ...columnsOfTemplate(words ?? ''),
      ...columnsOfTemplate(responds ?? ''),
    ]),
  ]);
};

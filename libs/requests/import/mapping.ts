import { Awaited, Status } from '../vocabulary';

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
  /** Each of `yyyy MM dd HH mm ss SSS ZZ` and their like, and the signs between them; the first that a text has counts. */
  readonly formats: readonly string[];
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
    super(pointer ? `${pointer} ${wanted}` : wanted);
  }
}

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

import { InstantReader, instantReader, ReadInstant } from './instants';
import { columnsOf, columnsOfTemplate, Mapping, Moment, Template, ValueRule } from './mapping';

/** Reads the cells of one row as a mapping says, or says which cell cannot be read. Pure. */
export const cellCharactersMax = 20_000;
const idCharactersMax = 200;
const activityCharactersMax = 200;
const noInstant = 'is no instant of 1900 to 2199 in the form that the mapping names';

/** The cells of one row by column; what the mapping takes for absent is not there. */
export interface Cells {
  get(column: string): string | undefined;
}

/** One moment that a row tells of. */
export interface Step {
  readonly activity: string;
  readonly instant: ReadInstant;
  /** Who did it, in the words of the source. */
  readonly by: string | undefined;
  /** 1 for the first row below the header. */
  readonly row: number;
  readonly cells: Cells;
}

export interface GoodRow {
  readonly caseId: string;
  readonly steps: readonly Step[];
}

export interface BadRow {
  readonly column: string | null;
  readonly reason: string;
}

export interface RowReader {
  read(cells: readonly string[], row: number): GoodRow | BadRow;
  /** Of one step's row, for the mapping's rules. */
  readonly opening: ((cells: Cells) => ReadInstant | undefined) | null;
}

export const isBad = (row: GoodRow | BadRow): row is BadRow => 'reason' in row;

/** The header lacks what the mapping reads. */
export class MissingColumns extends Error {
  override readonly name = 'MissingColumns';

  constructor(
    readonly missing: readonly string[],
    readonly header: readonly string[],
  ) {
    super(`there is no column ${missing.map((column) => JSON.stringify(column)).join(', ')}`);
  }
}

class RowCells implements Cells {
  constructor(
    private readonly places: ReadonlyMap<string, number>,
    private readonly cells: readonly string[],
    private readonly absent: ReadonlySet<string>,
  ) {}

  get(column: string): string | undefined {
    const cell = this.cells[this.places.get(column) ?? -1]?.trim();
    return cell === undefined || this.absent.has(cell) ? undefined : cell;
  }
}

/** The column's name for a place, for a report. */
const unreadable = (header: readonly string[], cells: readonly string[]): BadRow | undefined => {
  if (cells.length !== header.length)
    return { column: null, reason: `has ${cells.length} cells, the header ${header.length}` };
  const place = cells.findIndex((cell) => cell.length > cellCharactersMax || /\0|\uFFFD/.test(cell));
  if (place < 0) return undefined;
  const long = (cells[place] ?? '').length > cellCharactersMax;
  return {
    column: header[place] ?? null,
    reason: long ? `is longer than ${cellCharactersMax} characters` : 'holds a character that is none',
  };
};

const activityOf = ({ activity }: Moment, cells: Cells): string | undefined => {
  if ('name' in activity) return activity.name;
  const parts = activity.columns.map((column) => cells.get(column));
  return parts.every((part) => part !== undefined) ? parts.join(activity.joinedBy) : undefined;
};

const stepOf = (moment: Moment, cells: Cells, row: number, readInstant: InstantReader): Step | BadRow | undefined => {
  const column = moment.at.find((each) => cells.get(each) !== undefined);
  if (column === undefined) return undefined;
  const instant = readInstant(cells.get(column) ?? '');
  if (!instant) return { column, reason: noInstant };
  const activity = activityOf(moment, cells);
  const named = 'columns' in moment.activity ? (moment.activity.columns[0] ?? null) : null;
  if (activity === undefined) return { column: named, reason: 'names no activity' };
  if (activity.length > activityCharactersMax)
    return { column: named, reason: `is longer than ${activityCharactersMax} characters` };
  return { activity, instant, by: moment.by === null ? undefined : cells.get(moment.by), row, cells };
};

const caseIdOf = (cells: Cells, column: string): string | BadRow => {
  const id = cells.get(column);
  if (id === undefined) return { column, reason: 'names no case' };
  return id.length > idCharactersMax ? { column, reason: `is longer than ${idCharactersMax} characters` } : id;
};

/** @throws MissingColumns, MappingError */
export const rowReader = (mapping: Mapping, header: readonly string[]): RowReader => {
  const places = new Map([...header.entries()].map(([place, column]) => [column.trim(), place] as const).reverse());
  const missing = [...columnsOf(mapping)].filter((column) => !places.has(column));
  if (missing.length) throw new MissingColumns(missing, header);
  const absent = new Set(['', ...mapping.absent]);
  const readInstant = instantReader(mapping.time);
  const { opening, moments, caseId } = mapping;
  return {
    read: (raw, row) => {
      const wrong = unreadable(header, raw);
      if (wrong) return wrong;
      const cells = new RowCells(places, raw, absent);
      const id = caseIdOf(cells, caseId);
      if (typeof id !== 'string') return id;
      const steps: Step[] = [];
      for (const moment of moments) {
        const step = stepOf(moment, cells, row, readInstant);
        if (step && 'reason' in step) return step;
        if (step) steps.push(step);
      }
      if (!steps.length) return { column: moments[0]?.at[0] ?? null, reason: 'says nowhere when it happened' };
      const opened = opening ? cells.get(opening.at) : undefined;
      if (opening && opened !== undefined && !readInstant(opened)) return { column: opening.at, reason: noInstant };
      return { caseId: id, steps };
    },
    opening: opening && ((cells) => readInstant(cells.get(opening.at) ?? '')),
  };
};

export const valueOf = (rule: ValueRule, cells: Cells): string | null => {
  if ('constant' in rule) return rule.constant;
  const cell = cells.get(rule.column);
  if (cell === undefined) return rule.otherwise;
  if (!rule.values) return cell;
  return Object.hasOwn(rule.values, cell) ? (rule.values[cell] ?? null) : rule.otherwise;
};

/** Fills a template; an absent cell leaves a dash. */
export const fill = (template: Template, cells: Cells): string =>
  template.replace(/\{([^{}]+)\}/g, (_, column: string) => cells.get(column) ?? '–');

/** Same, or null where the row says nothing of what the template is made of. */
export const fillIfTold = (template: Template, cells: Cells): string | null => {
  const columns = columnsOfTemplate(template);
  const isTold = !columns.length || columns.some((column) => cells.get(column) !== undefined);
  return isTold ? fill(template, cells) : null;
};

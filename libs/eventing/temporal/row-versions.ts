import { correctedHistory, Meaning } from '../projections/as-of';
import { Decoded } from '../projections/decoding';
import { columnsOf, evolveSequenced, FoldResult, hasCorrection, refold } from '../projections/fold-rows';
import { AnyProjection, Sequenced } from '../projections/projection';

/**
 * The versions that a row's columns have had: when which values were so, on both axes of time.
 *
 * Guarantee: at every point of an axis the version that holds has the versioned columns of `foldAsOf` there, and where none holds
 * there was no row. Versions of one axis do not overlap. Those as recorded never change again, apart from the end of the newest;
 * those as true are other ones once an earlier fact is corrected.
 */
export interface RowVersion {
  readonly axis: Meaning;
  /** The first sequence, or the first epoch millisecond, at which it holds. */
  readonly from: number;
  /** The first at which it does not; Infinity while it holds. */
  readonly to: number;
  readonly columns: Readonly<Record<string, unknown>>;
}

interface State {
  readonly from: number;
  readonly row: object | null;
}

/** The columns whose earlier values are kept. */
export const versionedColumns = ({ columns, temporal }: AnyProjection): AnyProjection['columns'] => {
  const kept = [...(temporal?.by ?? []), ...(temporal?.carried ?? [])];
  return Object.fromEntries(Object.entries(columns).filter(([name]) => kept.includes(name)));
};

const areEqual = (left: RowVersion['columns'], right: RowVersion['columns']): boolean =>
  Object.keys(left).every((name) => left[name] === right[name]);

type ColumnsOfRow = (row: object) => RowVersion['columns'];

/** Both axes mostly go through the same rows; what their columns are is worked out once. */
const rememberedColumns = (projection: AnyProjection): ColumnsOfRow => {
  const known = new Map<object, RowVersion['columns']>();
  const versioned = { ...projection, columns: versionedColumns(projection) };
  return (row) => {
    const columns = known.get(row) ?? columnsOf(versioned, row);
    known.set(row, columns);
    return columns;
  };
};

/** Stretches with equal columns in one; each ends where the next begins. */
const versionsOf = (axis: Meaning, states: readonly State[], columnsOfRow: ColumnsOfRow): readonly RowVersion[] => {
  const versions: RowVersion[] = [];
  states.forEach(({ from, row }, index) => {
    const to = states[index + 1]?.from ?? Infinity;
    const columns = row && columnsOfRow(row);
    const before = versions.at(-1);
    if (!columns || from >= to) return;
    if (before?.to === from && areEqual(before.columns, columns)) versions.splice(-1, 1, { ...before, to });
    else versions.push({ axis, from, to, columns });
  });
  return versions;
};

/** The row after each event, as whoever follows the log has it. Ends before the event that cannot be folded. */
const recordedStates = (projection: AnyProjection, key: string, events: readonly Sequenced[]): readonly State[] => {
  const states: State[] = [];
  for (const [index, event] of events.entries()) {
    const { row, failure }: FoldResult = hasCorrection(projection, [event])
      ? refold(projection, key, { events: events.slice(0, index + 1), unreadable: undefined })
      : evolveSequenced(projection, key, states.at(-1)?.row ?? null, [event]);
    if (failure || !row) return states;
    states.push({ from: event.sequence, row: row.row });
  }
  return states;
};

type Effective = ReturnType<typeof correctedHistory>;

const beginningOfTime = Number.MIN_SAFE_INTEGER;
const instantOf = ({ effectiveAt }: Effective[number]): number => Math.max(effectiveAt, beginningOfTime);

const trueStates = (
  projection: AnyProjection,
  key: string,
  events: readonly Sequenced[],
  recorded: readonly State[],
): readonly State[] => {
  const history = correctedHistory(projection, events);
  const inOrder = history.every((event, index) => instantOf(event) >= instantOf(history[index - 1] ?? event));
  if (!inOrder) return statesOutOfOrder(projection, key, history);
  if (hasCorrection(projection, events)) return statesInOrder(projection, key, history);
  // What nobody has corrected went through the same rows on both axes, at other points.
  return history.flatMap((event, index) => {
    const state = recorded[index];
    return state ? { from: instantOf(event), row: state.row } : [];
  });
};

const statesInOrder = (projection: AnyProjection, key: string, history: Effective): readonly State[] => {
  const states: State[] = [];
  for (const event of history) {
    const { row, failure } = evolveSequenced(projection, key, states.at(-1)?.row ?? null, [event]);
    if (failure || !row) return states;
    states.push({ from: instantOf(event), row: row.row });
  }
  return states;
};

/** Work on the record that is dated later than what follows it: what had happened by an instant is then no beginning of the history. */
const statesOutOfOrder = (projection: AnyProjection, key: string, history: Effective): readonly State[] => {
  const instants = [...new Set(history.map(instantOf))].sort((left, right) => left - right);
  return instants.map((from) => {
    const happened = history.filter((event) => instantOf(event) <= from);
    return { from, row: evolveSequenced(projection, key, null, happened).row?.row ?? null };
  });
};

export interface FoldedVersions {
  readonly versions: readonly RowVersion[];
  /** Whether there are events that could not be folded. */
  readonly isStopped: boolean;
}

/** @param decoded the whole history of the key */
export const foldVersions = (projection: AnyProjection, key: string, decoded: Decoded): FoldedVersions => {
  try {
    return versionsOfHistory(projection, key, decoded);
  } catch {
    // Columns that cannot be worked out stop their own key. Its row says why.
    return { versions: [], isStopped: true };
  }
};

const versionsOfHistory = (projection: AnyProjection, key: string, decoded: Decoded): FoldedVersions => {
  const { events, unreadable } = decoded;
  const columns = rememberedColumns(projection);
  const recorded = recordedStates(projection, key, events);
  const truly = trueStates(projection, key, events.slice(0, recorded.length), recorded);
  return {
    versions: [...versionsOf('recorded', recorded, columns), ...versionsOf('true', truly, columns)],
    isStopped: unreadable !== undefined || recorded.length < events.length,
  };
};

/** Up to twice as long as this power of two; what still lasts is longer than anything. */
export const lastingLevel = 63;
export const levelOf = ({ from, to }: Pick<RowVersion, 'from' | 'to'>): number =>
  to === Infinity ? lastingLevel : Math.floor(Math.log2(to - from));

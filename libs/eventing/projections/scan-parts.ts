import { ClientBase } from 'pg';
import { EventTypes } from '../event-types';
import { Folded, foldStream, TableWriter } from './fold-streams';
import { LoggedEvent } from './mirror';
import { readLogPage } from './projection-store.adapter';
import { movePart, RebuildPart } from './rebuild-parts.adapter';
import { inTransaction } from './transaction.adapter';

/** Scans parts of the mirror, stream after stream: a case is folded from its first event to its last, with nothing to remember. */
const revisionMax = 2 ** 31 - 1;

export interface Scan {
  /** Id of the rebuild. */
  readonly run: string;
  readonly db: ClientBase;
  /** A connection of its own, so that the next page is read while one is folded and written. */
  readonly reader: ClientBase;
  readonly types: EventTypes;
  readonly writers: readonly TableWriter[];
  readonly pageEvents: number;
  /** @param events that this page had @throws whatever is to stop the scan */
  readonly onPage: (events: number) => void;
}

/** @param takeTurn gives each place among the parts once, to whoever of all who scan asks first */
export const scanParts = async (scan: Scan, parts: readonly RebuildPart[], takeTurn: () => number): Promise<void> => {
  for (let part = parts[takeTurn()]; part; part = parts[takeTurn()]) if (!part.isDone) await scanPart(scan, part);
};

type Place = RebuildPart['cursor'];

const readAhead = (scan: Scan, after: Place, end: string | null): Promise<readonly LoggedEvent[]> => {
  const page = readLogPage(scan.reader, after, scan.pageEvents, end);
  // Whoever stops before reading it does not hear how it ends.
  page.catch(() => undefined);
  return page;
};

/** What came into a stream since it was folded is no stream of its own: it is caught up later. */
const behind = ({ stream, revision }: Place): Place => ({ stream, revision: revision < 0 ? revision : revisionMax });

/** Cuts off the streams that are whole; what is left belongs to the one that the next page goes on with. */
const wholeStreams = (events: readonly LoggedEvent[], isLast: boolean): readonly LoggedEvent[] => {
  const last = events.at(-1);
  return isLast || !last ? events : events.slice(0, events.findLastIndex(({ stream }) => stream !== last.stream) + 1);
};

const foldAll = ({ types, writers }: Scan, events: readonly LoggedEvent[]): readonly Folded[] => {
  for (let from = 0; from < events.length;) {
    const stream = events[from]?.stream;
    let to = from + 1;
    while (events[to]?.stream === stream) to++;
    foldStream(types, writers, events.slice(from, to));
    from = to;
  }
  return writers.map((writer) => writer.take());
};

/** A page's rows and the cursor behind them are one transaction. */
const writePage = (
  { run, db, writers }: Scan,
  folded: readonly Folded[],
  from: RebuildPart,
  to: RebuildPart,
): Promise<void> =>
  inTransaction(db, async () => {
    // A page that a crash of the database takes back is folded again.
    await db.query('set local synchronous_commit = off');
    await movePart(db, run, from, to);
    for (const [index, writer] of writers.entries()) {
      const rows = folded[index];
      if (rows) await writer.write(rows);
    }
  });

/** Folds what has not been folded of a part yet: one page is read and one is written while the one between them is folded. */
const scanPart = async (scan: Scan, start: RebuildPart): Promise<void> => {
  let part = start;
  let open: readonly LoggedEvent[] = [];
  let writing: Promise<void> = Promise.resolve();
  try {
    for (let next = readAhead(scan, behind(part.cursor), part.end); !part.isDone;) {
      const page = await next;
      const [last, isLast] = [page.at(-1), page.length < scan.pageEvents];
      if (last && !isLast) next = readAhead(scan, last, part.end);
      const read = [...open, ...page];
      const whole = wholeStreams(read, isLast);
      open = read.slice(whole.length);
      const folded = foldAll(scan, whole);
      await writing;
      const { stream, revision } = whole.at(-1) ?? part.cursor;
      const moved = { ...part, cursor: { stream, revision }, events: part.events + whole.length, isDone: isLast };
      if (whole.length || isLast) writing = writePage(scan, folded, part, moved);
      // Heard when the next page is there to be written.
      writing.catch(() => undefined);
      part = moved;
      scan.onPage(whole.length);
    }
    await writing;
  } finally {
    // What is under way ends before the connection does.
    await writing.catch(() => undefined);
  }
};

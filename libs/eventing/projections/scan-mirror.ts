import { ClientBase } from 'pg';
import { EventTypes } from '../event-types';
import { Folded, foldStream, TableWriter } from './fold-streams';
import { LoggedEvent } from './mirror';
import { readLogPage } from './projection-store.adapter';
import { RebuildRun, saveCursor } from './rebuild-run.adapter';
import { inTransaction } from './transaction.adapter';

/** One pass over the mirror, stream after stream: a case is folded from its first event to its last, with nothing to remember. */
const revisionMax = 2 ** 31 - 1;

export interface Scan {
  readonly db: ClientBase;
  /** A connection of its own, so that the next page is read while one is folded and written. */
  readonly reader: ClientBase;
  readonly types: EventTypes;
  readonly writers: readonly TableWriter[];
  readonly pageEvents: number;
  readonly onPage: (events: number) => void;
}

const readAhead = (scan: Scan, after: RebuildRun['cursor']): Promise<readonly LoggedEvent[]> => {
  const page = readLogPage(scan.reader, after, scan.pageEvents);
  // Whoever stops before reading it does not hear how it ends.
  page.catch(() => undefined);
  return page;
};

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
const writePage = ({ db, writers }: Scan, folded: readonly Folded[], run: RebuildRun): Promise<void> =>
  inTransaction(db, async () => {
    // A page that a crash of the database takes back is folded again.
    await db.query('set local synchronous_commit = off');
    for (const [index, writer] of writers.entries()) {
      const rows = folded[index];
      if (rows) await writer.write(rows);
    }
    await saveCursor(db, run);
  });

/** Folds what the run has not folded yet: one page is read and one is written while the one between them is folded. */
export const scanMirror = async (scan: Scan, start: RebuildRun): Promise<void> => {
  let run = start;
  let open: readonly LoggedEvent[] = [];
  let writing: Promise<void> = Promise.resolve();
  // What came into a stream since it was folded is no stream of its own: it is caught up later.
  for (let next = readAhead(scan, { stream: run.cursor.stream, revision: revisionMax }); ;) {
    const page = await next;
    const [last, isLast] = [page.at(-1), page.length < scan.pageEvents];
    if (last && !isLast) next = readAhead(scan, last);
    const read = [...open, ...page];
    const whole = wholeStreams(read, isLast);
    open = read.slice(whole.length);
    const cursor = whole.at(-1);
    if (cursor) {
      const folded = foldAll(scan, whole);
      await writing;
      run = { ...run, cursor, events: run.events + whole.length };
      writing = writePage(scan, folded, run);
      // Heard when the next page is there to be written.
      writing.catch(() => undefined);
    }
    scan.onPage(run.events);
    if (isLast) return writing;
  }
};

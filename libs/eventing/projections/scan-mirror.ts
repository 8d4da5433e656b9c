import { ClientBase } from 'pg';
import { EventTypes } from '../event-types';
import { foldStream, TableWriter } from './fold-streams';
import { LoggedEvent } from './mirror';
import { readLogPage } from './projection-store.adapter';
import { RebuildRun, saveCursor } from './rebuild-run.adapter';
import { inTransaction } from './transaction.adapter';

/** One pass over the mirror, stream after stream: a case is folded from its first event to its last, with nothing to remember. */
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

const foldAll = async ({ types, writers }: Scan, events: readonly LoggedEvent[]): Promise<void> => {
  for (let from = 0; from < events.length;) {
    const stream = events[from]?.stream;
    let to = from + 1;
    while (events[to]?.stream === stream) to++;
    await foldStream(types, writers, events.slice(from, to));
    from = to;
  }
  for (const writer of writers) await writer.flush();
};

/** Folds what the run has not folded yet. Each page's rows and the cursor behind them are one transaction. */
export const scanMirror = async (scan: Scan, run: RebuildRun): Promise<void> => {
  let { events } = run;
  let open: readonly LoggedEvent[] = [];
  for (let next = readAhead(scan, run.cursor); ;) {
    const page = await next;
    const [last, isLast] = [page.at(-1), page.length < scan.pageEvents];
    if (last && !isLast) next = readAhead(scan, last);
    const read = [...open, ...page];
    const whole = wholeStreams(read, isLast);
    open = read.slice(whole.length);
    events += whole.length;
    const cursor = whole.at(-1);
    if (cursor)
      await inTransaction(scan.db, async () => {
        // A page that a crash of the database takes back is folded again.
        await scan.db.query('set local synchronous_commit = off');
        await foldAll(scan, whole);
        await saveCursor(scan.db, run, cursor, events);
      });
    scan.onPage(events);
    if (isLast) return;
  }
};

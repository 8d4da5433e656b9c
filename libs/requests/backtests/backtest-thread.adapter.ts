import { constants, setPriority } from 'node:os';
import { Reachable, withConnection } from '../../eventing/projections/connection.adapter';
import { answer } from '../../eventing/workers/threads.adapter';
import { KnownContents, learnContents } from '../../service-levels/known-terms';
import { Tally } from './backtest';
import { judgePart, PartProgress, PartRequest } from './judge-part.adapter';

/** A thread that judges one part of a population; see `inThreads`. */
export interface ThreadPart extends PartRequest {
  readonly database: Reachable;
  readonly contents: KnownContents;
}

// On Linux a priority is the thread's own: whoever waits for an answer of the server comes first.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

void answer<ThreadPart, PartProgress, Tally>(({ database, contents, ...request }, onProgress) => {
  learnContents(contents);
  const { signal } = new AbortController();
  return withConnection(database, (db) => judgePart(request, { db, signal, onProgress }));
});

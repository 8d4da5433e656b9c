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
  readonly inBackground: boolean;
}

/** On Linux a priority is the thread's own, and elsewhere the whole process's. */
const giveWay = (): void => {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
};

void answer<ThreadPart, PartProgress, Tally>(({ database, contents, inBackground, ...request }, onProgress) => {
  if (inBackground) giveWay();
  learnContents(contents);
  const { signal } = new AbortController();
  return withConnection(database, (db) => judgePart(request, { db, signal, onProgress }));
});

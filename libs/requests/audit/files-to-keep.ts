import { Recorded } from '../../eventing/event';
import { FileContent } from '../event-values';
import { RequestEvent } from '../events';

/** Files whose bytes must be there, by the revisions of their events: those that were attached, but for what was redacted. */
export const filesToKeep = (events: readonly Recorded<RequestEvent>[]): ReadonlyMap<number, FileContent> => {
  const files = new Map<number, FileContent>();
  for (const { type, revision, data } of events) {
    if (type === 'RequestFileAttached') files.set(revision, data.content);
    if (type === 'RequestTextRedacted' && data.pointer === '/content') files.delete(data.redacts);
  }
  return files;
};

import type { EventLog } from './event-log';
import { entryPosition } from './keys';
import type { LogReader } from './log-reader';
import { dataOf, isLink } from './record';
import { isSoftDeleted } from './streams';
import { firstVisible } from './visible-range';

/**
 * Follows a link one step. `undefined`: the record is no link, or its text is none, and is shown as it is. `null`: it is
 * a link, but what it points to is gone or was never there.
 */
export const resolveLink = (log: EventLog, reader: LogReader, record: Buffer): Buffer | null | undefined => {
  if (!isLink(record)) return undefined;
  const text = dataOf(record).toString('utf8');
  const at = text.indexOf('@');
  const revisionText = text.slice(0, at);
  if (at < 0 || !/^-?\d{1,19}$/.test(revisionText)) return undefined;
  const name = text.slice(at + 1);
  if (name === '') return null;
  const stream = log.streams.get(name);
  if (stream.head < 0 || log.streams.isGone(stream) || isSoftDeleted(stream)) return null;
  const asked = Number(revisionText);
  const revision = asked === -1 ? stream.head : asked;
  if (revision > stream.head || revision < firstVisible(reader, stream, Date.now())) return null;
  const entry = log.tables.entry(stream.id, revision);
  return (entry && reader.at(entryPosition(entry))) ?? null;
};

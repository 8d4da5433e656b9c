import { randomUUID } from 'node:crypto';
import type { WriteResult } from '../log/append';
import { eventTypes, metadataStreamOf } from '../log/names';
import { dataOf, type NewEvent } from '../log/record';
import { isSoftDeleted } from '../log/streams';
import type { Store } from '../services/store';

/** The bookkeeping of groups is kept in streams, as on the real server, written by the server itself. */
const any = { kind: 'any' } as const;
const noBytes = Buffer.alloc(0);

export const systemTypes = {
  checkpoint: Buffer.from('$SubscriptionCheckpoint'),
  config: Buffer.from('$PersistentConfig'),
  link: Buffer.from('$>'),
  metadata: eventTypes.metadata,
} as const;

/** JSON as the real server writes it: indented, and without what has its default value. */
export const systemJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value, withoutDefaults, 2), 'utf8');

const withoutDefaults = (key: string, value: unknown): unknown =>
  key !== '' && (value === 0 || value === false || value === null) ? undefined : value;

export const writeSystemEvent = (
  { log }: Store,
  stream: string,
  event: Pick<NewEvent, 'type' | 'json' | 'data'> & { metadata?: Buffer },
): Promise<WriteResult> => {
  const { metadata = noBytes } = event;
  const events = [{ ...event, metadata, id: randomUUID() }];
  return log.write({ kind: 'append', stream, expected: any, events, bytes: event.data.length });
};

export const writeMetadata = (store: Store, stream: string, json: string): Promise<WriteResult> =>
  writeSystemEvent(store, metadataStreamOf(stream), {
    type: systemTypes.metadata,
    json: true,
    data: Buffer.from(json, 'utf8'),
  });

export const deleteStream = ({ log }: Store, stream: string): Promise<WriteResult> =>
  log.write({ kind: 'delete', stream, expected: any });

/** The last event of a stream; undefined when there is none to see. */
export const lastRecord = ({ log, reader }: Store, name: string): Buffer | undefined => {
  const stream = log.streams.get(name);
  if (stream.head < 0 || isSoftDeleted(stream) || log.streams.isGone(stream)) return undefined;
  return reader.ofStream(stream, stream.head, stream.head, Infinity).records[0];
};

/** The last event of a stream as JSON; undefined when there is none, or it is none. */
export const lastJson = (store: Store, name: string): unknown => {
  const record = lastRecord(store, name);
  return record && parseJson(dataOf(record).toString('utf8'));
};

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

import type { Expected } from '../log/commit-check';
import type { NewEvent } from '../log/record';
import { Reader } from '../protobuf/reader';
import { endValue } from './read-request';
import { readStreamIdentifier } from './stream-identifier';
import { readUuid } from './uuid';

/** What an append says of its target, in the fields that Append, BatchAppend, Delete and Tombstone share. */
export interface TargetOptions {
  stream?: string;
  expected?: Expected;
}

/** Reads field `reader.field` of such options when it is one of the shared five; false when it is another. */
export const readTarget = (reader: Reader, options: TargetOptions): boolean => {
  switch (reader.field) {
    case 1:
      options.stream = readStreamIdentifier(reader.message());
      return true;
    case 2:
      options.expected = expectedAt(reader.uint64());
      return true;
    case 3:
      reader.skip();
      options.expected = { kind: 'no_stream' };
      return true;
    case 4:
      reader.skip();
      options.expected = { kind: 'any' };
      return true;
    case 5:
      reader.skip();
      options.expected = { kind: 'stream_exists' };
      return true;
    default:
      return false;
  }
};

// As on the real server, for which the largest number is -1 and that is no stream.
const expectedAt = (revision: bigint): Expected =>
  revision === endValue ? { kind: 'no_stream' } : { kind: 'revision', revision };

export const readTargetOptions = (reader: Reader): TargetOptions => {
  const options: TargetOptions = {};
  while (reader.next()) if (!readTarget(reader, options)) reader.skip();
  return options;
};

/** An event as proposed, before it is known to be valid. */
export interface ProposedEvent {
  id: string | undefined;
  type: Buffer | undefined;
  contentType: string | undefined;
  data: Buffer;
  metadata: Buffer;
}

const noBytes = Buffer.alloc(0);

/** Reads a ProposedMessage; Append and BatchAppend number its fields alike. */
export const readProposed = (reader: Reader): ProposedEvent => {
  const event: ProposedEvent = {
    id: undefined,
    type: undefined,
    contentType: undefined,
    data: noBytes,
    metadata: noBytes,
  };
  while (reader.next()) {
    if (reader.field === 1) event.id = readUuid(reader.message());
    else if (reader.field === 2) readProperty(reader.message(), event);
    else if (reader.field === 3) event.metadata = reader.bytes();
    else if (reader.field === 4) event.data = reader.bytes();
    else reader.skip();
  }
  return event;
};

const readProperty = (reader: Reader, event: ProposedEvent): void => {
  let key = '';
  let value: Buffer = noBytes;
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value = reader.bytes();
    else reader.skip();
  }
  if (key === 'type') event.type = value;
  else if (key === 'content-type') event.contentType = value.toString('utf8');
};

const jsonContentType = 'application/json';

export const accepted = (id: string, type: Buffer, { contentType, data, metadata }: ProposedEvent): NewEvent => ({
  id,
  type,
  json: contentType === jsonContentType,
  data,
  metadata,
});

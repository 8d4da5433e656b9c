import { createHash } from 'node:crypto';
import { EventMetadata, StoredEvent } from '../event';

/**
 * What the mirror holds of an event, whoever has written it.
 *
 * PostgreSQL takes neither U+0000 nor half of a surrogate pair, and an event of ours has JSON objects for data and metadata. What is
 * otherwise is kept as it came, in base64 under a member of its own: the mirror stays complete, and whoever folds it is told.
 */
// JSON.stringify escapes these two and writes a backslash of the text itself as two.
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;
const bytesMember = '$bytes';

export interface LoggedEvent extends StoredEvent {
  readonly sequence: number;
}

/** An event with its data and metadata as JSON texts, made once for the check and for the database. */
export interface MirroredEvent {
  readonly event: LoggedEvent;
  readonly data: string;
  readonly metadata: string;
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

const inBytes = (value: unknown): object => {
  const bytes = value instanceof Uint8Array || typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return { [bytesMember]: Buffer.from(bytes).toString('base64') };
};

const stored = (value: unknown): readonly [object, string] => {
  if (isPlainObject(value)) {
    const text = JSON.stringify(value);
    if (!unstorable.test(text)) return [value, text];
  }
  const kept = inBytes(value);
  return [kept, JSON.stringify(kept)];
};

// An index takes less than three kilobytes, and a character at most three bytes of it. No name of ours is near.
const nameCharactersMax = 600;

/** A name as the mirror has it. Of one that no index takes, the beginning and a digest of the whole. */
export const storableName = (name: string): string => {
  const stored = name.replaceAll('\0', '\uFFFD');
  if (stored.length <= nameCharactersMax) return stored;
  const digest = createHash('sha256').update(name).digest('hex');
  return `${stored.slice(0, nameCharactersMax - digest.length - 1).toWellFormed()}…${digest}`;
};

/** Whether data or metadata is what an event of ours has. */
export const isReadable = (value: unknown): value is object => isPlainObject(value) && !(bytesMember in value);

export const mirrored = (event: StoredEvent, sequence: number): MirroredEvent => {
  const [data, dataText] = stored(event.data);
  const [metadata, metadataText] = stored(event.metadata);
  return {
    event: {
      ...event,
      ...{ sequence, data },
      stream: storableName(event.stream),
      type: storableName(event.type),
      metadata: metadata as EventMetadata,
    },
    data: dataText,
    metadata: metadataText,
  };
};

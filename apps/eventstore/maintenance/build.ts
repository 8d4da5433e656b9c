import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncPath } from '../log/durable-files';
import { openEnvironment, storePath, type Environment } from '../log/environment';
import { indexEntry, indexKey, nameKey, positionKey } from '../log/keys';
import type { LogEnd } from '../log/log-end';
import { isMetadataStream, originalStreamOf } from '../log/names';
import { createdOf, idOf, isVoid, nameOf, revisionOf, tombstoneRevision } from '../log/record';
import { encodeStream, type StreamState } from '../log/streams';

/**
 * Writes a whole new store from records alone: index and streams follow from them. It is made beside the old one, which
 * stays untouched until the new one is complete and on disk; then one rename replaces it. A crash before that leaves
 * the old store, and a folder that the next run removes.
 */
export interface PlacedRecord {
  position: number;
  record: Buffer;
}

export interface Built {
  records: number;
  streams: number;
}

const batchRecordsMax = 5_000;
const batchBytesMax = 8 * 1024 * 1024;
const aside = (directory: string): string => join(directory, 'rebuilding');

/** @param end what of it is larger than what follows from the records is kept, so that no position is given twice */
export const buildStore = async (
  directory: string,
  records: Iterable<PlacedRecord>,
  end: LogEnd,
  facts: Map<string, string>,
): Promise<Built> => {
  const folder = aside(directory);
  rmSync(folder, { recursive: true, force: true });
  const environment = openEnvironment(folder);
  try {
    const builder = new Builder(environment);
    for (const record of records) if (builder.add(record)) await builder.store();
    await builder.finish(end, facts);
    return { records: builder.records, streams: builder.streams.size };
  } finally {
    await environment.root.close();
  }
};

/** Puts what was built in the place of the store. @param keepAs a name for the old file instead of its removal */
export const replaceStore = (directory: string, keepAs?: string): void => {
  const built = storePath(aside(directory));
  syncPath(built);
  if (keepAs !== undefined) renameSync(storePath(directory), join(directory, keepAs));
  renameSync(built, storePath(directory));
  syncPath(directory);
  rmSync(aside(directory), { recursive: true, force: true });
};

export const discardBuilt = (directory: string): void => rmSync(aside(directory), { recursive: true, force: true });

class Builder {
  readonly streams = new Map<string, { -readonly [K in keyof StreamState]: StreamState[K] }>();
  records = 0;
  private batch: PlacedRecord[] = [];
  private bytes = 0;
  private nextPosition = 0;
  private lastCreatedMs = 0;

  constructor(private readonly environment: Environment) {}

  /** True when it is time to `store`. */
  add(placed: PlacedRecord): boolean {
    this.batch.push(placed);
    this.bytes += placed.record.length;
    return this.batch.length >= batchRecordsMax || this.bytes >= batchBytesMax;
  }

  async store(): Promise<void> {
    const { batch, environment } = this;
    this.batch = [];
    this.bytes = 0;
    const appended: Promise<boolean>[] = [];
    const stored = environment.root.batch(() => {
      for (const { position, record } of batch) {
        appended.push(environment.appendToLog(positionKey(position), record));
        const [key, entry] = this.placed(position, record);
        if (key && entry) void environment.index.put(key, entry);
      }
    });
    if ((await Promise.all([stored, ...appended])).includes(false)) throw new Error('the database refused a record');
  }

  async finish(end: LogEnd, facts: Map<string, string>): Promise<void> {
    await this.store();
    const names = [...this.streams.keys()];
    for (let at = 0; at < names.length; at += batchRecordsMax) {
      await this.environment.root.batch(() => {
        for (const name of names.slice(at, at + batchRecordsMax)) {
          const key = nameKey(Buffer.from(name, 'utf8'));
          void this.environment.streams.put(key, encodeStream(this.streams.get(name)!));
        }
      });
    }
    const recorded: LogEnd = {
      nextPosition: Math.max(end.nextPosition, this.nextPosition),
      nextStreamId: this.streams.size + 1,
      lastCreatedMs: Math.max(end.lastCreatedMs, this.lastCreatedMs),
      records: this.records,
    };
    await this.environment.root.batch(() => {
      for (const [name, value] of facts) if (name !== 'format') void this.environment.facts.put(name, value);
      void this.environment.facts.put('end', JSON.stringify(recorded));
    });
  }

  /** Takes a record into the state of its stream, and returns what the index gets for it. */
  private placed(position: number, record: Buffer): [Buffer, Buffer] | [] {
    this.records += 1;
    this.nextPosition = position + record.length;
    this.lastCreatedMs = Math.max(this.lastCreatedMs, createdOf(record));
    if (isVoid(record)) return [];
    const name = nameOf(record).toString('utf8');
    const revision = revisionOf(record);
    const stream = this.stream(name);
    if (revision === tombstoneRevision) stream.tombstone = position;
    else {
      stream.head = revision;
      if (isMetadataStream(name)) this.stream(originalStreamOf(name)).metadataPosition = position;
    }
    return [indexKey(stream.id, revision), indexEntry(position, idOf(record))];
  }

  private stream(name: string): { -readonly [K in keyof StreamState]: StreamState[K] } {
    const known = this.streams.get(name);
    if (known) return known;
    const stream = { id: this.streams.size + 1, head: -1, tombstone: 0, metadataPosition: 0 };
    this.streams.set(name, stream);
    return stream;
  }
}

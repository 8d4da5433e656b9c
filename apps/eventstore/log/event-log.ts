import { randomUUID } from 'node:crypto';
import { Stopping, WriteRefused, type WriteRequest, type WriteResult } from './append';
import { closeAtOnce, commitFailure, openEnvironment, type Environment } from './environment';
import { Group, type LogEnd } from './group';
import { positionFromKey } from './keys';
import { eventTypes, metadataStreamOf } from './names';
import { RecentIds } from './recent-ids';
import { createdOf } from './record';
import { mappedBytes, mappedBytesMax } from './resident-memory';
import { Streams } from './streams';

/**
 * The single writer. Appends that arrive while a transaction is being synced wait and share the next one, so that one
 * sync serves many of them (group commit); nobody waits for a timer.
 *
 * Guarantee: a result is given only after the record is on disk, results are given in the order of the log, and
 * `onCommit` listeners hear of a position only after that. A failed transaction leaves no trace: every append in it is
 * refused, and the next one starts from what is on disk.
 */
export interface Commit {
  /** Names of the streams that changed. */
  streams: Iterable<string>;
}

interface Waiting {
  request: WriteRequest;
  resolve: (result: WriteResult) => void;
  reject: (error: Error) => void;
}

const groupRequestsMax = 4_096;
const groupBytesMax = 16 * 1024 * 1024;
const firstPosition = 64;
const mapWatchMs = 250;

export class EventLog {
  readonly streams: Streams;
  environment: Environment;
  private readonly mappedAtStart = mappedBytes();
  private readonly mapWatch: NodeJS.Timeout;
  private remapDue = false;
  private readonly recent = new RecentIds();
  private readonly listeners = new Set<(commit: Commit) => void>();
  private queue: Waiting[] = [];
  private committing = false;
  private end: LogEnd;
  private idle: Promise<void> = Promise.resolve();
  private closed = false;
  readonly counts = { appends: 0, events: 0, commits: 0, refused: 0, failures: 0 };

  constructor(private readonly directory: string) {
    this.environment = openEnvironment(directory);
    this.streams = new Streams(() => this.environment);
    this.end = this.readEnd();
    this.mapWatch = setInterval(() => this.watchMap(), mapWatchMs).unref();
  }

  static async open(directory: string): Promise<EventLog> {
    const log = new EventLog(directory);
    if (log.end.nextPosition === firstPosition) await log.begin();
    return log;
  }

  /** Position behind the last committed record. */
  get endPosition(): number {
    return this.end.nextPosition;
  }

  get waiting(): number {
    return this.queue.length;
  }

  write(request: WriteRequest): Promise<WriteResult> {
    if (this.closed) return Promise.reject(new Stopping('the server is stopping'));
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.start();
    });
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Accepts nothing more, and waits until what was accepted is on disk. */
  async drain(): Promise<void> {
    this.closed = true;
    while (this.committing) await this.idle;
  }

  async close(): Promise<void> {
    await this.drain();
    clearInterval(this.mapWatch);
    await this.environment.root.close();
  }

  private watchMap(): void {
    if (this.closed || mappedBytes() - this.mappedAtStart < mappedBytesMax) return;
    // Between groups nothing is being written, and reads never outlast a turn.
    if (this.committing) this.remapDue = true;
    else this.remap();
  }

  private remap(): void {
    this.remapDue = false;
    if (this.closed) return;
    closeAtOnce(this.environment);
    this.environment = openEnvironment(this.directory);
  }

  private start(): void {
    if (this.committing) return;
    this.committing = true;
    // One turn of the microtask queue gathers what arrived in the same read of the socket.
    this.idle = Promise.resolve().then(() => this.commitAll());
  }

  private async commitAll(): Promise<void> {
    while (this.queue.length > 0) {
      await this.commitGroup(this.takeGroup());
      if (this.remapDue) this.remap();
    }
    this.committing = false;
  }

  private takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.queue.length && count < groupRequestsMax && bytes < groupBytesMax) {
      const { request } = this.queue[count++]!;
      bytes += request.kind === 'append' ? request.bytes : 0;
    }
    return this.queue.splice(0, count);
  }

  private async commitGroup(waiting: Waiting[]): Promise<void> {
    const end = { ...this.end };
    const group = new Group(this.environment, this.streams, this.recent, end, randomUUID);
    let results: WriteResult[];
    try {
      results = waiting.map(({ request }) => group.apply(request));
      await group.store();
    } catch (error) {
      this.recent.clear();
      this.counts.failures += 1;
      const refused = new WriteRefused(`the write could not be stored: ${await commitFailure(error)}`);
      for (const { reject } of waiting) reject(refused);
      return;
    }
    // Reads share a snapshot for a while; from here on it must be one that has this group.
    this.environment.root.resetReadTxn();
    this.end = end;
    this.count(waiting, results);
    for (const stream of group.changed.values()) this.streams.remember(stream);
    for (const [i, { resolve }] of waiting.entries()) resolve(results[i]!);
    for (const listener of this.listeners) listener({ streams: group.changed.keys() });
  }

  private count(waiting: Waiting[], results: WriteResult[]): void {
    this.counts.commits += 1;
    for (const [i, { request }] of waiting.entries()) {
      if (results[i]!.outcome !== 'written') this.counts.refused += 1;
      else {
        this.counts.appends += 1;
        this.counts.events += request.kind === 'append' ? request.events.length : 1;
      }
    }
  }

  private readEnd(): LogEnd {
    const stored = this.environment.facts.get('end');
    const end =
      stored === undefined ? { nextPosition: firstPosition, nextStreamId: 1, lastCreatedMs: 0 } : parseEnd(stored);
    const [last] = [...this.environment.log.getRange({ reverse: true, limit: 1 })];
    if (last && positionFromKey(last.key) >= end.nextPosition)
      throw new Error('the log goes on behind its recorded end');
    return last ? { ...end, lastCreatedMs: Math.max(end.lastCreatedMs, createdOf(last.value)) } : end;
  }

  // A real node's log begins with an epoch that nobody sees, and with the metadata of its list of scavenges.
  private async begin(): Promise<void> {
    const bytes = 0;
    const any = { kind: 'any' } as const;
    const event = (
      type: Buffer,
      text: string,
    ): { id: string; type: Buffer; json: boolean; data: Buffer; metadata: Buffer } => ({
      id: randomUUID(),
      type,
      json: true,
      data: Buffer.from(text),
      metadata: Buffer.alloc(0),
    });
    const epoch = event(Buffer.from('$epoch-information'), '{}');
    await this.write({ kind: 'append', stream: '$epoch-information', expected: any, events: [epoch], bytes });
    const scavenges = event(eventTypes.metadata, '{"$maxAge":2592000}');
    await this.write({
      kind: 'append',
      stream: metadataStreamOf('$scavenges'),
      expected: any,
      events: [scavenges],
      bytes,
    });
  }
}

const parseEnd = (text: string): LogEnd => {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('the recorded end of the log is unreadable');
  const field = (name: string): number => {
    const number: unknown = Reflect.get(value, name);
    if (typeof number !== 'number' || !Number.isSafeInteger(number))
      throw new Error(`the recorded end of the log lacks ${name}`);
    return number;
  };
  return {
    nextPosition: field('nextPosition'),
    nextStreamId: field('nextStreamId'),
    lastCreatedMs: field('lastCreatedMs'),
  };
};

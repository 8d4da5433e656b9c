import { randomUUID } from 'node:crypto';
import { Stopping, WriteRefused, type WriteRequest, type WriteResult } from './append';
import { createStore } from './environment';
import { Group } from './group';
import { syncJournal } from './journal';
import type { Frame } from './journal-frame';
import { emptyLog, type LogEnd } from './log-end';
import { eventTypes, metadataStreamOf } from './names';
import { RecentIds } from './recent-ids';
import { refusalOf } from './refusal';
import { Storage } from './storage';
import { checkStore } from './store-check';
import { Streams } from './streams';
import type { Tables } from './tables';

/**
 * The single writer. Appends that arrive while a group is being synced wait and share the next one, so that one
 * sync serves many of them (group commit); nobody waits for a timer.
 *
 * Guarantee: a result is given only after the record is on disk, results are given in the order of the log, and
 * `onCommit` listeners hear of a position only after that. A failed group leaves no trace: every append in it is
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
const groupBytesMax = 4 * 1024 * 1024;

export class EventLog {
  readonly streams: Streams;
  private readonly storage: Storage;
  private readonly recent = new RecentIds();
  private readonly listeners = new Set<(commit: Commit) => void>();
  private queue: Waiting[] = [];
  private committing = false;
  private end: LogEnd;
  private idle: Promise<void> = Promise.resolve();
  private group: Promise<void> = Promise.resolve();
  private closed = false;
  readonly counts = { appends: 0, events: 0, commits: 0, refused: 0, failures: 0 };

  private constructor(directory: string, frames: readonly Frame[], bytesMax: number) {
    this.storage = new Storage(directory, frames, bytesMax);
    this.streams = new Streams(this.tables);
    this.end = this.storage.readEnd();
  }

  /**
   * @param bytesMax the most the file may ever hold
   * @throws DamagedStore when the file or the end of the log is not what was written
   */
  static async open(directory: string, bytesMax = Infinity): Promise<EventLog> {
    await createStore(directory);
    const frames = checkStore(directory);
    if (frames.length > 0) syncJournal(directory);
    const log = new EventLog(directory, frames, bytesMax);
    if (log.end.nextPosition === emptyLog.nextPosition) await log.begin();
    return log;
  }

  get tables(): Tables {
    return this.storage.tables;
  }

  /** The file of events. */
  get path(): string {
    return this.storage.path;
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

  /** Resolves when the appends that are being stored have been, or were refused. */
  groupDone(): Promise<void> {
    return this.group;
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
    await this.storage.close();
  }

  private start(): void {
    if (this.committing) return;
    this.committing = true;
    // One turn of the microtask queue gathers what arrived in the same read of the socket.
    this.idle = Promise.resolve().then(() => this.commitAll());
  }

  private async commitAll(): Promise<void> {
    while (this.queue.length > 0) {
      this.group = this.commitGroup(this.takeGroup());
      await this.group;
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
    const group = new Group(this.tables, this.streams, this.recent, end, randomUUID);
    let results: WriteResult[];
    try {
      results = waiting.map(({ request }) => group.apply(request));
      const frame = group.frame();
      if (frame) await this.storage.store(frame);
    } catch (error) {
      this.recent.clear();
      this.counts.failures += 1;
      const refused = error instanceof WriteRefused ? error : new WriteRefused(refusalOf(String(error), this.path));
      for (const { reject } of waiting) reject(refused);
      return;
    }
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

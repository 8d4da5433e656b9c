import { framed, type Call } from '../grpc/call';
import { Status, StatusError } from '../grpc/status';
import { WriteRefused, type WriteResult } from '../log/append';
import type { Expected } from '../log/commit-check';
import { isInvalidStreamName } from '../log/names';
import type { NewEvent } from '../log/record';
import { Reader } from '../protobuf/reader';
import { Writer } from '../protobuf/writer';
import { wrongExpectedVersionDetail } from '../protocol/append-response';
import {
  batchError,
  batchSuccess,
  readBatchChunk,
  structuredCorrelation,
  type BatchChunk,
  type BatchEcho,
} from '../protocol/batch-append';
import { streamIdentifier } from '../protocol/stream-identifier';
import { heldBytesMax, streamsMessageBytesMax } from './append';
import { appendBytesMax, writeFailure } from './errors';
import { checkProposed } from './proposed-events';
import type { Store } from './store';

/**
 * The BatchAppend call: many appends on one call, each in one or more chunks that share a correlation id, each answered
 * exactly once and in the order in which they were complete. A refused append leaves the call and the others alone.
 */
export const batchAppend =
  (store: Store) =>
  (call: Call): void =>
    new BatchCall(store, call).start();

interface Unfinished {
  echo: BatchEcho;
  correlationId: string | undefined;
  stream: string;
  expected: Expected;
  events: NewEvent[];
  bytes: number;
  held: number;
  timer: NodeJS.Timeout | undefined;
}

/** An append whose last chunk has not come within this time is given up. */
const unfinishedMsMax = 2_000;
/** Less than this is over before anything could be done, whatever the timers say. */
const leftMsMin = 1;
const waitingBytesMax = 16 * 1024 * 1024;

class BatchCall {
  private readonly unfinished = new Map<string, Unfinished>();
  private outbox: Buffer[] = [];
  private held = 0;
  private waitingBytes = 0;
  private unanswered = 0;
  private halfClosed = false;
  private isJustAnswered = false;
  private paused = false;

  constructor(
    private readonly store: Store,
    private readonly call: Call,
  ) {}

  start(): void {
    this.call.onFinish(() => this.unfinished.forEach(({ timer }) => clearTimeout(timer)));
    this.call.receive(
      streamsMessageBytesMax,
      (message) => this.take(readBatchChunk(new Reader(message), Date.now()), message.length),
      () => this.halfClose(),
    );
  }

  // As on the real server a half-close after the last answer leaves the call open. One that came with the append is
  // before its answer, even if that was at hand at once.
  private halfClose(): void {
    this.halfClosed = this.unanswered > 0 || this.isJustAnswered;
    if (this.halfClosed && this.unanswered === 0 && this.outbox.length === 0) this.call.end();
  }

  private take(chunk: BatchChunk, messageBytes: number): void {
    const key = chunk.correlation.toString('latin1');
    const append = chunk.options ? this.begin(key, chunk) : this.unfinished.get(key);
    // Whoever answers an append forgets it, so that its late chunks, like those of no append at all, get no answer.
    if (!append || !this.addEvents(key, append, chunk, messageBytes)) return;
    if (chunk.isFinal) this.complete(key, append);
  }

  private begin(key: string, chunk: BatchChunk): Unfinished | undefined {
    const { stream, expected, deadlineMs } = chunk.options ?? {};
    const echo = { correlation: Buffer.from(chunk.correlation), stream };
    if (stream === undefined) return this.refuse(echo, 'the stream is missing');
    if (expected === undefined) return this.refuse(echo, 'the expected revision is missing');
    if (isInvalidStreamName(stream)) return this.refuse(echo, `'${stream}' is no stream name`);
    const leftMs = Math.min(unfinishedMsMax, (deadlineMs ?? Infinity) - Date.now());
    if (leftMs < leftMsMin) return this.timeOut(echo);
    // A client may repeat the options in every chunk; the first ones count.
    const begunBefore = this.unfinished.get(key);
    if (begunBefore) return begunBefore;
    const append: Unfinished = {
      echo,
      correlationId: chunk.correlationId,
      stream,
      expected,
      events: [],
      bytes: 0,
      held: 0,
      timer: undefined,
    };
    if (!chunk.isFinal) append.timer = setTimeout(() => this.giveUp(key, append), leftMs);
    this.unfinished.set(key, append);
    return append;
  }

  private addEvents(key: string, append: Unfinished, chunk: BatchChunk, messageBytes: number): boolean {
    for (const proposed of chunk.events) {
      const proposal = checkProposed(proposed);
      if (!('event' in proposal)) {
        this.forget(key, append);
        this.refuse(append.echo, 'invalid' in proposal ? proposal.invalid : 'type and content-type are required');
        return false;
      }
      append.events.push(proposal.event);
      append.bytes += proposal.event.data.length;
    }
    this.call.hold(messageBytes);
    append.held += messageBytes;
    this.held += messageBytes;
    if (append.bytes > appendBytesMax) {
      this.forget(key, append);
      const detail = new Writer().uint(1, appendBytesMax);
      this.error(
        append.echo,
        Status.invalidArgument,
        'Maximum Append Size Exceeded',
        'event_store.client.MaximumAppendSizeExceeded',
        detail,
      );
      return false;
    }
    if (this.held > heldBytesMax)
      throw new StatusError(Status.resourceExhausted, 'too many unfinished appends on one call');
    return true;
  }

  private complete(key: string, append: Unfinished): void {
    this.forget(key, append);
    const { stream, expected, events, bytes, held } = append;
    this.unanswered += 1;
    // Until it is answered it is still held.
    this.call.hold(held);
    this.waitingBytes += held;
    this.holdBack();
    this.store.log.write({ kind: 'append', stream, expected, events, bytes }).then(
      (result) => this.answered(append, this.resultAnswer(append, result)),
      (error: unknown) => this.failed(append, error),
    );
  }

  private answered({ held }: Unfinished, response: Buffer): void {
    this.unanswered -= 1;
    this.waitingBytes -= held;
    this.call.hold(-held);
    this.send(response);
    this.holdBack();
    if (this.unanswered > 0 || this.isJustAnswered) return;
    this.isJustAnswered = true;
    setImmediate(() => (this.isJustAnswered = false));
  }

  private resultAnswer({ echo, stream, expected }: Unfinished, result: WriteResult): Buffer {
    switch (result.outcome) {
      case 'written':
      case 'repeated':
        return batchSuccess(echo, result.revision, result.position);
      case 'wrong-expected-version': {
        const detail = wrongExpectedVersionDetail(expected, result.head);
        return batchError(
          echo,
          Status.alreadyExists,
          'WrongExpectedVersion',
          'event_store.client.WrongExpectedVersion',
          detail,
        );
      }
      case 'deleted': {
        const detail = new Writer().message(1, streamIdentifier(stream));
        return batchError(
          echo,
          Status.notFound,
          `Event stream '${stream}' is deleted.`,
          'event_store.client.StreamDeleted',
          detail,
        );
      }
    }
  }

  // Storage that refuses is an answer like any other; everything else, as the server's end, is the whole call's.
  private failed(append: Unfinished, error: unknown): void {
    if (!(error instanceof WriteRefused)) return this.call.fail(writeFailure(error));
    const { echo } = append;
    this.answered(
      append,
      batchError(echo, Status.resourceExhausted, error.message, 'google.protobuf.Empty', new Writer()),
    );
  }

  private giveUp(key: string, append: Unfinished): void {
    this.forget(key, append);
    const { correlationId, echo } = append;
    this.timeOut(correlationId === undefined ? echo : { ...echo, correlation: structuredCorrelation(correlationId) });
  }

  private timeOut(echo: BatchEcho): undefined {
    this.error(echo, Status.deadlineExceeded, 'Timeout', 'event_store.client.Timeout', new Writer());
  }

  private refuse(echo: BatchEcho, message: string): undefined {
    this.error(echo, Status.invalidArgument, message, 'event_store.client.BadRequest', new Writer().string(1, message));
  }

  private error(echo: BatchEcho, code: number, message: string, type: string, detail: Writer): void {
    this.send(batchError(echo, code, message, type, detail));
  }

  private forget(key: string, { timer, held }: Unfinished): void {
    clearTimeout(timer);
    this.held -= held;
    this.call.hold(-held);
    this.unfinished.delete(key);
  }

  // Answers of one commit become known in one turn, and leave in one write.
  private send(response: Buffer): void {
    this.outbox.push(framed(response));
    if (this.outbox.length === 1) queueMicrotask(() => this.flush());
  }

  private flush(): void {
    const frames = this.outbox.length === 1 ? this.outbox[0]! : Buffer.concat(this.outbox);
    this.outbox = [];
    if (this.halfClosed && this.unanswered === 0) this.call.end(frames);
    else if (!this.call.write(frames)) this.holdBack();
  }

  // A client that does not read its answers, or sends faster than the disk takes, is not read from meanwhile.
  private holdBack(): void {
    if (this.paused || this.call.finished) return;
    if (!this.call.isBlocked && !this.waitsForDisk) return;
    this.paused = true;
    this.call.pause();
    void this.relax();
  }

  private get waitsForDisk(): boolean {
    return this.waitingBytes >= waitingBytesMax || (this.waitingBytes > 0 && this.call.isCrowded);
  }

  private async relax(): Promise<void> {
    while (!this.call.finished && (this.call.isBlocked || this.waitsForDisk)) {
      await this.call.writable();
      if (this.waitsForDisk) await this.store.log.groupDone();
    }
    this.paused = false;
    this.call.resume();
  }
}

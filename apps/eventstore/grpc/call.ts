import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Budget } from './budget';
import { Deframer } from './deframer';
import { Status, StatusError, trailersOf, type Trailers } from './status';

/**
 * One gRPC call on one HTTP/2 stream. It is finished exactly once, whoever is first: the handler, the deadline, the
 * client's cancellation or a broken message. Nothing is buffered without bound: what the client does not read stays
 * within one HTTP/2 write buffer, and `writable` waits until that has drained.
 */
export class Call {
  private readonly finishHandlers = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private responded = false;
  private trailersSent: () => void = () => undefined;
  private trailers: Trailers = trailersOf(Status.ok, '', {});
  private heldBytes = 0;
  finished = false;

  constructor(
    private readonly stream: ServerHttp2Stream,
    deadlineMs: number | undefined,
    private readonly budget: Budget,
  ) {
    stream.on('close', () => this.finish(() => undefined));
    stream.on('error', () => this.finish(() => undefined));
    stream.on('wantTrailers', () => {
      stream.sendTrailers(this.trailers);
      this.trailersSent();
    });
    if (deadlineMs !== undefined) {
      this.timer = setTimeout(
        () => this.fail(new StatusError(Status.deadlineExceeded, 'Deadline Exceeded')),
        deadlineMs,
      );
    }
  }

  /** Hands over each message as it arrives, and tells when the client has half-closed. */
  receive(messageBytesMax: number, onMessage: (message: Buffer) => void, onHalfClose: () => void): void {
    const deframer = new Deframer(messageBytesMax, (bytes) => this.hold(bytes));
    this.onFinish(() => deframer.clear());
    const guarded = (work: () => void): void => {
      if (this.finished) return;
      try {
        work();
      } catch (error) {
        this.fail(error);
      }
    };
    this.stream.on('data', (chunk: Buffer) => guarded(() => deframer.push(chunk, onMessage)));
    this.stream.on('end', () =>
      guarded(() => {
        if (!deframer.isEmpty) throw new StatusError(Status.internal, 'the last message is cut off');
        onHalfClose();
      }),
    );
  }

  /** Takes note of bytes of its requests that are kept, or with a negative number are no longer. @throws StatusError */
  hold(bytes: number): void {
    if (this.finished) return;
    this.budget.take(countedBytes(this.heldBytes + bytes) - countedBytes(this.heldBytes));
    this.heldBytes += bytes;
  }

  /** Whether all calls together hold so much that those who can wait should. */
  get isCrowded(): boolean {
    return this.budget.isCrowded;
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  /** Called once when the call is over, however it ended. */
  onFinish(handler: () => void): void {
    if (this.finished) handler();
    else this.finishHandlers.add(handler);
  }

  offFinish(handler: () => void): void {
    this.finishHandlers.delete(handler);
  }

  /** Sends framed messages; false when the client should be waited for before more is written. */
  write(frames: Buffer): boolean {
    if (this.finished) return false;
    this.respond();
    return this.stream.write(frames);
  }

  /** Whether what was written waits for the client to read. */
  get isBlocked(): boolean {
    return !this.finished && this.stream.writableNeedDrain;
  }

  /** Resolves when the write buffer has drained, or at once when the call is over. */
  writable(): Promise<void> {
    if (!this.isBlocked) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.stream.off('drain', done);
        this.offFinish(done);
        resolve();
      };
      this.stream.once('drain', done);
      this.onFinish(done);
    });
  }

  /** Ends the call well, after last frames if there are any. */
  end(frames?: Buffer): void {
    this.finish(() => {
      this.respond();
      if (frames?.length) this.stream.end(frames);
      else this.stream.end();
    });
  }

  fail(error: unknown): void {
    const status = error instanceof StatusError ? error : new StatusError(Status.unknown, messageOf(error));
    this.finish(() => {
      this.trailers = trailersOf(status.code, status.message, status.trailers);
      const hasBegun = this.responded;
      this.stopReceiving(hasBegun);
      if (hasBegun) this.stream.end();
      else this.stream.respond({ ...responseHeaders, ...this.trailers }, { endStream: true });
    });
  }

  private respond(): void {
    if (this.responded) return;
    this.responded = true;
    this.stream.respond(responseHeaders, { waitForTrailers: true });
  }

  // A client that is still sending is told to stop, once its answer has left; until then its bytes are thrown away.
  private stopReceiving(waitsForTrailers: boolean): void {
    if (this.stream.readableEnded) return;
    this.stream.removeAllListeners('data');
    this.stream.resume();
    const close = (): void => {
      if (!this.stream.destroyed) this.stream.close(constants.NGHTTP2_NO_ERROR);
    };
    // An answer that had begun ends with its trailers, and closing takes those away that have not left. A client ends
    // its side when it has got them; only one that does not is cut off.
    if (waitsForTrailers) this.trailersSent = () => void setTimeout(close, stopSendingMsMax).unref();
    else this.stream.once('finish', close);
  }

  private finish(last: () => void): void {
    if (this.finished) return;
    this.finished = true;
    clearTimeout(this.timer);
    this.budget.take(-countedBytes(this.heldBytes));
    if (!this.stream.destroyed && !this.stream.closed) last();
    for (const handler of [...this.finishHandlers]) handler();
    this.finishHandlers.clear();
  }
}

// What is small is never refused, or those who hold much would shut everybody out.
const freeBytes = 64 * 1024;
const countedBytes = (bytes: number): number => Math.max(0, bytes - freeBytes);

/** So long may a client go on sending once it has been told that its call is over. */
const stopSendingMsMax = 1_000;

const responseHeaders = { ':status': 200, 'content-type': 'application/grpc' };

const messageOf = (error: unknown): string =>
  `Exception was thrown by handler. ${error instanceof Error ? error.name : ''}`;

/** Puts the five-byte gRPC prefix before a message. */
export const framed = (message: Uint8Array): Buffer => {
  const frame = Buffer.allocUnsafe(5 + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
};

import { Status, StatusError } from './status';

/**
 * Cuts a byte stream into gRPC messages. At most one message of `messageBytesMax` is held; a longer one is refused
 * when its length is announced, before any of it is kept. However small the pieces in which it comes, what is held is
 * at most twice what has come of it; `hold` hears of every change and may refuse.
 */
export class Deframer {
  private buffer: Buffer = nothing;
  private held = 0;

  constructor(
    private readonly messageBytesMax: number,
    private readonly hold: (bytes: number) => void,
  ) {}

  push(chunk: Buffer, onMessage: (message: Buffer) => void): void {
    let data = this.held === 0 ? chunk : this.joinWhenComplete(chunk);
    while (data !== undefined && data.length > 0) {
      const size = this.sizeOf(data);
      if (size === undefined || data.length < size) {
        this.keep(data);
        return;
      }
      onMessage(data.subarray(prefixBytes, size));
      data = data.subarray(size);
    }
  }

  get isEmpty(): boolean {
    return this.held === 0;
  }

  /** Lets go of what has come of a message that nobody waits for any more; the stream may stay for long. */
  clear(): void {
    this.buffer = nothing;
    this.held = 0;
  }

  private sizeOf(data: Buffer): number | undefined {
    if (data.length < prefixBytes) return undefined;
    if (data[0] !== 0) throw new StatusError(Status.unimplemented, 'compressed messages are not supported');
    const length = data.readUInt32BE(1);
    if (length > this.messageBytesMax) {
      throw new StatusError(Status.resourceExhausted, 'Received message exceeds the maximum configured message size.');
    }
    return prefixBytes + length;
  }

  private keep(data: Buffer): void {
    const needed = this.held + data.length;
    if (needed > this.buffer.length) this.grow(needed);
    data.copy(this.buffer, this.held);
    this.held = needed;
  }

  // Doubling, so that a message in single bytes is not copied again for each of them.
  private grow(needed: number): void {
    const grown = Math.max(needed, 2 * this.buffer.length);
    this.hold(grown - this.buffer.length);
    const buffer = Buffer.allocUnsafeSlow(grown);
    this.buffer.copy(buffer, 0, 0, this.held);
    this.buffer = buffer;
  }

  private joinWhenComplete(chunk: Buffer): Buffer | undefined {
    this.keep(chunk);
    const whole = this.buffer.subarray(0, this.held);
    const size = this.sizeOf(whole);
    if (size === undefined || this.held < size) return undefined;
    this.hold(-this.buffer.length);
    this.buffer = nothing;
    this.held = 0;
    return whole;
  }
}

const prefixBytes = 5;
const nothing = Buffer.alloc(0);

import { Status, StatusError } from './status';

/**
 * Cuts a byte stream into gRPC messages. At most one message of `messageBytesMax` is held; a longer one is refused
 * when its length is announced, before any of it is kept.
 */
export class Deframer {
  private chunks: Buffer[] = [];
  private held = 0;

  constructor(private readonly messageBytesMax: number) {}

  push(chunk: Buffer, onMessage: (message: Buffer) => void): void {
    let data = this.held === 0 ? chunk : this.joinWhenComplete(chunk);
    while (data !== undefined && data.length > 0) {
      const size = this.sizeOf(data);
      if (size === undefined || data.length < size) {
        this.keep(data);
        return;
      }
      onMessage(data.subarray(5, size));
      data = data.subarray(size);
    }
  }

  get isEmpty(): boolean {
    return this.held === 0;
  }

  private sizeOf(data: Buffer): number | undefined {
    if (data.length < 5) return undefined;
    if (data[0] !== 0) throw new StatusError(Status.unimplemented, 'compressed messages are not supported');
    const length = data.readUInt32BE(1);
    if (length > this.messageBytesMax) {
      throw new StatusError(Status.resourceExhausted, 'Received message exceeds the maximum configured message size.');
    }
    return 5 + length;
  }

  private keep(data: Buffer): void {
    this.chunks = [data];
    this.held = data.length;
  }

  // Joining on every chunk would copy a large message again and again, so chunks wait until the message is whole.
  private joinWhenComplete(chunk: Buffer): Buffer | undefined {
    this.chunks.push(chunk);
    this.held += chunk.length;
    const first = this.chunks[0]!;
    const head = first.length >= 5 ? first : Buffer.concat(this.chunks);
    const size = this.sizeOf(head);
    if (size === undefined || this.held < size) return undefined;
    const joined = Buffer.concat(this.chunks);
    this.chunks = [];
    this.held = 0;
    return joined;
  }
}

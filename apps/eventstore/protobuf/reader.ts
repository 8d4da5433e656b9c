/**
 * Reads protocol buffers field by field without building objects for what nobody asks for.
 * Every read is checked against the end of the message: malformed input ends in a `MalformedMessage`, never in a
 * read outside the buffer.
 */
export class MalformedMessage extends Error {
  override name = 'MalformedMessage';
}

const varintBytesMax = 10;

export const enum WireType {
  varint = 0,
  fixed64 = 1,
  bytes = 2,
  fixed32 = 5,
}

export class Reader {
  field = 0;
  wireType = 0;

  constructor(
    readonly buffer: Buffer,
    private at = 0,
    private readonly end = buffer.length,
  ) {}

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.uint32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw new MalformedMessage('field number 0');
    return true;
  }

  /** The low 32 bits of a varint, as a number ≥ 0. */
  uint32(): number {
    let value = 0;
    for (let i = 0; i < varintBytesMax; i += 1) {
      const byte = this.byte();
      if (i < 5) value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value >>> 0;
    }
    throw new MalformedMessage('varint is too long');
  }

  bool(): boolean {
    return this.uint64() !== 0n;
  }

  uint64(): bigint {
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let i = 0; i < varintBytesMax; i += 1) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i < 8) middle |= bits << (7 * (i - 4));
      else high |= bits << (7 * (i - 8));
      if (byte < 0x80) {
        if (middle === 0 && high === 0) return BigInt(low >>> 0);
        return BigInt.asUintN(64, BigInt(low >>> 0) | (BigInt(middle >>> 0) << 28n) | (BigInt(high >>> 0) << 56n));
      }
    }
    throw new MalformedMessage('varint is too long');
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  /** A view into the message; it lives as long as the message's buffer. */
  bytes(): Buffer {
    const length = this.length();
    const start = this.at;
    this.at += length;
    return this.buffer.subarray(start, this.at);
  }

  string(): string {
    const length = this.length();
    const start = this.at;
    this.at += length;
    return this.buffer.toString('utf8', start, this.at);
  }

  /** A reader over an embedded message. */
  message(): Reader {
    const length = this.length();
    const start = this.at;
    this.at += length;
    return new Reader(this.buffer, start, this.at);
  }

  skip(): void {
    switch (this.wireType) {
      case WireType.varint:
        this.uint64();
        return;
      case WireType.fixed64:
        this.advance(8);
        return;
      case WireType.bytes:
        this.advance(this.length());
        return;
      case WireType.fixed32:
        this.advance(4);
        return;
      default:
        throw new MalformedMessage(`wire type ${this.wireType}`);
    }
  }

  private length(): number {
    if (this.wireType !== WireType.bytes) throw new MalformedMessage(`field ${this.field} is not length-delimited`);
    const length = Number(this.uint64());
    if (length > this.end - this.at) throw new MalformedMessage(`field ${this.field} runs past its message`);
    return length;
  }

  private advance(count: number): void {
    if (count > this.end - this.at) throw new MalformedMessage('message is cut off');
    this.at += count;
  }

  private byte(): number {
    if (this.at >= this.end) throw new MalformedMessage('message is cut off');
    return this.buffer[this.at++]!;
  }
}

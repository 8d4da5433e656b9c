/** Writes protocol buffers. Meant for answers of a few hundred bytes; events are framed by hand where they are read. */
export class Writer {
  private buffer = Buffer.allocUnsafe(128);
  private at = 0;

  uint(field: number, value: number | bigint): this {
    this.tag(field, 0);
    return this.varint(value);
  }

  bool(field: number, value: boolean): this {
    return value ? this.uint(field, 1) : this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.tag(field, 2);
    this.varint(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, value: Writer): this {
    return this.bytes(field, value.view());
  }

  /** An embedded message without fields; how the protocol spells "this case of the union". */
  empty(field: number): this {
    this.tag(field, 2);
    return this.varint(0);
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  private view(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  private tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType);
  }

  private varint(value: number | bigint): this {
    this.reserve(10);
    this.at = writeVarint(this.buffer, this.at, value);
    return this;
  }

  private reserve(count: number): void {
    if (this.at + count <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + count));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

export const varintLength = (value: number): number => {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
};

/** Writes at `at` and returns the offset behind it. Numbers must be exact; larger values come as bigint. */
export const writeVarint = (buffer: Buffer, at: number, value: number | bigint): number => {
  let offset = at;
  if (typeof value === 'bigint') {
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      buffer[offset++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    buffer[offset++] = Number(rest);
    return offset;
  }
  let rest = value;
  while (rest >= 0x8000_0000) {
    buffer[offset++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest >= 0x80) {
    buffer[offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[offset++] = rest;
  return offset;
};

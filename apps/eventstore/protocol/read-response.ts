import { framed } from '../grpc/call';
import { eventOf, headerBytes, idOf, positionOf } from '../log/record';
import { varintLength, Writer, writeVarint } from '../protobuf/writer';
import { streamIdentifier } from './stream-identifier';
import { structuredUuid } from './uuid';

const idFieldBytes = 40;

/** Gathers framed ReadResp messages, so that many events leave in one write. */
export class EventFrames {
  private buffer = Buffer.allocUnsafeSlow(16 * 1024);
  private at = 0;

  constructor(private readonly structuredIds: boolean) {}

  get length(): number {
    return this.at;
  }

  /** Adds an event; with a link both records, or only the link when its target is gone (`null`). */
  add(record: Buffer, target: Buffer | null | undefined): void {
    const event = target === undefined ? record : target;
    const link = target === undefined ? undefined : record;
    const eventBytes = event ? this.recorded(event) : undefined;
    const linkBytes = link && this.recorded(link);
    const position = positionOf(record);
    const body = fieldLength(eventBytes) + fieldLength(linkBytes) + 1 + varintLength(position);
    const message = 1 + varintLength(body) + body;
    this.reserve(5 + message);
    const { buffer } = this;
    buffer[this.at] = 0;
    buffer.writeUInt32BE(message, this.at + 1);
    buffer[this.at + 5] = 0x0a;
    this.at = writeVarint(buffer, this.at + 6, body);
    if (eventBytes) this.field(0x0a, eventBytes);
    if (linkBytes) this.field(0x12, linkBytes);
    buffer[this.at++] = 0x18;
    this.at = writeVarint(buffer, this.at, position);
  }

  addMessage(message: Buffer): void {
    this.reserve(message.length);
    this.at += message.copy(this.buffer, this.at);
  }

  /** Takes what has been gathered. */
  take(): Buffer {
    const frames = this.buffer.subarray(0, this.at);
    // A half-empty buffer goes on being filled behind what was taken.
    this.buffer = this.buffer.subarray(this.at);
    this.at = 0;
    return frames;
  }

  private field(tag: number, bytes: Buffer): void {
    this.buffer[this.at++] = tag;
    this.at = writeVarint(this.buffer, this.at, bytes.length);
    this.at += bytes.copy(this.buffer, this.at);
  }

  private recorded(record: Buffer): Buffer {
    if (!this.structuredIds) return eventOf(record);
    const id = new Writer().message(1, structuredUuid(idOf(record))).finish();
    return Buffer.concat([id, record.subarray(headerBytes + idFieldBytes)]);
  }

  private reserve(count: number): void {
    if (this.at + count <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(64 * 1024, this.at + count));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

const fieldLength = (bytes: Buffer | undefined): number => (bytes ? 1 + varintLength(bytes.length) + bytes.length : 0);

export const confirmation = (subscriptionId: string): Buffer =>
  framed(new Writer().message(2, new Writer().string(1, subscriptionId)).finish());
export const checkpoint = (position: number): Buffer =>
  framed(new Writer().message(3, new Writer().uint(1, position).uint(2, position)).finish());
export const streamNotFound = (stream: string): Buffer =>
  framed(new Writer().message(4, new Writer().message(1, streamIdentifier(stream))).finish());
export const firstStreamPosition = (revision: number): Buffer => framed(new Writer().uint(5, revision).finish());
export const lastStreamPosition = (revision: number): Buffer => framed(new Writer().uint(6, revision).finish());
export const caughtUp = (): Buffer => framed(new Writer().empty(8).finish());

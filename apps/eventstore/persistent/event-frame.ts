import { eventOf, headerBytes, idOf, positionOf } from '../log/record';
import { varintLength, Writer, writeVarint } from '../protobuf/writer';
import { structuredUuid } from '../protocol/uuid';

const idFieldBytes = 40;
const tags = { event: 0x0a, link: 0x12, commitPosition: 0x18, retryCount: 0x28 };

export interface DeliveredEvent {
  record: Buffer;
  /** What the record links to: `null` when that is gone, undefined when it is no link or not to be followed. */
  target: Buffer | null | undefined;
  retries: number;
}

/** A framed ReadResp with one event. The bytes of the record are copied as they are. */
export const eventFrame = ({ record, target, retries }: DeliveredEvent, structuredIds: boolean): Buffer => {
  const event = target === undefined ? record : target;
  const link = target === undefined ? undefined : record;
  const parts = [
    ...(event ? [field(tags.event, recorded(event, structuredIds))] : []),
    ...(link ? [field(tags.link, recorded(link, structuredIds))] : []),
    number(tags.commitPosition, positionOf(record)),
    number(tags.retryCount, retries),
  ].flat();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([prefix(length), ...parts]);
};

const recorded = (record: Buffer, structuredIds: boolean): Buffer => {
  if (!structuredIds) return eventOf(record);
  const id = new Writer().message(1, structuredUuid(idOf(record))).finish();
  return Buffer.concat([id, record.subarray(headerBytes + idFieldBytes)]);
};

const number = (tag: number, value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(1 + varintLength(value));
  bytes[0] = tag;
  writeVarint(bytes, 1, value);
  return bytes;
};

const field = (tag: number, value: Buffer): [Buffer, Buffer] => [number(tag, value.length), value];

/** The gRPC prefix, and the field that holds an event of this length. */
const prefix = (length: number): Buffer => {
  const message = number(tags.event, length);
  const bytes = Buffer.allocUnsafe(5 + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length + length, 1);
  message.copy(bytes, 5);
  return bytes;
};

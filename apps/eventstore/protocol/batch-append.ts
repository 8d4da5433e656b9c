import { Reader } from '../protobuf/reader';
import { Writer } from '../protobuf/writer';
import { readProposed, readTarget, type ProposedEvent, type TargetOptions } from './append-request';
import { streamIdentifier } from './stream-identifier';
import { readUuid, structuredUuid } from './uuid';

export interface BatchOptions extends TargetOptions {
  /** When the append is to be given up, in ms since 1970. */
  deadlineMs?: number;
}

export interface BatchChunk {
  /** The correlation id's message as it was sent, to be echoed byte for byte. */
  correlation: Buffer;
  correlationId: string | undefined;
  options: BatchOptions | undefined;
  events: ProposedEvent[];
  isFinal: boolean;
}

export const readBatchChunk = (reader: Reader, nowMs: number): BatchChunk => {
  const chunk: BatchChunk = {
    correlation: noBytes,
    correlationId: undefined,
    options: undefined,
    events: [],
    isFinal: false,
  };
  while (reader.next()) {
    if (reader.field === 1) {
      chunk.correlation = reader.bytes();
      chunk.correlationId = readUuid(new Reader(chunk.correlation));
    } else if (reader.field === 2) chunk.options = readBatchOptions(reader.message(), nowMs);
    else if (reader.field === 3) chunk.events.push(readProposed(reader.message()));
    else if (reader.field === 4) chunk.isFinal = reader.bool();
    else reader.skip();
  }
  return chunk;
};

const noBytes = Buffer.alloc(0);

const readBatchOptions = (reader: Reader, nowMs: number): BatchOptions => {
  const options: BatchOptions = {};
  while (reader.next()) {
    if (readTarget(reader, options)) continue;
    if (reader.field === 6) options.deadlineMs = readTime(reader.message());
    else if (reader.field === 7) options.deadlineMs = nowMs + readTime(reader.message());
    else reader.skip();
  }
  return options;
};

/** A Timestamp or a Duration, in ms: both are seconds and nanoseconds. */
const readTime = (reader: Reader): number => {
  let ms = 0;
  while (reader.next()) {
    if (reader.field === 1) ms += Number(reader.int64()) * 1_000;
    else if (reader.field === 2) ms += Number(reader.int64()) / 1_000_000;
    else reader.skip();
  }
  return ms;
};

/** What every answer to one append repeats. */
export interface BatchEcho {
  correlation: Buffer;
  stream: string | undefined;
}

const answer = ({ correlation, stream }: BatchEcho, field: number, body: Writer): Buffer => {
  const response = new Writer().bytes(1, correlation).message(field, body);
  if (stream !== undefined) response.message(4, streamIdentifier(stream));
  return response.finish();
};

export const batchSuccess = (echo: BatchEcho, revision: number, position: number | undefined): Buffer => {
  const body = new Writer();
  if (revision < 0) body.empty(2);
  else body.uint(1, revision);
  if (position === undefined) body.empty(4);
  else body.message(3, new Writer().uint(1, position).uint(2, position));
  return answer(echo, 3, body);
};

/** An error as a google.rpc.Status with a single detail. */
export const batchError = (echo: BatchEcho, code: number, message: string, type: string, detail: Writer): Buffer => {
  const any = new Writer().string(1, `type.googleapis.com/${type}`).bytes(2, detail.finish());
  return answer(echo, 2, new Writer().uint(1, code).string(2, message).message(3, any));
};

/** The correlation id in structured form, which is how the server itself spells it. */
export const structuredCorrelation = (id: string): Buffer => structuredUuid(id).finish();

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { framed, type Call } from '../grpc/call';
import { GrpcServer } from '../grpc/grpc-server';
import { recordLength, writeRecord, type NewEvent } from '../log/record';
import { Reader } from '../protobuf/reader';
import { batchSuccess, readBatchChunk } from '../protocol/batch-append';
import { readReadRequest } from '../protocol/read-request';
import { caughtUp, confirmation, EventFrames } from '../protocol/read-response';
import { streamsMessageBytesMax } from '../services/append';
import { gossip } from '../services/gossip';
import { refusal } from '../services/methods';
import { pageRecordsMax, sendPages } from '../services/paging';
import { supportedMethods } from '../services/supported-methods';

/**
 * The limit of every benchmark of the store: a server that answers the official client at once and stores nothing. It
 * counts the events of a stream, and gives as many copies of one event to whoever reads it. Ends with standard input.
 */
const dataBytes = 512;
const heads = new Map<string, number>();
const followers = new Map<string, Set<Call>>();
let total = 0;

const copies = (count: number): Buffer => {
  const data = Buffer.from(JSON.stringify({ text: 'x'.repeat(dataBytes - 17), n: 1 }));
  const noMetadata = Buffer.alloc(0);
  const event: NewEvent = { id: randomUUID(), type: Buffer.from('Copied'), json: true, data, metadata: noMetadata };
  const place = { name: Buffer.from('copies'), revision: 1, position: 1_000, createdMs: Date.now(), hidden: false };
  const record = Buffer.alloc(recordLength(event, place));
  writeRecord(record, event, place);
  const frames = new EventFrames(false);
  for (let n = 0; n < count; n += 1) frames.add(record, undefined);
  return frames.take();
};
const page = copies(pageRecordsMax);
const copyBytes = page.length / pageRecordsMax;

const answerAppends = (call: Call): void => {
  let outbox: Buffer[] = [];
  const flush = (): void => {
    const answers = outbox;
    outbox = [];
    call.write(Buffer.concat(answers));
  };
  const take = (message: Buffer): void => {
    const { options, events, correlation } = readBatchChunk(new Reader(message), Date.now());
    const stream = options?.stream ?? '';
    const head = (heads.get(stream) ?? -1) + events.length;
    heads.set(stream, head);
    total += events.length;
    if (outbox.push(framed(batchSuccess({ correlation, stream }, head, total))) === 1) queueMicrotask(flush);
    for (const follower of followers.get(stream) ?? []) follower.write(page.subarray(0, copyBytes * events.length));
  };
  call.receive(streamsMessageBytesMax, take, () => call.end());
};

const sendCopies = (call: Call, count: number): Promise<void> => {
  let remaining = count;
  return sendPages(call, () => {
    const size = Math.min(remaining, pageRecordsMax);
    remaining -= size;
    return { frames: page.subarray(0, copyBytes * size), isLast: remaining === 0 };
  });
};

const follow = (call: Call, stream: string): void => {
  const all = followers.get(stream) ?? new Set();
  followers.set(stream, all.add(call));
  call.onFinish(() => all.delete(call));
  call.write(Buffer.concat([confirmation(randomUUID()), caughtUp()]));
};

const answerReads = (call: Call): void =>
  call.receive(
    streamsMessageBytesMax,
    (message) => {
      const { source, amount } = readReadRequest(new Reader(message))!;
      const stored = source?.kind === 'stream' ? (heads.get(source.stream) ?? -1) + 1 : total;
      if (amount?.kind === 'count') void sendCopies(call, Math.min(Number(amount.count), stored));
      else if (source?.kind === 'stream') follow(call, source.stream);
      else {
        call.write(confirmation(randomUUID()));
        void sendCopies(call, stored);
      }
    },
    () => undefined,
  );

const streams = '/event_store.client.streams.Streams/';
const server = new GrpcServer(refusal);
server.offer(
  new Map([
    [`${streams}BatchAppend`, answerAppends],
    [`${streams}Read`, answerReads],
    ['/event_store.client.server_features.ServerFeatures/GetSupportedMethods', supportedMethods()],
    ['/event_store.client.gossip.Gossip/Read', gossip(randomUUID())],
  ]),
);
process.stdin.on('end', () => process.exit(0)).resume();
void server.listen({ host: '127.0.0.1', port: 0 }).then(() => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`eventstore ready on esdb://127.0.0.1:${port}?tls=false\n`);
});

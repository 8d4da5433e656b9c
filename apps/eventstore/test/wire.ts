import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { framed } from '../grpc/call';
import { Deframer } from '../grpc/deframer';
import { Writer } from '../protobuf/writer';

/** Calls as bytes on HTTP/2, for what no client would send. */
export interface Answer {
  /** The gRPC status; undefined when the stream ended without one. */
  status: number | undefined;
  messages: number;
}

export interface Sending {
  chunks: readonly Uint8Array[];
  /** Whether the client's side is closed after the chunks. */
  halfClose: boolean;
  headers?: Record<string, string>;
  /** The call is broken off after so long without an answer. */
  msMax: number;
}

export const openSession = (endpoint: string): ClientHttp2Session => {
  const session = connect(`http://${/127\.0\.0\.1:\d+/.exec(endpoint)![0]}`);
  session.on('error', () => undefined);
  return session;
};

export const callRaw = (
  session: ClientHttp2Session,
  path: string,
  { chunks, halfClose, headers, msMax }: Sending,
): Promise<Answer> =>
  new Promise((resolve) => {
    const stream = session.request({
      ...{ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers },
    });
    const answer: Answer = { status: undefined, messages: 0 };
    const note = (fields: IncomingHttpHeaders): void => {
      if (fields['grpc-status'] !== undefined) answer.status = Number(fields['grpc-status']);
    };
    stream
      .on('response', note)
      .on('trailers', note)
      .on('error', () => undefined);
    stream.on('data', () => (answer.messages += 1));
    const over = (): void => {
      timers.forEach(clearTimeout);
      stream.destroy();
      resolve(answer);
    };
    // Node's client never closes a stream that the server has left while something was still to be written.
    const timers = [
      setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), msMax),
      setTimeout(() => over(), 2 * msMax),
    ];
    stream.on('close', over);
    for (const chunk of chunks) stream.write(chunk);
    if (halfClose) stream.end();
  });

/** Sends whole messages, closes the client's side and gathers what comes back. */
export const exchange = (session: ClientHttp2Session, path: string, requests: readonly Writer[]): Promise<Buffer[]> =>
  new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
    const answers: Buffer[] = [];
    const deframer = new Deframer(2 ** 24, () => undefined);
    stream.on('data', (chunk: Buffer) => deframer.push(chunk, (message) => answers.push(Buffer.from(message))));
    stream.on('error', reject).on('end', () => resolve(answers));
    for (const request of requests) stream.write(framed(request.finish()));
    stream.end();
  });

const streams = '/event_store.client.streams.Streams/';
const groups = '/event_store.client.persistent_subscriptions.PersistentSubscriptions/';

const streamNamed = (name: string): Writer => new Writer().bytes(3, Buffer.from(name));
const uuid = (): Writer => new Writer().string(2, '7d5d3c9e-6f0b-4f0e-9d5a-3f1f5f6c8a11');
const none = (): Writer => new Writer();
const proposed = (data: string): Writer =>
  new Writer()
    .message(1, uuid())
    .message(2, new Writer().string(1, 'type').string(2, 'Fuzzed'))
    .message(2, new Writer().string(1, 'content-type').string(2, 'application/json'))
    .bytes(3, Buffer.from('{"a":1}'))
    .bytes(4, Buffer.from(data));
const filter = (): Writer => new Writer().message(1, new Writer().string(1, '^fuzz-')).uint(3, 32).uint(5, 1);
const read = (source: number, target: Writer): Writer =>
  new Writer().message(
    1,
    new Writer()
      .message(source, target)
      .uint(3, 1)
      .uint(5, 20)
      .message(source === 2 ? 7 : 8, source === 2 ? filter() : none())
      .message(9, new Writer().message(2, none())),
  );
const target = (): Writer => new Writer().message(1, streamNamed('fuzz-1')).message(4, none());
const groupOptions = (): Writer =>
  new Writer()
    .message(1, streamNamed('fuzz-1'))
    .string(2, 'group')
    .message(3, new Writer().uint(2, 1).uint(5, 3).uint(8, 10).uint(9, 10).uint(10, 20));

export interface Sample {
  path: string;
  messages: Buffer[];
}

const sample = (path: string, ...messages: Writer[]): Sample => ({
  path,
  messages: messages.map((message) => framed(message.finish())),
});

/** What well-behaved clients send, for spoiling. */
export const samples: readonly Sample[] = [
  sample(`${streams}Read`, read(1, new Writer().message(1, streamNamed('fuzz-1')).message(3, none()))),
  sample(`${streams}Read`, read(2, new Writer().message(2, none()))),
  sample(`${streams}Append`, new Writer().message(1, target()), new Writer().message(2, proposed('{"n":1}'))),
  sample(
    `${streams}BatchAppend`,
    new Writer().message(1, uuid()).message(2, target()).message(3, proposed('{"n":2}')).uint(4, 1),
  ),
  sample(`${streams}Delete`, new Writer().message(1, target())),
  sample(`${streams}Tombstone`, new Writer().message(1, target())),
  sample(`${groups}Create`, new Writer().message(1, groupOptions())),
  sample(`${groups}Update`, new Writer().message(1, groupOptions())),
  sample(
    `${groups}Read`,
    new Writer().message(
      1,
      new Writer()
        .message(1, streamNamed('fuzz-1'))
        .string(2, 'group')
        .uint(3, 10)
        .message(4, new Writer().message(2, none())),
    ),
    new Writer().message(2, new Writer().string(1, 'group').message(2, uuid())),
    new Writer().message(3, new Writer().message(2, uuid()).uint(3, 1).string(4, 'because')),
  ),
  sample(`${groups}GetInfo`, new Writer().message(1, groupOptions())),
  sample(`${groups}ReplayParked`, new Writer().message(1, groupOptions())),
  sample(`${groups}List`, new Writer().message(1, new Writer().message(1, none()))),
  sample(`${groups}Delete`, new Writer().message(1, groupOptions())),
  sample('/event_store.client.gossip.Gossip/Read', none()),
  sample('/event_store.client.monitoring.Monitoring/Stats', new Writer().uint(1, 0).uint(2, 100)),
  sample('/event_store.client.server_features.ServerFeatures/GetSupportedMethods', none()),
  sample('/event_store.client.users.Users/Create', none()),
  sample('/nobody.Knows/This', none()),
];

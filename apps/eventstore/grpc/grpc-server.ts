import { createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Session } from 'node:http2';
import type { ListenOptions, Socket } from 'node:net';
import { Budget } from './budget';
import { Call, framed } from './call';
import { Status, StatusError } from './status';

/** A method takes over the call: it receives, writes, and ends or fails it. */
export type Method = (call: Call, context: CallContext) => void;
/** By path, `/package.Service/Method`. */
export type Methods = Map<string, Method>;

export interface CallContext {
  /** `host:port` under which the client reached the server. */
  authority: string;
  /** What the client calls its connection, for those who look at who is connected. */
  connectionName: string;
}

/** A connection carries this many calls at a time, as on the real server; the next one waits in the client. */
const callsPerConnectionMax = 100;
const receiveWindowBytes = 1 << 20;
const closeGraceMs = 500;
const messageBytesMax = 4 * 1024 * 1024;
const unfinishedBytesMax = 48 * 1024 * 1024;

/** gRPC over cleartext HTTP/2: routes calls to methods, and nothing else. */
export class GrpcServer {
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly sockets = new Set<Socket>();
  private readonly calls = new Set<Call>();
  private readonly budget = new Budget(unfinishedBytesMax);
  private readonly server: Http2Server;

  private methods: Methods = new Map();

  constructor(private readonly refusal: (path: string) => string) {
    this.server = createServer({
      settings: { maxConcurrentStreams: callsPerConnectionMax, initialWindowSize: receiveWindowBytes },
    });
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('session', (session) => this.welcome(session));
    this.server.on('stream', (stream, headers) => {
      const call = new Call(stream, timeoutMs(headers['grpc-timeout']), this.budget);
      this.dispatch(call, headers);
    });
  }

  offer(methods: Methods): void {
    this.methods = new Map([...this.methods, ...methods]);
  }

  listen(options: ListenOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(options, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  address(): ReturnType<Http2Server['address']> {
    return this.server.address();
  }

  get connections(): number {
    return this.sessions.size;
  }

  get openCalls(): number {
    return this.calls.size;
  }

  /** Takes no new connections and calls; waits for `drained`, tells open calls that the server stops, and cuts what is left. */
  async close(drained: () => Promise<void>): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const session of this.sessions) session.close();
    await drained();
    // Answers to what was just stored leave before the calls are ended.
    await new Promise((resolve) => setImmediate(resolve));
    for (const call of this.calls) call.fail(new StatusError(Status.unavailable, 'the server is stopping'));
    const cut = setTimeout(() => this.cutOff(), closeGraceMs);
    await closed;
    clearTimeout(cut);
  }

  // A session that is closing leaves its socket to the client, who need not close it.
  private cutOff(): void {
    for (const session of this.sessions) session.destroy();
    for (const socket of this.sockets) socket.destroy();
  }

  private welcome(session: ServerHttp2Session): void {
    this.sessions.add(session);
    session.setLocalWindowSize(receiveWindowBytes);
    session.on('close', () => this.sessions.delete(session));
    session.on('error', () => session.destroy());
  }

  private dispatch(call: Call, headers: IncomingHttpHeaders): void {
    const path = String(headers[':path']);
    const method = this.methods.get(path);
    this.calls.add(call);
    call.onFinish(() => this.calls.delete(call));
    try {
      if (!method) throw new StatusError(Status.unimplemented, this.refusal(path));
      method(call, {
        authority: String(headers[':authority'] ?? ''),
        connectionName: String(headers['connection-name'] ?? '<unknown>'),
      });
    } catch (error) {
      call.fail(error);
    }
  }
}

/** A method with one request and one answer. */
export const unary =
  (answer: (request: Buffer, context: CallContext) => Uint8Array | Promise<Uint8Array>): Method =>
  (call, context) => {
    let request: Buffer | undefined;
    const respond = async (): Promise<void> => {
      try {
        if (!request) throw new StatusError(Status.internal, 'the request is missing');
        call.end(framed(await answer(request, context)));
      } catch (error) {
        call.fail(error);
      }
    };
    call.receive(
      messageBytesMax,
      (message) => {
        request ??= message;
      },
      () => void respond(),
    );
  };

const unitMs: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000001 };
const timerMsMax = 0x7fff_ffff;

const timeoutMs = (header: string | string[] | undefined): number | undefined => {
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(header ?? ''));
  if (!match) return undefined;
  const ms = Math.ceil(Number(match[1]) * unitMs[match[2]!]!);
  return ms > timerMsMax ? undefined : ms;
};

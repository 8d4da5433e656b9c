import { connect, Socket } from 'node:net';

/**
 * One kept-alive HTTP/1.1 connection that carries one call at a time.
 *
 * Written by hand because the generator shares two cores with what it measures, and Node's own client costs more than a
 * route does. It reads what our servers send: a length, no chunks, no interim answers; anything else is an error.
 */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const headEnd = Buffer.from('\r\n\r\n');
const headEndBytes = 4;

export class Connection {
  private received: Buffer[] = [];
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(
    private readonly url: URL,
    private readonly token: string,
    private socket: Socket,
  ) {
    this.listen();
  }

  static async open(url: string, token = ''): Promise<Connection> {
    const address = new URL(url);
    return new Connection(address, token, await connected(address));
  }

  async call({ method, path, headers = {}, body }: Call): Promise<Answer> {
    if (this.waiting) throw new Error('a connection carries one call at a time');
    // A server closes what was idle for long.
    if (this.socket.destroyed) {
      this.socket = await connected(this.url);
      this.listen();
    }
    const text = body === undefined ? '' : JSON.stringify(body);
    let head = `${method} ${path} HTTP/1.1\r\nhost: ${this.url.host}\r\n`;
    if (this.token) head += `authorization: Bearer ${this.token}\r\n`;
    if (body !== undefined) head += `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`;
    for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(`${head}\r\n${text}`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private listen(): void {
    this.received = [];
    this.socket.on('data', (bytes) => this.take(bytes));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the server has closed the connection')));
  }

  private take(bytes: Buffer): void {
    this.received.push(bytes);
    const all = this.received.length === 1 ? bytes : Buffer.concat(this.received);
    this.received = [all];
    const end = all.indexOf(headEnd);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.fail(new Error(`an answer without a length: ${head}`));
    const bodyFrom = end + headEndBytes;
    if (all.length < bodyFrom + Number(length)) return;
    const answer = {
      status: Number(head.slice(9, 12)),
      body: all.toString('utf8', bodyFrom, bodyFrom + Number(length)),
    };
    this.received = [];
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}

const connected = (url: URL): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });

/** @throws Error with the answer when it is not the one that was wanted; figures of refused calls mean nothing */
export const expectStatus = (answer: Answer, ...wanted: readonly number[]): Answer => {
  if (!wanted.includes(answer.status)) throw new Error(`answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  return answer;
};

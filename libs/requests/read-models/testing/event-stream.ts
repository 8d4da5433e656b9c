import { get, IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One message of an event stream; `type` is `message` unless the server gave it another. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** Reads `text/event-stream` as browsers do: a block with an id and no data moves the id and tells nothing. */
export class EventStream {
  lastId = '';
  readonly messages: Message[] = [];
  readonly remarks: string[] = [];
  hasEnded = false;
  private unread = '';
  private readonly pieces: AsyncIterator<Buffer>;

  constructor(private readonly response: IncomingMessage) {
    this.pieces = response[Symbol.asyncIterator]();
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** Reads on until the condition holds or the stream ends. @returns the messages so far */
  async until(holds: (messages: readonly Message[]) => boolean): Promise<readonly Message[]> {
    while (!holds(this.messages) && !this.hasEnded) await this.readPiece();
    return this.messages;
  }

  async count(messages: number): Promise<readonly Message[]> {
    return this.until(({ length }) => length >= messages);
  }

  close(): void {
    this.response.destroy();
  }

  private async readPiece(): Promise<void> {
    const piece = await this.pieces.next().catch(() => undefined);
    if (!piece || piece.done) {
      this.hasEnded = true;
      return;
    }
    const blocks = (this.unread + piece.value.toString()).split('\n\n');
    this.unread = blocks.pop() ?? '';
    for (const block of blocks) this.take(block);
  }

  private take(block: string): void {
    const fields = block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.replace(/^[^:]*: ?/, '')]);
    const field = (name: string): string | undefined => fields.find(([each]) => each === name)?.[1];
    this.remarks.push(...fields.filter(([name]) => name === '').map(([, text]) => text ?? ''));
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data !== undefined)
      this.messages.push({ id: this.lastId, type: field('event') ?? 'message', data: JSON.parse(data) });
  }
}

/** On a connection of its own: a pooled one would be opened anew when this one breaks, and keep the server from closing. */
export const openEventStream = (url: string, headers: Readonly<Record<string, string>>): Promise<EventStream> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false, headers }, (response) => resolve(new EventStream(response))).on('error', reject);
  });

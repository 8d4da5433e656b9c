import 'reflect-metadata';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { eventTypes } from '../../apps/domain';
import { RunningServer, startServer } from '../../apps/server/start-server';
import { Caller, Role } from '../../libs/platform/auth/caller';
import { signToken } from '../../libs/platform/auth/token';
import { Config, readConfig } from '../../libs/platform/config/config';
import { attachOrOpen } from '../../libs/platform/embedded/attach';
import { Engine } from '../../libs/platform/engine/engine';
import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { loadSecrets, Secrets } from '../../libs/platform/secrets/secrets';
import { staffCategory } from '../../libs/teams/events';
import { idOfHandle, isId } from '../../libs/teams/handles';
import { freshDataDirectory } from '../support/fresh-data';

/** The whole server as `npm start` runs it, on stores of its own in a temporary folder. */
export interface Served {
  readonly url: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly config: Config;
  readonly secrets: Secrets;
  /** Every line that the server logged, of all its lives. */
  readonly logged: readonly string[];
  /** Handles become ids as `casefold token` makes them; a customer is named by id. */
  as(role: Role, handleOrId?: string): Promise<Client>;
  /** The stores, seen by another process' engine beside the server. */
  beside<T>(work: (engine: Engine) => Promise<T>): Promise<T>;
  restart(): Promise<void>;
  /** Stops the server and leaves the folder. */
  halt(): Promise<void>;
  /** Starts the server again, after `halt`. */
  start(): Promise<void>;
  /** Stops the server and removes the folder. */
  stop(): Promise<void>;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed when it is JSON; an empty object otherwise. */
  readonly body: T;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
}

// Each has waited for two seconds; a busy machine may need some of them.
const staleAnswersMax = 15;

type HeaderValues = Readonly<Record<string, string>>;

/** One caller with a token of theirs. */
export class Client {
  constructor(
    private readonly address: () => string,
    readonly id: string,
    readonly token: string,
  ) {}

  /** Asks again, bounded, while the answer is older than the position that the path insists on. */
  async get<T>(path: string, headers: HeaderValues = {}): Promise<Answer<T>> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send<T>(path, { headers });
      if (!answer.headers.has('casefold-stale') || attempt >= staleAnswersMax) return answer;
    }
  }

  post<T = CommandAnswer>(path: string, body: unknown, headers: HeaderValues = {}): Promise<Answer<T>> {
    return this.raw(path, JSON.stringify(body), headers);
  }

  raw<T>(path: string, body: string | Buffer, headers: HeaderValues = {}): Promise<Answer<T>> {
    const bytes = new Uint8Array(Buffer.from(body));
    return this.send(path, {
      method: 'POST',
      body: bytes,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  async send<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const headers = { authorization: `Bearer ${this.token}`, ...init.headers };
    const response = await fetch(this.address() + path, { ...init, headers });
    // What is followed has no end; its first piece is there at once.
    const isEndless = response.headers.get('content-type') === 'text/event-stream';
    const text = isEndless ? await firstPiece(response) : await response.text();
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: JSON.parse(isJson && text ? text : '{}') };
  }
}

const firstPiece = async ({ body }: Response): Promise<string> => {
  const reader = body?.getReader();
  const piece = await reader?.read();
  await reader?.cancel();
  return Buffer.from(piece?.value ?? []).toString();
};

/** @param now what time it is for commands and answers, when it is not the machine's */
export const serve = async (now?: () => Date): Promise<Served> => {
  const dataDirectory = freshDataDirectory();
  const config = readConfig({ CASEFOLD_DATA: dataDirectory, PORT: '0' });
  const logged: string[] = [];
  const log: Logger = pino({ level: 'trace' }, { write: (line) => logged.push(line) });
  let server: RunningServer = await startServer(config, log, { now });
  const secrets = await loadSecrets(join(dataDirectory, 'secrets'), { create: false });

  const beside = async <T>(work: (engine: Engine) => Promise<T>): Promise<T> => {
    const stores = await attachOrOpen(config, { role: 'command' });
    const { eventStore: client, database, keystore } = stores;
    const engine = new Engine({ client, database, keystore, types: eventTypes(), ...secrets });
    try {
      return await work(engine);
    } finally {
      await engine.close();
      await stores.stop();
    }
  };
  const halt = (): Promise<void> => server.stop();
  const start = async (): Promise<void> => {
    server = await startServer(config, log, { now });
  };
  const callerOf = (role: Role, handleOrId: string): Caller => {
    if (role === 'customer') return { id: handleOrId, role };
    const id = isId(handleOrId) ? handleOrId : idOfHandle(secrets.installation, staffCategory, handleOrId);
    return { id, role, handle: handleOrId };
  };
  return {
    get url() {
      return server.url;
    },
    get port() {
      return Number(new URL(server.url).port);
    },
    ...{ dataDirectory, config, secrets, logged, beside },
    as: async (role, handleOrId = role) => {
      const caller = callerOf(role, handleOrId);
      const token = await signToken(caller, {
        ...{ key: secrets.tokenSigningKey, installation: secrets.installation, now: () => Date.now() },
      });
      return new Client(() => server.url, caller.id, token);
    },
    restart: async () => {
      await halt();
      await start();
    },
    halt,
    start,
    stop: async () => {
      await server.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
};

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventTypes } from '../../../apps/domain';
import { signToken } from '../../../libs/platform/auth/token';
import { Role } from '../../../libs/platform/auth/caller';
import { readConfig } from '../../../libs/platform/config/config';
import { attachOrOpen } from '../../../libs/platform/embedded/attach';
import { Engine } from '../../../libs/platform/engine/engine';
import { loadSecrets, Secrets } from '../../../libs/platform/secrets/secrets';
import { staffCategory } from '../../../libs/teams/events';
import { idOfHandle } from '../../../libs/teams/handles';
import { freshDataDirectory } from '../../support/fresh-data';
import { isAnswer, Order, Reply } from './order';
import { leftAfter, signal, treeOn } from './process-tree';
import { ServerOptions, ServerProcess, Stopped } from './server-process';

const answerMillisecondsMax = 30_000;
const pollMilliseconds = 10;
const goneMillisecondsMax = 10_000;

/** One caller: who they are and how they prove it. */
export interface Bearer {
  readonly id: string;
  readonly token: string;
}

/** An address that somebody waits for, perhaps over several failed starts. */
class Awaited {
  isKnown = false;
  readonly value: Promise<string>;
  private resolve: (address: string) => void = () => undefined;

  constructor() {
    this.value = new Promise((resolve) => (this.resolve = resolve));
  }

  be(address: string): void {
    this.isKnown = true;
    this.resolve(address);
  }
}

/** A data directory in a temporary folder and the server on it, one after the other. */
export class Installation {
  readonly data: string;
  private running: ServerProcess | undefined;
  private address = new Awaited();
  private readonly bearers = new Map<string, Bearer>();

  constructor(private readonly options: Omit<ServerOptions, 'data'> = {}) {
    this.data = freshDataDirectory('casefold-faults-');
  }

  get server(): ServerProcess {
    if (!this.running) throw new Error('no server was started');
    return this.running;
  }

  /** Starts a server and waits until it is ready. @param options other than those of the installation */
  async start(options: Omit<ServerOptions, 'data'> = this.options): Promise<string> {
    const url = await this.spawn(options).url();
    this.address.be(url);
    return url;
  }

  /** Starts a server without waiting for it. */
  spawn(options: Omit<ServerOptions, 'data'> = this.options): ServerProcess {
    this.running = new ServerProcess({ ...options, data: this.data });
    return this.running;
  }

  /** The server is known to be gone: whoever sends from now on waits for the next one. */
  down(): void {
    if (this.address.isKnown) this.address = new Awaited();
  }

  /** Address of the server; while there is none, resolves when there is. */
  current(): Promise<string> {
    return this.address.value;
  }

  async secrets(): Promise<Secrets> {
    return loadSecrets(join(this.data, 'secrets'), { create: false });
  }

  async bearer(role: Role, handle: string): Promise<Bearer> {
    const known = this.bearers.get(`${role} ${handle}`);
    if (known) return known;
    const { installation, tokenSigningKey: key } = await this.secrets();
    const id = idOfHandle(installation, staffCategory, handle);
    const token = await signToken({ id, role, handle }, { key, installation, now: () => Date.now() });
    this.bearers.set(`${role} ${handle}`, { id, token });
    return { id, token };
  }

  /** Sends an order once to the server that is there now. Never throws: no answer is an outcome too. */
  async send(bearer: Bearer, order: Order): Promise<Reply> {
    const url = await this.current();
    try {
      const response = await fetch(url + order.path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${bearer.token}`,
          'content-type': 'application/json',
          'idempotency-key': order.key,
        },
        body: JSON.stringify(order.body),
        signal: AbortSignal.timeout(answerMillisecondsMax),
      });
      return replyOf(response, await response.text());
    } catch (error) {
      return { outcome: 'unknown', why: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Status of `GET /health/ready`; 0 when nobody answers. */
  async readiness(): Promise<number> {
    try {
      const response = await fetch(`${await this.current()}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      await response.text();
      return response.status;
    } catch {
      return 0;
    }
  }

  /** Looks until readiness is as wanted. @returns every status on the way, without repetitions */
  async becomes(status: number, millisecondsMax: number): Promise<readonly number[]> {
    const seen: number[] = [];
    for (const deadline = Date.now() + millisecondsMax; ; await sleep(pollMilliseconds)) {
      const now = await this.readiness();
      if (seen.at(-1) !== now) seen.push(now);
      if (now === status) return seen;
      if (Date.now() > deadline) throw new Error(`readiness did not become ${status}, but ${seen.join(', ')}`);
    }
  }

  /** The stores as another process beside the server sees them; without a server they are started for the work. */
  async beside<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const stores = await attachOrOpen(readConfig({ CASEFOLD_DATA: this.data }), { role: 'a test' });
    const { eventStore: client, database, keystore } = stores;
    const engine = new Engine({ client, database, keystore, types: eventTypes(), ...(await this.secrets()) });
    try {
      return await work(engine);
    } finally {
      await engine.close();
      await stores.stop();
    }
  }

  async stop(): Promise<Stopped> {
    const stopped = await this.server.stop();
    this.down();
    return stopped;
  }

  /** Ends whatever still runs on the directory and removes it. @returns what ran */
  async remove(): Promise<readonly string[]> {
    this.down();
    signal(treeOn(this.data).all, 'SIGKILL');
    const left = await leftAfter(this.data, goneMillisecondsMax);
    rmSync(this.data, { recursive: true, force: true });
    return left;
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const replyOf = (response: Response, text: string): Reply => {
  const body = parsed(text);
  if (response.status < 300 && isAnswer(body)) {
    const { number, revision, position, events } = body;
    const replayed = response.headers.get('idempotency-replayed') === 'true';
    return { outcome: 'acknowledged', answer: { number, revision, position, events }, replayed };
  }
  const why = `${response.status} ${text.slice(0, 300)}`;
  if (response.status >= 400 && response.status < 500) return { outcome: 'refused', why };
  const said: unknown = Object(body).outcome;
  return { outcome: response.status === 503 && (said === 'not-done' || said === 'unknown') ? said : 'failed', why };
};

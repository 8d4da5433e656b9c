import { setTimeout as wait } from 'node:timers/promises';
import { Worker as Thread } from 'node:worker_threads';
import { troubleOf } from '../../libs/eventing/trouble';
import { Config } from '../../libs/platform/config/config';
import { Stores } from '../../libs/platform/embedded/stores';
import { idle, Keeper, KeeperListener, KeeperState, OnFailure } from './keeper';

/** What the thread needs to work on the same stores. */
export type KeeperGiven = Pick<Stores, 'eventStorePlace' | 'database' | 'keystore'> & { readonly config: Config };

/** What the thread says; each time also how it stands. */
export interface KeeperSays {
  readonly state: KeeperState;
  readonly leading?: true;
  readonly committed?: number;
  readonly failure?: { readonly part: string; readonly error: string };
}

export const stopWord = 'stop';

const restMilliseconds = 1_000;
const leaveMillisecondsMax = 3_000;

/**
 * Keeps the read models in a thread of its own, so that answers do not wait for folds.
 *
 * Guarantee: a thread that ends is replaced, for as long as nobody stops it; what it had not committed is folded by its successor.
 */
export class ThreadedKeeper implements Keeper {
  private known = idle;
  private readonly stopping = new AbortController();
  private thread: Thread | undefined;
  private running: Promise<void> | undefined;

  /** @param program a compiled file; in production that of `apps/keeper` */
  constructor(
    private readonly program: string,
    private readonly given: KeeperGiven,
    private readonly onFailure: OnFailure,
  ) {}

  get state(): KeeperState {
    return this.known;
  }

  start(listener: KeeperListener): void {
    this.running = this.run(listener);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { thread } = this;
    thread?.postMessage(stopWord);
    const late = setTimeout(() => void thread?.terminate(), leaveMillisecondsMax);
    await this.running;
    clearTimeout(late);
  }

  private async run(listener: KeeperListener): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const error = await this.live(listener);
      if (signal.aborted) return;
      this.known = { ...idle, fenced: this.known.fenced, trouble: troubleOf(error) };
      this.onFailure('read models', error);
      await wait(restMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns why it ended */
  private live(listener: KeeperListener): Promise<unknown> {
    const thread = new Thread(this.program, { workerData: this.given });
    this.thread = thread;
    return new Promise((resolve) => {
      thread.on('message', (says: KeeperSays) => this.hear(says, listener));
      thread.on('error', resolve);
      thread.on('exit', () => resolve(new Error('the thread that keeps the read models has ended')));
    });
  }

  private hear({ state, leading, committed, failure }: KeeperSays, listener: KeeperListener): void {
    this.known = state;
    if (leading) listener.leading();
    if (committed !== undefined) listener.committed(committed);
    if (failure) this.onFailure(failure.part, failure.error);
  }
}

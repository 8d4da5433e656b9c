import { setTimeout as sleep } from 'node:timers/promises';

export type StoreState =
  { readonly status: 'up' } | { readonly status: 'restarting' | 'down'; readonly reason: string };

/** A child that is ready for work. */
export interface Running {
  /** Resolves with the reason, in words, when it ends by itself. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts the child and resolves when it is ready. An abort ends it and rejects. */
export type Start = (signal: AbortSignal) => Promise<Running>;

const firstPauseMilliseconds = 50;
const pauseMillisecondsMax = 5_000;
// So many failures in a row are no longer a stumble: the store is called down, and tried on at the longest pause.
const failuresBeforeDown = 6;
const steadyMilliseconds = 30_000;

/** Keeps one child alive: whatever ends it, it is started again, each time a little later, until `stop`. */
export class Supervisor {
  private current: StoreState = { status: 'down', reason: 'not started' };
  private readonly stopping = new AbortController();
  private running: Running | undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly start: Start,
    private readonly onChange: (state: StoreState) => void,
  ) {}

  get state(): StoreState {
    return this.current;
  }

  /** @throws the reason why the first start failed; there is nothing to stop then */
  async begin(): Promise<void> {
    const first = await this.start(this.stopping.signal);
    this.enter(first);
    this.loop = this.keep(first);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running?.stop();
    await this.loop;
    this.become({ status: 'down', reason: 'stopped' });
  }

  private async keep(first: Running): Promise<void> {
    let child = first;
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      const since = Date.now();
      const reason = await child.ended;
      this.running = undefined;
      if (this.stopping.signal.aborted) return;
      this.become({ status: 'restarting', reason });
      failures = Date.now() - since > steadyMilliseconds ? 0 : failures + 1;
      const next = await this.restart(failures);
      if (!next) return;
      child = next;
    }
  }

  /** @returns undefined when it was told to stop */
  private async restart(failuresBefore: number): Promise<Running | undefined> {
    for (let failures = failuresBefore; !this.stopping.signal.aborted; failures++) {
      await this.pause(failures);
      if (this.stopping.signal.aborted) break;
      try {
        const next = await this.start(this.stopping.signal);
        if (this.stopping.signal.aborted) return void (await next.stop());
        this.enter(next);
        return next;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.become({ status: failures + 1 < failuresBeforeDown ? 'restarting' : 'down', reason });
      }
    }
    return undefined;
  }

  private async pause(failures: number): Promise<void> {
    const milliseconds = Math.min(firstPauseMilliseconds * 2 ** failures, pauseMillisecondsMax);
    // Only `stop` interrupts the pause, and the loop looks at that itself.
    await sleep(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private enter(child: Running): void {
    this.running = child;
    this.become({ status: 'up' });
  }

  private become(state: StoreState): void {
    if (this.stopping.signal.aborted && state.status !== 'down') return;
    this.current = state;
    this.onChange(state);
  }
}

import type { Call } from '../grpc/call';
import type { EventLog } from '../log/event-log';

type Waiter = () => void;

/**
 * Wakes those who have read everything when more has been committed. A waiter looks at the log, finds nothing new and
 * waits, all in one turn; a commit is announced in a turn of its own, so none can fall in between.
 */
export class Wakeups {
  private all = new Set<Waiter>();
  private readonly byStream = new Map<string, Set<Waiter>>();

  constructor(log: EventLog) {
    log.onCommit(({ streams }) => {
      const waiters = this.all;
      this.all = new Set();
      for (const wake of [...waiters]) wake();
      for (const stream of streams) this.wakeStream(stream);
    });
  }

  /** Resolves at the next commit, or when the call is over. */
  nextCommit(call: Call): Promise<void> {
    return this.wait(call, this.all);
  }

  /** The same for commits that change one stream. */
  nextCommitOf(stream: string, call: Call): Promise<void> {
    const waiters = this.byStream.get(stream) ?? new Set();
    this.byStream.set(stream, waiters);
    return this.wait(call, waiters, () => this.forget(stream, waiters));
  }

  private wait(call: Call, waiters: Set<Waiter>, left?: () => void): Promise<void> {
    if (call.finished) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        waiters.delete(wake);
        left?.();
        call.offFinish(wake);
        resolve();
      };
      waiters.add(wake);
      call.onFinish(wake);
    });
  }

  private wakeStream(stream: string): void {
    const waiters = this.byStream.get(stream);
    if (!waiters) return;
    this.byStream.delete(stream);
    for (const wake of [...waiters]) wake();
  }

  private forget(stream: string, waiters: Set<Waiter>): void {
    if (waiters.size === 0 && this.byStream.get(stream) === waiters) this.byStream.delete(stream);
  }
}

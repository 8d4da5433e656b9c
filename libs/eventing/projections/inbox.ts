import { setTimeout as wait } from 'node:timers/promises';
import { AllStreamSubscription } from '@eventstore/db-client';
import { StoredEvent } from '../event';
import { storedEvent } from '../event-store.adapter';

/** What a subscription brings until somebody takes it. Its sender is held back while too much waits. */
const waitingEventsMax = 8_000;
const holdMilliseconds = 5;

export class Inbox {
  private readonly waiting: StoredEvent[] = [];
  private signal: () => void = () => undefined;
  private hasCaughtUp = false;
  private readonly ended: Promise<never>;

  constructor(subscription: AllStreamSubscription) {
    subscription.on('caughtUp', () => (this.hasCaughtUp = true));
    this.ended = this.read(subscription);
    // Heard by whoever waits for an arrival.
    this.ended.catch(() => undefined);
  }

  get size(): number {
    return this.waiting.length;
  }

  /** Whether everything there was at first has been taken in. */
  get isCaughtUp(): boolean {
    return this.hasCaughtUp;
  }

  take(eventsMax: number): readonly StoredEvent[] {
    return this.waiting.splice(0, eventsMax);
  }

  /** Resolves when something is there to be taken. @throws why nothing will come any more */
  async arrival(): Promise<void> {
    while (!this.waiting.length)
      await Promise.race([new Promise<void>((resolve) => (this.signal = resolve)), this.ended]);
  }

  private async read(subscription: AllStreamSubscription): Promise<never> {
    for await (const resolved of subscription) {
      const event = storedEvent(resolved);
      if (event) this.waiting.push(event);
      this.signal();
      // Not asking for more is what holds the sender back.
      while (this.waiting.length >= waitingEventsMax) await wait(holdMilliseconds);
    }
    throw new Error('the subscription has ended');
  }
}

import type { Entry } from './entry';
import { Latencies } from './latencies';
import type { Taker } from './strategy';

/** The way to a connected client. */
export interface Receiver {
  /** False while so much waits for the client to read that nothing should be added. */
  readonly isReady: boolean;
  send(delivery: Delivery): void;
  /** Ends the call: the group is gone, or not what it was. */
  drop(): void;
}

/** An entry on its way to a consumer, or waiting there for an answer. */
export interface Delivery {
  readonly entry: Entry;
  readonly consumer: Consumer;
  readonly sentMs: number;
  /** False once it is answered, timed out or lost with its consumer. */
  isOpen: boolean;
}

/** No consumer gets more than this without answering, however much it asks for. */
const heldMax = 100_000;

/** One connected client: how much it has been sent, and how much it may still be sent. */
export class Consumer implements Taker {
  readonly deliveries = new Set<Delivery>();
  readonly latencies: Latencies | undefined;
  total = 0;
  totalWhenMeasured = 0;

  constructor(
    readonly receiver: Receiver,
    private readonly slots: number,
    readonly connectionName: string,
    extraStatistics: boolean,
    private readonly send: (entry: Entry, consumer: Consumer) => void,
  ) {
    this.latencies = extraStatistics ? new Latencies() : undefined;
  }

  get held(): number {
    return this.deliveries.size;
  }

  /** What the client asked for less what it has, which may be what was taken back from it. */
  get availableSlots(): number {
    return this.slots - this.held;
  }

  get room(): number {
    return this.receiver.isReady ? Math.min(this.slots, heldMax) - this.held : 0;
  }

  heldByBucket(): Map<number, number> {
    const held = new Map<number, number>();
    for (const { entry } of this.deliveries) held.set(entry.bucket, (held.get(entry.bucket) ?? 0) + 1);
    return held;
  }

  take(entry: Entry): void {
    this.total += 1;
    this.send(entry, this);
  }
}

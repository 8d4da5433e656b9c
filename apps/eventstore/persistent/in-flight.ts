import type { Consumer, Delivery } from './consumer';
import type { Entry } from './entry';

/**
 * What consumers have and have not answered for, by the id they answer with. The same id may be out more than once,
 * since a stream may hold it twice; each answer then settles one of them.
 */
export class InFlight {
  private readonly byId = new Map<string, Delivery[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(entry: Entry, consumer: Consumer, sentMs: number): Delivery {
    const delivery: Delivery = { entry, consumer, sentMs, isOpen: true };
    const same = this.byId.get(entry.id);
    if (same) same.push(delivery);
    else this.byId.set(entry.id, [delivery]);
    consumer.deliveries.add(delivery);
    this.count += 1;
    return delivery;
  }

  /** Takes out what an answer from this consumer is about: its own delivery, or another's of the same event. */
  answered(id: string, consumer: Consumer, nowMs: number): Delivery | undefined {
    const same = this.byId.get(id);
    const delivery = same?.find((candidate) => candidate.consumer === consumer) ?? same?.[0];
    if (!delivery) return undefined;
    delivery.consumer.latencies?.add(nowMs - delivery.sentMs);
    this.remove(delivery);
    return delivery;
  }

  /** Takes out what was sent before a time, oldest place first. */
  sentBefore(ms: number): Delivery[] {
    const found = [...this.byId.values()].flat().filter(({ sentMs }) => sentMs <= ms);
    for (const delivery of found) this.remove(delivery);
    return found.sort(byPlace);
  }

  /** Takes out all that a consumer has, oldest place first. */
  of(consumer: Consumer): Delivery[] {
    const found = [...consumer.deliveries];
    for (const delivery of found) this.remove(delivery);
    return found.sort(byPlace);
  }

  remove(delivery: Delivery): void {
    const { id } = delivery.entry;
    const same = this.byId.get(id)?.filter((other) => other !== delivery) ?? [];
    if (same.length > 0) this.byId.set(id, same);
    else this.byId.delete(id);
    delivery.consumer.deliveries.delete(delivery);
    delivery.isOpen = false;
    this.count -= 1;
  }
}

const order = ({ entry: { origin } }: Delivery): number =>
  origin.from === 'source' ? origin.place : Number.MAX_SAFE_INTEGER / 2 + origin.revision;
const byPlace = (a: Delivery, b: Delivery): number => order(a) - order(b);

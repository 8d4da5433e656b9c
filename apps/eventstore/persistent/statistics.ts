import type { Consumer } from './consumer';
import type { Group } from './group';

/** Events since somebody last asked, which is how the real server measures. */
export interface Measured {
  total: number;
  since: number;
  perSecond: number;
}

export class Statistics {
  private lastMs = performance.now();
  private lastTotal = 0;

  /** Measures a group and its consumers, from the last time to now. */
  measure(group: Group): { group: Measured; consumers: Map<Consumer, Measured> } {
    const nowMs = performance.now();
    const seconds = (nowMs - this.lastMs) / 1_000;
    const rate = (total: number, before: number): Measured => ({
      total,
      since: total - before,
      perSecond: seconds > 0 ? Math.trunc((total - before) / seconds) : 0,
    });
    const consumers = new Map<Consumer, Measured>();
    for (const consumer of group.consumers) {
      consumers.set(consumer, rate(consumer.total, consumer.totalWhenMeasured));
      consumer.totalWhenMeasured = consumer.total;
    }
    const measured = { group: rate(group.total, this.lastTotal), consumers };
    this.lastMs = nowMs;
    this.lastTotal = group.total;
    return measured;
  }
}

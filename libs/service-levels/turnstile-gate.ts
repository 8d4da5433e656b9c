/**
 * Lets pieces of work of one epoch pass side by side, and those of the next only after all of them are out.
 *
 * Guarantee: whatever is written inside is written in the order of epochs, and nothing is inside while it is closed. An epoch is
 * the instant at which it began; who comes late with an earlier one is let in under the present one.
 */
export class TurnstileGate {
  private inside = 0;
  private epoch = 0;
  private closed = false;
  private waiting: (() => void)[] = [];

  /** @param epochOf asked again whenever something has changed @param work gets the epoch that it is in */
  async pass<T>(epochOf: () => number, work: (epoch: number) => Promise<T>): Promise<T> {
    while (this.closed || (this.inside > 0 && epochOf() > this.epoch)) await this.change();
    this.epoch = Math.max(this.epoch, epochOf());
    this.inside++;
    try {
      return await work(this.epoch);
    } finally {
      this.inside--;
      this.tell();
    }
  }

  /** @param from epoch of all who pass from now on @param work runs alone */
  async close<T>(from: number, work: () => Promise<T>): Promise<T> {
    while (this.closed) await this.change();
    this.closed = true;
    try {
      while (this.inside > 0) await this.change();
      const done = await work();
      this.epoch = Math.max(this.epoch, from);
      return done;
    } finally {
      this.closed = false;
      this.tell();
    }
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private tell(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/**
 * Numbers that are taken up in rising order, each with what is known of it, and finished in any order; tells the lowest
 * that is not finished. A single one that stays unfinished does not make it grow: what is finished behind it is thrown
 * out once it is more than half of all.
 */
export class Unfinished<T> {
  private order: number[] = [];
  private head = 0;
  private readonly open = new Map<number, T>();

  get size(): number {
    return this.open.size;
  }

  /** Numbers kept in memory, finished ones among them. */
  get held(): number {
    return this.order.length;
  }

  add(sequence: number, known: T): void {
    this.order.push(sequence);
    this.open.set(sequence, known);
  }

  finish(sequence: number): void {
    this.open.delete(sequence);
    while (this.head < this.order.length && !this.open.has(this.order[this.head]!)) this.head += 1;
    if (this.order.length > 2 * this.open.size + slack) this.compact();
  }

  get lowest(): { sequence: number; known: T } | undefined {
    const sequence = this.order[this.head];
    const known = sequence === undefined ? undefined : this.open.get(sequence);
    return sequence === undefined || known === undefined ? undefined : { sequence, known };
  }

  private compact(): void {
    this.order = this.order.filter((sequence) => this.open.has(sequence));
    this.head = 0;
  }
}

const slack = 64;

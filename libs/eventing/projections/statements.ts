/**
 * Statements of one transaction, one after the other: the database works on them while the next projection is folded. After one that
 * failed no other is sent.
 */
export class Statements {
  private last: Promise<unknown>;

  /** @param before what must have succeeded before the first statement is sent */
  constructor(before: Promise<unknown>) {
    this.last = before;
  }

  send<T>(statement: () => Promise<T>): Promise<T> {
    const sent = this.last.then(statement);
    sent.catch(() => undefined);
    this.last = sent;
    return sent;
  }

  /** @throws what the first statement that failed did */
  async done(): Promise<void> {
    await this.last;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Bearer, Installation } from './installation';
import { Journal, Sent } from './journal';
import { caseOrder, lifeOf, openOrder, Order } from './order';
import { Random } from './random';

/**
 * People at work: each opens cases and leads them through their lives, and now and then writes a note on a case that all of
 * them share. After an unknown outcome a writer either asks again at once or leaves the case alone, so that the order can be
 * sent again at the end and must then succeed.
 */
const handles = ['alice', 'bob', 'carol'] as const;
const twinChance = 0.08;
const shareChance = 0.3;
const askAgainChance = 0.5;
const attemptsMax = 40;
const pauseMilliseconds = { least: 0, most: 12 };
const askAgainMilliseconds = 100;
const casesPerShared = 40;

export class Writers {
  readonly journal = new Journal();
  private stopping = false;
  private readonly work: Promise<unknown>;
  private shared: string | undefined;
  private opened = 0;

  /** @param limits how much is sent altogether, so that a run has an end of its own */
  constructor(
    private readonly installation: Installation,
    count: number,
    random: Random,
    private readonly ordersMax = Infinity,
  ) {
    this.work = Promise.all(Array.from({ length: count }, (_, index) => this.write(index, random.fork())));
  }

  get acknowledged(): number {
    return this.journal.with('acknowledged').length;
  }

  /** Lets everybody finish the order at hand. */
  async stop(): Promise<Journal> {
    this.stopping = true;
    await this.work;
    return this.journal;
  }

  private get done(): boolean {
    return this.stopping || this.journal.sent.length >= this.ordersMax;
  }

  private async write(index: number, random: Random): Promise<void> {
    const bearer = await this.installation.bearer('agent', handles[index % handles.length] ?? 'alice');
    for (let turn = 0; !this.done; turn++) {
      const key = `w${index}-${turn}`;
      const opened = await this.send(bearer, openOrder(bearer.id, key, customerOf(index, random)), random);
      const number = opened?.answer?.number;
      if (number !== undefined) await this.lead(bearer, key, number, random);
    }
  }

  private async lead(bearer: Bearer, key: string, number: string, random: Random): Promise<void> {
    if (this.opened++ % casesPerShared === 0) this.shared = number;
    for (const order of lifeOf(bearer.id, key, number)) {
      if (this.done || !(await this.send(bearer, order, random))) return;
      if (this.shared !== undefined && random.chance(shareChance)) {
        const note = caseOrder(bearer.id, `${order.key}-note`, this.shared, 'note', { text: `note of ${order.key}` });
        await this.send(bearer, note, random);
      }
    }
  }

  /** @returns undefined when the outcome is unknown and was left so */
  private async send(bearer: Bearer, order: Order, random: Random): Promise<Sent | undefined> {
    const sent = this.journal.add(order);
    const twin = random.chance(twinChance) ? this.attempt(bearer, sent) : undefined;
    await Promise.all([this.attempt(bearer, sent), twin]);
    for (let attempt = 1; isOpen(sent) && attempt < attemptsMax && random.chance(askAgainChance); attempt++) {
      if (this.stopping) break;
      await sleep(askAgainMilliseconds);
      await this.attempt(bearer, sent);
    }
    await sleep(random.between(pauseMilliseconds.least, pauseMilliseconds.most));
    return isOpen(sent) ? undefined : sent;
  }

  private async attempt(bearer: Bearer, sent: Sent): Promise<void> {
    sent.replies.push(await this.installation.send(bearer, sent.order));
  }
}

const isOpen = ({ outcome }: Sent): boolean => outcome === 'unknown' || outcome === 'not-done';

/** Half of the customers are known by their address and come again. */
const customerOf = (index: number, random: Random): object =>
  random.chance(0.5)
    ? { name: `Customer ${index}`, email: `customer-${index}-${random.between(1, 5)}@example.org` }
    : { name: `Passer-by ${index}` };

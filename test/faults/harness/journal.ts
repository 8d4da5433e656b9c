import { isDeepStrictEqual } from 'node:util';
import { Order, OrderAnswer, Reply } from './order';

export type Outcome = Reply['outcome'];

/** An order with every answer that it got. */
export class Sent {
  readonly replies: Reply[] = [];

  constructor(readonly order: Order) {}

  /** The first acknowledgement: what the caller was promised. */
  get answer(): OrderAnswer | undefined {
    const found = this.replies.find((reply) => reply.outcome === 'acknowledged');
    return found?.outcome === 'acknowledged' ? found.answer : undefined;
  }

  /** What the caller may conclude from all the answers: one attempt of unknown outcome leaves the order unknown. */
  get outcome(): Outcome {
    const has = (outcome: Outcome): boolean => this.replies.some((reply) => reply.outcome === outcome);
    const strongest: readonly Outcome[] = ['failed', 'acknowledged', 'refused', 'unknown', 'not-done'];
    return strongest.find(has) ?? 'unknown';
  }

  /** Whether all acknowledgements say the same. */
  get agrees(): boolean {
    const answers = this.replies.flatMap((reply) => (reply.outcome === 'acknowledged' ? [reply.answer] : []));
    return answers.every((answer) => isDeepStrictEqual(answer, answers[0]));
  }
}

/** Everything that was sent, kept outside of the server and its stores. */
export class Journal {
  readonly sent: Sent[] = [];

  add(order: Order): Sent {
    const sent = new Sent(order);
    this.sent.push(sent);
    return sent;
  }

  with(outcome: Outcome): readonly Sent[] {
    return this.sent.filter((each) => each.outcome === outcome);
  }

  /** Orders that an answer was missing for at some moment, whatever became of them. */
  get everUnknown(): number {
    return this.sent.filter(({ replies }) => replies.some(({ outcome }) => outcome === 'unknown')).length;
  }
}

import { Injectable } from '@nestjs/common';
import { byStream } from '../../../eventing/by-stream';
import { keyOf, Recorded, StoredEvent, streamOf } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { readStreams } from '../../../eventing/projections/projection-store.adapter';
import { Rejection } from '../../../eventing/rejection';
import { erased } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { RequestEventOf } from '../../../requests/events';
import { customerEvolution, registerCustomer } from '../../customer';
import { customerCategory } from '../../events';

type Opened = Recorded<RequestEventOf<'RequestOpened'>>;

const isOpened = (event: Recorded): event is Opened => event.type === 'RequestOpened';

/** Who is erased while we look needs no registration any more. */
const unlessErased = (error: unknown): void => {
  if (!(error instanceof Rejection && error.code === 'PERSON_ERASED')) throw error;
};

const customersOf = (events: readonly StoredEvent[]): ReadonlySet<string> =>
  new Set(
    events.flatMap(({ data }) =>
      typeof data === 'object' && data && 'customer' in data && typeof data.customer === 'string'
        ? [data.customer]
        : [],
    ),
  );

/** Registers the customer whom an opening described. */
@Injectable()
export class CustomerRegistration {
  constructor(private readonly engine: Engine) {}

  process(): Process {
    return {
      name: 'register-customer',
      types: ['RequestOpened'],
      prepare: (events) => this.remember(customersOf(events)),
      react: async (event) => {
        if (isOpened(event)) await this.register(event).catch(unlessErased);
      },
    };
  }

  private async remember(customers: ReadonlySet<string>): Promise<void> {
    const streams = [...customers].filter((id) => !this.isKnown(id)).map((id) => streamOf(customerCategory, id));
    const { runner, pool } = this.engine;
    if (!streams.length) return;
    for (const [stream, history] of byStream(await readStreams(pool, streams)))
      runner.remember(customerEvolution(keyOf(stream)), history);
  }

  /** Whoever was registered once stays so, erased or not: what is remembered is enough. */
  private isKnown(customer: string): boolean {
    const known = this.engine.runner.remembered(customerEvolution(customer), customer);
    return known !== undefined && known.status !== 'unknown';
  }

  private async register(event: Opened): Promise<void> {
    const { customer, number, contact } = event.data;
    if (this.isKnown(customer)) return;
    // Whoever came without a word about themselves is registered too: they can be found, and erased, like all others.
    const { name = null, email, phone } = (await this.engine.unsealer.open(contact, true)) ?? {};
    // Erased meanwhile: there is nobody to register any more.
    if (name === erased) return;
    await this.engine.runner.execute({
      evolution: customerEvolution(customer),
      key: customer,
      expects: 'any',
      body: { name, email, phone },
      context: reactionContext('register-customer', event, this.engine.now()),
      decide: (state) => registerCustomer({ kind: 'person', name, email, phone, request: number }, state),
    });
  }
}

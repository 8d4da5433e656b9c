import { Injectable } from '@nestjs/common';
import { Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Rejection } from '../../../eventing/rejection';
import { erased } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { RequestEventOf } from '../../../requests/events';
import { customerEvolution, registerCustomer } from '../../customer';

type Opened = Recorded<RequestEventOf<'RequestOpened'>>;

const isOpened = (event: Recorded): event is Opened => event.type === 'RequestOpened';

/** Who is erased while we look needs no registration any more. */
const unlessErased = (error: unknown): void => {
  if (!(error instanceof Rejection && error.code === 'PERSON_ERASED')) throw error;
};

/** Registers the customer whom an opening described. */
@Injectable()
export class CustomerRegistration {
  constructor(private readonly engine: Engine) {}

  process(): Process {
    return {
      name: 'register-customer',
      types: ['RequestOpened'],
      react: async (event) => {
        if (isOpened(event)) await this.register(event).catch(unlessErased);
      },
    };
  }

  private async register(event: Opened): Promise<void> {
    const { customer, number, contact } = event.data;
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

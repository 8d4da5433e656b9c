import { keyOf, Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { erased } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { Address, ContactIndex } from '../../contact-index.adapter';
import { customerEvolution } from '../../customer';
import { CustomerEventOf } from '../../events';

const isRegistered = (event: Recorded): event is Recorded<CustomerEventOf<'CustomerRegistered'>> =>
  event.type === 'CustomerRegistered';

/** Keeps the index of addresses as the customers' records have them. */
export class ContactIndexing {
  constructor(
    private readonly engine: Engine,
    private readonly contacts: ContactIndex,
  ) {}

  process(): Process {
    return {
      name: 'index-contacts',
      types: [
        'CustomerRegistered',
        'CustomerContactPointAdded',
        'CustomerContactPointRemoved',
        'CustomerContactPointRectified',
      ],
      // Most customers never have other addresses than those that they came with.
      react: (event) => (isRegistered(event) ? this.indexFirst(event) : this.indexAll(keyOf(event.stream))),
    };
  }

  private async indexFirst({ stream, data }: Recorded<CustomerEventOf<'CustomerRegistered'>>): Promise<void> {
    const { email, phone } = await this.engine.unsealer.open({ email: data.email, phone: data.phone }, true);
    await this.contacts.add(keyOf(stream), [...addressOf('email', email), ...addressOf('phone', phone)]);
  }

  private async indexAll(customer: string): Promise<void> {
    const { state } = await this.engine.runner.load(customerEvolution(customer), customer);
    const points = state.status === 'active' ? await this.engine.unsealer.open(state.contactPoints, true) : [];
    await this.contacts.replace(
      customer,
      points.flatMap(({ channel, address }) => addressOf(channel, address)),
    );
  }
}

const addressOf = (channel: Address['channel'], address: string | undefined): readonly Address[] =>
  address === undefined || address === erased ? [] : [{ channel, address }];

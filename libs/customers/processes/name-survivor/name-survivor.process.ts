import { Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { IdentityEvent } from '../../events';
import { CustomerIdentity, survivorProcess } from '../../identity.adapter';

const isIdentityEvent = (event: Recorded): event is Recorded<IdentityEvent> =>
  event.type === 'CustomersMerged' || event.type === 'CustomersUnmerged';

/** Lets customers' own streams tell whose record stands for theirs, should the command have died before it did. */
export class SurvivorNaming {
  constructor(private readonly identity: CustomerIdentity) {}

  process(): Process {
    return {
      name: survivorProcess,
      types: ['CustomersMerged', 'CustomersUnmerged'],
      react: async (event) => {
        if (!isIdentityEvent(event)) return;
        const { commandId, $correlationId } = event.metadata;
        await this.identity.tell(event.data.customer, { id: commandId, metadata: { $correlationId } });
      },
    };
  }
}

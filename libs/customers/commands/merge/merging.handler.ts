import { Injectable } from '@nestjs/common';
import { Outcome } from '../../../eventing/command-runner';
import { streamOf } from '../../../eventing/event';
import { NotFound, RevisionMismatch } from '../../../eventing/failures';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { Customer, customerEvolution } from '../../customer';
import { CustomerTarget } from '../../customer-commands.handler';
import { customerCategory, IdentityEvent } from '../../events';
import { Identity } from '../../identity';
import { CustomerIdentity } from '../../identity.adapter';

/** Decides on the stream of merges, then lets the customer's own stream tell it; a crash in between is made good by the process. */
@Injectable()
export class Merging {
  constructor(
    private readonly engine: Engine,
    private readonly identity: CustomerIdentity,
  ) {}

  async run(
    { id, verb, caller, headers }: CustomerTarget,
    body: object,
    decide: (identity: Identity, customer: Customer) => readonly IdentityEvent[],
  ): Promise<Outcome> {
    const { state, revision } = await this.own(id);
    if (state.status === 'unknown') throw new NotFound();
    const { ifMatch, ...others } = headers;
    const target = `${streamOf(customerCategory, id)} ${verb}`;
    const context = contextOf({ caller, target, headers: { ...others, ifMatch: undefined }, now: this.engine.now() });
    const change = (identity: Identity): readonly IdentityEvent[] => {
      // The revision that the caller has seen is the customer's, not that of the stream of merges.
      if (ifMatch !== undefined && ifMatch !== revision) throw new RevisionMismatch(revision);
      return decide(identity, state);
    };
    const decided = await this.identity.change({ verb, id, ...body }, context, change, id);
    const cause = { id: context.commandId, metadata: { $correlationId: context.correlationId } };
    const told = await this.identity.tell(id, cause);
    const { events, replayed, position } = decided;
    const after = await this.own(id);
    return {
      ...{ stream: streamOf(customerCategory, id), revision: after.revision, events, replayed },
      position: told !== undefined && told > position ? told : position,
    };
  }

  private own(id: string) {
    return this.engine.runner.load(customerEvolution(id), id);
  }
}

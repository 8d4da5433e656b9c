import { Injectable } from '@nestjs/common';
import { keyOf, Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Rejection } from '../../../eventing/rejection';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { ContactIndex } from '../../contact-index.adapter';
import { completeErasure, Customer, customerEvolution, requestErasure } from '../../customer';
import { CustomerEvent, CustomerEventOf, ErasureGround } from '../../events';
import { CustomerIdentity } from '../../identity.adapter';

export interface Erased {
  readonly customer: string;
  readonly keyDestroyedAt: string;
  readonly position: bigint;
}

/** What became of everybody who is the same person. */
export interface ErasedPerson {
  readonly erased: readonly Erased[];
  /** Who is the same person and could not be erased, with the code of the refusal. */
  readonly kept: readonly { readonly customer: string; readonly code: string }[];
}

interface Order {
  readonly customer: string;
  readonly ground: ErasureGround;
  /** Id of the command that asked for it. */
  readonly cause: string;
  readonly correlationId: string;
}

const isRequested = (event: Recorded): event is Recorded<CustomerEventOf<'CustomerErasureRequested'>> =>
  event.type === 'CustomerErasureRequested';

/** Destroys the keys of a person who is to be erased, lets the derived rows go, and records that it is done. */
@Injectable()
export class Erasure {
  constructor(
    private readonly engine: Engine,
    private readonly contacts: ContactIndex,
    private readonly identity: CustomerIdentity,
  ) {}

  /**
   * Whoever is merged is one person, and erased together: what one of their records holds is about all of them. Safe to repeat.
   * Somebody who is merged with them after this has looked is unmerged again, for then their survivor is erased.
   */
  async completePerson(order: Order): Promise<ErasedPerson> {
    const erased = [await this.complete(order)];
    const kept: { customer: string; code: string }[] = [];
    for (const customer of await this.identity.sameAs(order.customer))
      if (customer !== order.customer)
        try {
          await this.request({ ...order, customer });
          erased.push(await this.complete({ ...order, customer }));
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
          kept.push({ customer, code: error.code });
        }
    return { erased, kept };
  }

  process(): Process {
    return {
      name: 'complete-erasure',
      types: ['CustomerErasureRequested', 'CustomerErased'],
      react: async (event) => {
        const customer = keyOf(event.stream);
        const { commandId: cause, $correlationId: correlationId } = event.metadata;
        // Rows that were derived while the key was being destroyed go when the proof comes by.
        if (!isRequested(event)) await this.contacts.forget(customer);
        else await this.completePerson({ customer, cause, correlationId, ground: event.data.ground });
      },
    };
  }

  private async request({ customer, ground, cause, correlationId }: Order): Promise<void> {
    await this.engine.runner.execute<Customer, CustomerEvent>({
      ...{ evolution: customerEvolution(customer), key: customer, expects: 'existing' as const, body: { ground } },
      context: reactionContext('erase-merged', causeOf(cause, correlationId), this.engine.now()),
      decide: (state) => requestErasure({ ground }, state),
    });
  }

  /** The key's tombstone keeps the first instant, and the proof is recorded once. */
  private async complete({ customer, cause, correlationId }: Order): Promise<Erased> {
    const keyDestroyedAt = (await this.engine.keys.destroyPerson(customer)).toISOString();
    await this.contacts.forget(customer);
    const { position } = await this.engine.runner.execute<Customer, CustomerEvent>({
      ...{ evolution: customerEvolution(customer), key: customer, expects: 'existing' as const },
      body: { keyDestroyedAt },
      context: reactionContext('complete-erasure', causeOf(cause, correlationId), this.engine.now()),
      decide: (state) => completeErasure({ keyDestroyedAt }, state),
    });
    return { customer, keyDestroyedAt, position };
  }
}

const causeOf = (id: string, $correlationId: string) => ({ id, metadata: { $correlationId } });

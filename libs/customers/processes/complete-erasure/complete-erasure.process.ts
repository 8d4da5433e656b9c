import { Injectable } from '@nestjs/common';
import { keyOf, Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { ContactIndex } from '../../contact-index.adapter';
import { completeErasure, customerEvolution } from '../../customer';

/** Destroys the key of a customer who is to be erased, lets the derived rows go, and records that it is done. */
@Injectable()
export class Erasure {
  constructor(
    private readonly engine: Engine,
    private readonly contacts: ContactIndex,
  ) {}

  /** Safe to repeat: the key's tombstone keeps the first instant, and the proof is recorded once. */
  async complete(
    id: string,
    cause: string,
    correlationId: string,
  ): Promise<{ keyDestroyedAt: string; position: bigint }> {
    const keyDestroyedAt = (await this.engine.keys.destroyPerson(id)).toISOString();
    await this.contacts.forget(id);
    const event = { id: cause, metadata: { $correlationId: correlationId } };
    const { position } = await this.engine.runner.execute({
      evolution: customerEvolution(id),
      key: id,
      expects: 'existing',
      body: { keyDestroyedAt },
      context: reactionContext('complete-erasure', event, this.engine.now()),
      decide: (state) => completeErasure({ keyDestroyedAt }, state),
    });
    return { keyDestroyedAt, position };
  }

  process(): Process {
    return {
      name: 'complete-erasure',
      types: ['CustomerErasureRequested', 'CustomerErased'],
      react: async ({ type, stream, metadata }: Recorded) => {
        // Rows that were derived while the key was being destroyed go when the proof comes by.
        if (type === 'CustomerErased') await this.contacts.forget(keyOf(stream));
        else await this.complete(keyOf(stream), metadata.commandId, metadata.$correlationId);
      },
    };
  }
}

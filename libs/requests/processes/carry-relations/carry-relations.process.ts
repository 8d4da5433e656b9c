import { Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Rejection } from '../../../eventing/rejection';
import { isSealed, PersonalText } from '../../../eventing/sealed';
import { erased, redacted } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { RelationEvent, RelationEventOf, relationEventTypes } from '../../../relations/events';
import { carrier, carryingCommandId } from '../../carrying';
import { AbsorbedMember, RequestEvent } from '../../events';
import { Request, requestEvolution } from '../../request';
import { Carried, carriedApart, carriedLink, carriedToSource, carriedToSurvivor, waitsOf } from './carried';

const isRelation = (event: Recorded): event is Recorded<RelationEvent> => event.type in relationEventTypes;

/**
 * Brings what was decided on all relations into the histories of the requests that it concerns.
 *
 * Each gets a command whose id is made from the event and its number, so that starting over repeats nothing. The reason of a merge
 * travels sealed with the event; once it stands in the history of the merged request, what travelled is made unreadable.
 */
export class RelationCarrying {
  constructor(private readonly engine: Engine) {}

  process(): Process {
    return {
      name: 'carry-relations',
      types: Object.keys(relationEventTypes),
      react: async (event) => {
        if (isRelation(event)) await this.carry(event);
      },
    };
  }

  private async carry(event: Recorded<RelationEvent>): Promise<void> {
    switch (event.type) {
      case 'RequestsLinked':
      case 'RequestsUnlinked':
        return this.giveAll(event, carriedLink(event));
      case 'RequestsMerged':
        await this.giveWithReason(event, (reason) => [carriedToSource(event.data, reason)]);
        return this.give(event, carriedToSurvivor(event.data, await this.membersOf(event.data)));
      case 'RequestsUnmerged':
        return this.giveWithReason(event, (reason) => carriedApart(event.data, reason));
      default:
        return;
    }
  }

  private membersOf({ members }: RelationEventOf<'RequestsMerged'>['data']): Promise<readonly AbsorbedMember[]> {
    return Promise.all(
      members.map(async (number) => {
        const { state } = await this.engine.runner.load<Request, RequestEvent>(requestEvolution, number);
        return { number, waits: waitsOf(state) };
      }),
    );
  }

  private async giveWithReason(
    event: Recorded<RelationEventOf<'RequestsMerged' | 'RequestsUnmerged'>>,
    carried: (reason: string | null) => readonly Carried[],
  ): Promise<void> {
    const { reason } = event.data;
    const text = await this.readable(reason);
    await this.giveAll(event, carried(text)).catch(async (error: unknown) => {
      // Whoever was erased meanwhile has no key to seal it with any more.
      if (!(error instanceof Rejection && error.code === 'PERSON_ERASED')) throw error;
      await this.giveAll(event, carried(null));
    });
    if (isSealed(reason)) await this.engine.keys.destroyValue(reason.v);
  }

  private async readable(reason: PersonalText): Promise<string | null> {
    const text: string = await this.engine.unsealer.open(reason, true);
    return text === erased || text === redacted ? null : text;
  }

  private async giveAll(event: Recorded<RelationEvent>, carried: readonly Carried[]): Promise<void> {
    for (const each of carried) await this.give(event, each);
  }

  private async give(event: Recorded<RelationEvent>, { number, event: said }: Carried): Promise<void> {
    const { actor, occurredAt, $correlationId: correlationId } = event.metadata;
    await this.engine.runner.execute<Request, RequestEvent>({
      ...{ evolution: requestEvolution, key: number, expects: 'existing', body: { carrier } },
      context: {
        // It is the doing of who decided it.
        ...{ actor, commandId: carryingCommandId(event.id, number), fresh: true, origin: 'live' },
        ...{ correlationId, causationId: event.id, recordedAt: this.engine.now().toISOString() },
      },
      decide: () => [{ ...said, notes: { occurredAt } }],
    });
  }
}

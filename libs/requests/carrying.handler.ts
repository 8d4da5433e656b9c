import { Injectable } from '@nestjs/common';
import { Recorded, streamOf } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { isSealed, PersonalText } from '../eventing/sealed';
import { erased, redacted } from '../eventing/unsealer';
import { Engine } from '../platform/engine/engine';
import { mergeKind, relationCategory, RelationEvent, RelationEventOf } from '../relations/events';
import { relationEvolution } from '../relations/graph';
import {
  Carried,
  carriedApart,
  carriedFromSurvivor,
  carriedLink,
  carriedToSource,
  carriedToSurvivor,
  waitsOf,
} from './carried';
import { carrier, carryingCommandId } from './carrying';
import { AbsorbedMember } from './event-values';
import { RequestEvent } from './events';
import { Request, requestEvolution } from './request';

type MergeEvent = RelationEventOf<'RequestsMerged' | 'RequestsUnmerged'>;

// A merge that is taken back is waited for while it is young: behind so many newer ones nobody has waited.
const newestMax = 500;

const isMerge = (event: Recorded<RelationEvent>): event is Recorded<MergeEvent> =>
  event.type === 'RequestsMerged' || event.type === 'RequestsUnmerged';

/**
 * Brings what was decided on all relations into the histories of the requests that it concerns.
 *
 * Each gets a command whose id is made from the event and its number, so that whoever starts over, or does a part of it for another,
 * repeats nothing. The reason of a merge travels sealed with the event; once it stands in the history of the merged request, what
 * travelled is made unreadable.
 */
@Injectable()
export class RelationCarrier {
  /** Of many who wait for one request, one does it. */
  private readonly finishing = new Map<string, Promise<void>>();

  constructor(private readonly engine: Engine) {}

  async carry(event: Recorded<RelationEvent>): Promise<void> {
    switch (event.type) {
      case 'RequestsLinked':
      case 'RequestsUnlinked':
        return this.giveAll(event, carriedLink(event));
      case 'RequestsMerged':
        await this.giveWithReason(event, (reason) => [carriedToSource(event.data, reason)]);
        await this.forgetReason(event);
        return this.give(event, carriedToSurvivor(event.data, await this.membersOf(event.data)));
      case 'RequestsUnmerged':
        await this.giveWithReason(event, (reason) => carriedApart(event.data, reason));
        return this.forgetReason(event);
    }
  }

  /**
   * Lets a request say itself that its merge was taken back, when it does not yet: only this, and only the first that it lacks, so
   * that its history keeps the order in which it was merged and unmerged. All else is left to whoever goes through the log.
   */
  finishUnmerging(number: string): Promise<void> {
    const running = this.finishing.get(number);
    if (running) return running;
    const begun = this.finish(number).finally(() => this.finishing.delete(number));
    this.finishing.set(number, begun);
    return begun;
  }

  private async finish(number: string): Promise<void> {
    const { runner, store, types } = this.engine;
    const { revision } = await runner.load(relationEvolution, mergeKind);
    const newest = await store.read(streamOf(relationCategory, mergeKind), Math.max(0, revision - newestMax));
    const { commands } = await runner.load<Request, RequestEvent>(requestEvolution, number);
    const lacked = newest
      .map((event) => types.decode<RelationEvent>(event))
      .filter(isMerge)
      .find(({ id, data }) => data.source === number && commands.get(carryingCommandId(id, number)) === undefined);
    if (lacked?.type !== 'RequestsUnmerged') return;
    const { data } = lacked;
    await this.giveWithReason(lacked, (reason) => [carriedFromSurvivor(data, reason)]);
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
    event: Recorded<MergeEvent>,
    carried: (reason: string | null) => readonly Carried[],
  ): Promise<void> {
    const text = await this.readable(event.data.reason);
    await this.giveAll(event, carried(text)).catch(async (error: unknown) => {
      // Whoever was erased meanwhile has no key to seal it with any more.
      if (!(error instanceof Rejection && error.code === 'PERSON_ERASED')) throw error;
      await this.giveAll(event, carried(null));
    });
  }

  private async forgetReason({ data: { reason } }: Recorded<MergeEvent>): Promise<void> {
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

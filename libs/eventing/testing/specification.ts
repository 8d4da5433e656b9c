import { Evolution, fold } from '../decider';
import { DomainEvent, Recorded, streamOf } from '../event';
import { codeOfRejection } from './rejections';

/** Stored form of decided events, for specs: dense revisions, a minute apart, plain texts left plain. */
export const recorded = <E extends DomainEvent>(
  category: string,
  key: string,
  events: readonly E[],
): readonly Recorded<E>[] =>
  events.map((event, revision) => {
    const recordedAt = new Date(Date.UTC(2026, 0, 5, 9, revision)).toISOString();
    const metadata = {
      schema: '1',
      commandId: `command-${revision}`,
      $correlationId: `command-${revision}`,
      $causationId: `command-${revision}`,
      actor: 'somebody',
      recordedAt,
      occurredAt: recordedAt,
      origin: 'live',
      prev: '',
      hash: '',
    };
    return {
      ...event,
      stream: streamOf(category, key),
      revision,
      id: `event-${revision}`,
      metadata,
      position: BigInt(revision + 1),
    };
  });

export interface When<E extends DomainEvent> {
  /** These events, and no others. */
  then(...events: readonly E[]): void;
  /** Refused with this code. */
  refused(code: string): void;
}

/** `given(events).when(command).then(events)`: what a rule decides after a history. */
export const specification =
  <State, E extends DomainEvent>(evolution: Evolution<State, E>, key: string) =>
  (...history: readonly E[]) => ({
    when: (decide: (state: State) => readonly E[]): When<E> => {
      const state = fold(evolution, recorded(evolution.category, key, history));
      return {
        then: (...events) => expect(decide(state)).toEqual(events),
        refused: (code) => expect(codeOfRejection(() => decide(state))).toBe(code),
      };
    },
  });

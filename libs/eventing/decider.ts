import { DomainEvent, Recorded } from './event';

/** How the events of one stream category fold into a state. Pure; total over every known event in every state. */
export interface Evolution<State, E extends DomainEvent> {
  readonly category: string;
  readonly initialState: State;
  readonly evolve: (state: State, event: Recorded<E>) => State;
  /**
   * Applies later corrections to earlier facts, before the fold; pure. Absent: the category has none.
   * A stream whose newest events hold a correction is folded again from its first event.
   */
  readonly correct?: (events: readonly Recorded<E>[]) => readonly Recorded<E>[];
  readonly isCorrection?: (event: DomainEvent) => boolean;
  /** What holds for every event of this category, whatever rule decided it; absent: nothing. @throws Rejection */
  readonly admit?: (state: State, events: readonly E[]) => void;
  /** Whose personal data new events of this stream hold; `undefined` when nobody's. */
  readonly ownerOf: (state: State, event: E | undefined) => string | undefined;
}

/** The rule of one command: what happened, given what is so. `[]` means already so. @throws Rejection */
export type Decide<Command, State, E extends DomainEvent> = (command: Command, state: State) => readonly E[];

/** Folds a whole history, corrections applied. */
export const fold = <State, E extends DomainEvent>(
  evolution: Evolution<State, E>,
  events: readonly Recorded<E>[],
): State => (evolution.correct ? evolution.correct(events) : events).reduce(evolution.evolve, evolution.initialState);

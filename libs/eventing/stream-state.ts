import { DomainEvent, Recorded } from './event';
import { Evolution, fold } from './decider';
import { chainStart } from './hash-chain';
import { LayeredMap } from './layered-map';

/** What one command left in its stream: enough to answer its retry. */
export interface RecordedCommand {
  readonly revision: number;
  readonly position: bigint;
  readonly bodyHash: string | undefined;
  readonly events: readonly string[];
}

/** A stream folded up to its newest known event, with the ids of the commands that wrote it. Never changed, only replaced. */
export interface StreamState<State> {
  readonly state: State;
  /** -1 for a stream without events. */
  readonly revision: number;
  readonly head: string;
  /** Of the newest event; -1 without events. */
  readonly position: bigint;
  readonly commands: LayeredMap<string, RecordedCommand>;
}

export const emptyStream = <State>(initialState: State): StreamState<State> => ({
  state: initialState,
  revision: -1,
  head: chainStart,
  position: -1n,
  commands: LayeredMap.empty(),
});

const withCommands = (
  known: LayeredMap<string, RecordedCommand>,
  events: readonly Recorded[],
): LayeredMap<string, RecordedCommand> => {
  const fresh = new Map<string, RecordedCommand>();
  for (const { metadata, revision, position, type } of events) {
    const { commandId, bodyHash } = metadata;
    const before = (fresh.get(commandId) ?? known.get(commandId))?.events ?? [];
    fresh.set(commandId, { revision, position, bodyHash, events: [...before, type] });
  }
  return known.with(fresh);
};

/** Whether these events can be folded onto an earlier state, or change what came before. */
export const needsWholeHistory = <State, E extends DomainEvent>(
  { isCorrection }: Evolution<State, E>,
  events: readonly Recorded<E>[],
): boolean => isCorrection !== undefined && events.some(isCorrection);

/** Folds newer events onto a stream's state; on an empty one, a whole history with its corrections. */
export const advance = <State, E extends DomainEvent>(
  evolution: Evolution<State, E>,
  before: StreamState<State>,
  events: readonly Recorded<E>[],
): StreamState<State> => {
  const last = events.at(-1);
  if (!last) return before;
  const state = before.revision < 0 ? fold(evolution, events) : events.reduce(evolution.evolve, before.state);
  return {
    ...{ state, revision: last.revision, head: last.metadata.hash, position: last.position },
    commands: withCommands(before.commands, events),
  };
};

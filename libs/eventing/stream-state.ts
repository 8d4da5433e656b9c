import { DomainEvent, Recorded } from './event';
import { Evolution, fold } from './decider';
import { chainStart } from './hash-chain';

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
  readonly commands: ReadonlyMap<string, RecordedCommand>;
}

export const emptyStream = <State>(initialState: State): StreamState<State> => ({
  state: initialState,
  revision: -1,
  head: chainStart,
  commands: new Map(),
});

const withCommands = (
  known: ReadonlyMap<string, RecordedCommand>,
  events: readonly Recorded[],
): Map<string, RecordedCommand> => {
  const commands = new Map(known);
  for (const { metadata, revision, position, type } of events)
    commands.set(metadata.commandId, {
      revision,
      position,
      bodyHash: metadata.bodyHash,
      events: [...(commands.get(metadata.commandId)?.events ?? []), type],
    });
  return commands;
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
  return { state, revision: last.revision, head: last.metadata.hash, commands: withCommands(before.commands, events) };
};

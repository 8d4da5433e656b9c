import { CommandRunner } from './command-runner';
import { Evolution } from './decider';
import { DomainEvent, StoredEvent, streamOf } from './event';
import { UnreadableEvent } from './event-types';
import { StreamState } from './stream-state';

/**
 * One stream that many decide by, such as a book of rules, as this process knows it.
 *
 * Guarantee: `current` has what every other process wrote before it was asked, and never goes back. What the log's followers have
 * passed is known to them, see `prepare`.
 */
export class FollowedStream<State, E extends DomainEvent> {
  readonly stream: string;
  private known: State;
  private revision = -1;
  private loaded = false;

  /** @param onChange is given every state that is new here */
  constructor(
    private readonly runner: CommandRunner,
    private readonly evolution: Evolution<State, E>,
    private readonly key: string,
    private readonly onChange: (state: State) => void = () => undefined,
  ) {
    this.stream = streamOf(evolution.category, key);
    this.known = evolution.initialState;
  }

  /** As it was when it was read last. */
  get state(): State {
    return this.known;
  }

  /** Reads what is new. */
  async refresh(): Promise<State> {
    return this.learn(await this.runner.load(this.evolution, this.key));
  }

  private learn({ state, revision }: StreamState<State>): State {
    if (revision >= this.revision) {
      if (revision > this.revision) this.onChange(state);
      this.known = state;
      this.revision = revision;
      this.loaded = true;
    }
    return this.known;
  }

  /**
   * What folds of these events may look up is known afterwards. Without events: everything there is. What no build has written tells
   * them nothing, and must not keep every fold from going on.
   */
  async prepare(events: readonly StoredEvent[]): Promise<void> {
    if (this.loaded && events.length && !events.some(({ stream }) => stream === this.stream)) return;
    try {
      await this.refresh();
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      this.learn(await this.runner.loadReadable(this.evolution, this.key));
    }
  }

  /** What to decide on: other servers' changes are in it, as far as there are other servers. */
  async current(): Promise<State> {
    return this.loaded && this.runner.knowsAll(this.stream) ? this.known : this.refresh();
  }
}

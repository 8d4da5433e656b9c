import { setTimeout as wait } from 'node:timers/promises';
import { BoundedMap } from './bounded-map';
import { byStream } from './by-stream';
import { Evolution } from './decider';
import { CommandMetadata, envelop, EnvelopedEvent, EventNotes, personalStrings } from './envelope';
import { DomainEvent, Recorded, StoredEvent, streamOf } from './event';
import { Appended, EventStore } from './event-store.adapter';
import { EventTypes, UnreadableEvent } from './event-types';
import { AppendConflict, CommandIdReused, NotFound, RevisionMismatch, Unavailable } from './failures';
import { KeyRing } from './keys/key-ring';
import { Nonces } from './keys/nonces';
import { bodyHash } from './keys/sealing';
import { KeyedQueue } from './limits';
import { advance, emptyStream, needsWholeHistory, RecordedCommand, StreamState } from './stream-state';

/**
 * Runs one command against one stream: look whether it was recorded, decide, append at the exact revision.
 *
 * Guarantee: a command id is recorded at most once in its stream; its retry answers with what was recorded. A decision is only
 * ever appended to the very state it was made on: when another writer was first it is made again on the newer state.
 */
const conflictsMax = 50;
// Whoever loses again and again waits a little longer each time, so that two busy processes let each other pass.
const conflictWaitMillisecondsMax = 50;
const streamsKept = 10_000;
// Where more are in doubt than can be noted, all are.
const doubtedMax = 100_000;

export interface CommandContext {
  readonly actor: string;
  readonly onBehalfOf?: string | undefined;
  readonly commandId: string;
  /** The id was made just now by us, so that it cannot have been recorded before. */
  readonly fresh: boolean;
  readonly correlationId: string;
  readonly causationId: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  readonly origin: string;
  readonly ifMatch?: number | undefined;
  /** See `EventMetadata.rules`. */
  readonly rules?: string | undefined;
  readonly traceparent?: string | undefined;
}

export type Decided<E extends DomainEvent> = E & { readonly notes?: EventNotes };

export interface Execution<State, E extends DomainEvent> {
  readonly evolution: Evolution<State, E>;
  readonly key: string;
  /** `new`: the stream must not exist; `existing`: it must. */
  readonly expects: 'new' | 'existing' | 'any';
  readonly decide: (state: State) => readonly Decided<E>[];
  /** What the caller sent, for telling a retry from another command under the same key. */
  readonly body: unknown;
  /** Whom body and personal data of this command concern, in a stream that is nobody's own. */
  readonly owner?: string | undefined;
  /** What is done matters more than what is said with it: it is done for a person who was erased too, and nobody can read the words. */
  readonly wordsMayBeLost?: boolean;
  readonly context: CommandContext;
}

export interface Outcome {
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly events: readonly string[];
  readonly replayed: boolean;
}

/** The stream of an opening command is there already, written by another command. */
export class StreamTaken extends Error {
  override readonly name = 'StreamTaken';
}

export class CommandRunner {
  private readonly kept = new BoundedMap<string, StreamState<unknown>>(streamsKept);
  private readonly queue = new KeyedQueue();
  private readonly nonces = new Nonces();
  /** Streams to which something may still be appended that was given up. */
  private readonly doubted = new Set<string>();

  constructor(
    private readonly store: EventStore,
    private readonly types: EventTypes,
    private readonly keys: KeyRing,
    private readonly installation: string,
    /**
     * Nobody else takes commands that can be sent again. What is remembered of a stream then holds all ids there are, and an append
     * at its exact revision is look enough; without it every command reads what is newer first.
     */
    readonly isOnlyWriter = false,
  ) {}

  /** Whether what is remembered of a stream is all that can be in it. */
  knowsAll(stream: string): boolean {
    return this.isOnlyWriter && !this.doubted.has(stream) && this.doubted.size < doubtedMax;
  }

  /** @throws Rejection, NotFound, StreamTaken, RevisionMismatch, CommandIdReused, Unavailable */
  execute<State, E extends DomainEvent>(execution: Execution<State, E>): Promise<Outcome> {
    const stream = streamOf(execution.evolution.category, execution.key);
    return this.queue.run(stream, () => this.attempt(stream, execution));
  }

  /** The folded state of a stream as the log has it now. */
  async load<State, E extends DomainEvent>(evolution: Evolution<State, E>, key: string): Promise<StreamState<State>> {
    const stream = streamOf(evolution.category, key);
    const known = (this.kept.get(stream) as StreamState<State> | undefined) ?? emptyStream(evolution.initialState);
    const tail = await this.decoded<E>(stream, known.revision + 1);
    if (!tail.length) return known;
    const whole = known.revision >= 0 && needsWholeHistory(evolution, tail);
    const loaded = whole
      ? advance(evolution, emptyStream(evolution.initialState), await this.decoded<E>(stream, 0))
      : advance(evolution, known, tail);
    this.keep(stream, loaded);
    return loaded;
  }

  /** The same without what no build has written. For those who follow: whoever decides must know all that there is. */
  async loadReadable<State, E extends DomainEvent>(
    evolution: Evolution<State, E>,
    key: string,
  ): Promise<StreamState<State>> {
    const events = await this.store.read(streamOf(evolution.category, key));
    const readable = events.flatMap((event) => this.readable<E>(event) ?? []);
    return advance(evolution, emptyStream(evolution.initialState), readable);
  }

  /** What is remembered of a stream, which may not be all there is by now. */
  remembered<State, E extends DomainEvent>({ category }: Evolution<State, E>, key: string): State | undefined {
    return (this.kept.get(streamOf(category, key)) as StreamState<State> | undefined)?.state;
  }

  /** Remembers whole histories that were read elsewhere. Whether they still are whole, the append of a decision on them finds out. */
  remember<State, E extends DomainEvent>(evolution: Evolution<State, E>, events: readonly StoredEvent[]): void {
    for (const [stream, history] of byStream(events)) {
      const known = this.kept.get(stream);
      if (history[0]?.revision !== 0 || (known && known.revision >= history.length - 1)) continue;
      try {
        const decoded = history.map((event) => this.types.decode<E>(event));
        this.kept.set(stream, advance(evolution, emptyStream(evolution.initialState), decoded));
      } catch {
        // One that cannot be folded says so to whoever decides on it, and to nobody else.
      }
    }
  }

  /** Whoever read while another appended comes late with what it read. */
  private keep(stream: string, state: StreamState<unknown>): void {
    const kept = this.kept.get(stream);
    if (!kept || kept.revision <= state.revision) this.kept.set(stream, state);
  }

  /** The state to look at before a decision elsewhere: the remembered one where nobody else writes, else what the log has now. */
  async current<State, E extends DomainEvent>(evolution: Evolution<State, E>, key: string): Promise<State> {
    const stream = streamOf(evolution.category, key);
    const known = this.knowsAll(stream) ? (this.kept.get(stream) as StreamState<State> | undefined) : undefined;
    if (known) return known.state;
    const loaded = await this.load(evolution, key);
    // A stream without events is remembered as well: it is asked for before every command.
    if (loaded.revision < 0) this.keep(stream, loaded);
    return loaded.state;
  }

  private readable<E extends DomainEvent>(event: StoredEvent): Recorded<E> | undefined {
    try {
      return this.types.decode<E>(event);
    } catch (error) {
      if (error instanceof UnreadableEvent) return undefined;
      throw error;
    }
  }

  private async decoded<E extends DomainEvent>(stream: string, fromRevision: number): Promise<readonly Recorded<E>[]> {
    return (await this.store.read(stream, fromRevision)).map((event) => this.types.decode<E>(event));
  }

  private async attempt<State, E extends DomainEvent>(
    stream: string,
    execution: Execution<State, E>,
  ): Promise<Outcome> {
    const assumed = this.assumed(stream, execution);
    const outcome = assumed && (await this.attemptOn(stream, assumed, execution));
    if (outcome) return outcome;
    for (let conflict = 0; conflict < conflictsMax; conflict++) {
      const before = await this.load(execution.evolution, execution.key);
      try {
        return await this.decideOn(stream, before, execution);
      } catch (error) {
        if (!(error instanceof AppendConflict)) throw error;
        await wait(Math.min(conflict, conflictWaitMillisecondsMax));
      }
    }
    throw new Unavailable('not-done', 'too many others write to this stream');
  }

  /** What a stream is as far as can be told without a look at it. */
  private assumed<State, E extends DomainEvent>(
    stream: string,
    { evolution, expects, context }: Execution<State, E>,
  ): StreamState<State> | undefined {
    const known = this.kept.get(stream) as StreamState<State> | undefined;
    if (known) return this.knowsAll(stream) ? known : undefined;
    // A command id that cannot have been seen before: the append to a new stream is itself the look.
    return expects !== 'existing' && context.fresh ? emptyStream(evolution.initialState) : undefined;
  }

  /** Decides on what is assumed. Anything but an append that succeeded is decided again on what the log has now. */
  private async attemptOn<State, E extends DomainEvent>(
    stream: string,
    assumed: StreamState<State>,
    execution: Execution<State, E>,
  ): Promise<Outcome | undefined> {
    try {
      const outcome = await this.decideOn(stream, assumed, execution);
      return outcome.events.length ? outcome : undefined;
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      return undefined;
    }
  }

  private async decideOn<State, E extends DomainEvent>(
    stream: string,
    before: StreamState<State>,
    execution: Execution<State, E>,
  ): Promise<Outcome> {
    const { evolution, context, decide, expects } = execution;
    const recorded = before.commands.get(context.commandId);
    if (recorded) return this.replay(stream, recorded, before, execution);
    if (expects === 'new' && before.revision >= 0) throw new StreamTaken();
    if (expects === 'existing' && before.revision < 0) throw new NotFound();
    if (context.ifMatch !== undefined && context.ifMatch !== before.revision)
      throw new RevisionMismatch(before.revision);
    const events = decide(before.state);
    evolution.admit?.(before.state, events);
    if (!events.length)
      return { stream, revision: before.revision, position: before.position, events: [], replayed: false };
    return this.append(stream, before, events, evolution, execution);
  }

  private async append<State, E extends DomainEvent>(
    stream: string,
    before: StreamState<State>,
    events: readonly Decided<E>[],
    evolution: Evolution<State, E>,
    { context, body, owner: named, wordsMayBeLost }: Execution<State, E>,
  ): Promise<Outcome> {
    const needed = events.reduce((sum, event) => sum + personalStrings(this.types, event), 0);
    const owner = named ?? evolution.ownerOf(before.state, events[0]);
    const found =
      owner === undefined ? undefined : await this.person(owner, needed > 0 && !wordsMayBeLost, before.revision < 0);
    const person =
      found ??
      (needed && owner !== undefined ? { id: owner, key: await this.keys.personOrUnkeptKey(owner) } : undefined);
    const valueKeys = needed ? [...(await this.keys.takeValueKeys(needed))] : [];
    const { ifMatch: _ifMatch, fresh: _fresh, ...shared } = context;
    const command: CommandMetadata = { ...shared, bodyHash: person && bodyHash(person.key, body) };
    const enveloped = envelop(
      this.types,
      events,
      command,
      { installation: this.installation, stream, revision: before.revision + 1, prev: before.head },
      {
        person,
        takeValueKey: () => {
          const key = valueKeys.pop();
          if (!key) throw new Error('fewer value keys than personal strings');
          return key;
        },
        takeNonce: () => this.nonces.take(),
      },
    );
    const { revision, position } = await this.appendOrDoubt(stream, before.revision, enveloped);
    // Another process, or an earlier attempt that was given up, may have recorded this very command at this very revision, which the
    // store takes for the same append. What stands there is then the other's, with another hash. Only where there is no other is it
    // known without a look.
    if (this.knowsAll(stream))
      this.rememberAfter(
        stream,
        before,
        evolution,
        enveloped.map((event) => this.types.decode<E>({ ...event, position })),
      );
    else this.kept.delete(stream);
    // What was given up can no longer come: its revision is taken.
    this.doubted.delete(stream);
    return { stream, revision, position, events: events.map(({ type }) => type), replayed: false };
  }

  /** What has no answer may still be appended later, behind our back. */
  private async appendOrDoubt(stream: string, revision: number, events: readonly EnvelopedEvent[]): Promise<Appended> {
    try {
      return await this.store.append(stream, revision, events);
    } catch (error) {
      if (this.isOnlyWriter && error instanceof Unavailable && error.outcome === 'unknown') {
        this.doubted.add(stream);
        this.kept.delete(stream);
      }
      throw error;
    }
  }

  private rememberAfter<State, E extends DomainEvent>(
    stream: string,
    before: StreamState<State>,
    evolution: Evolution<State, E>,
    events: readonly Recorded<E>[],
  ): void {
    // After a correction the earlier facts look different: the next command folds the stream anew.
    if (needsWholeHistory(evolution, events)) this.kept.delete(stream);
    else this.kept.set(stream, advance(evolution, before, events));
  }

  /** A person's key; without personal text to seal, an erased person does not stop the work on the case. */
  private async person(
    id: string,
    mustSeal: boolean,
    mayBeNew: boolean,
  ): Promise<{ id: string; key: Buffer } | undefined> {
    if (mustSeal) return { id, key: await (mayBeNew ? this.keys.ensurePersonKey(id) : this.keys.personKey(id)) };
    const key = (await this.keys.find('person_key', [id])).get(id);
    return key instanceof Buffer ? { id, key } : undefined;
  }

  private async replay<State, E extends DomainEvent>(
    stream: string,
    recorded: RecordedCommand,
    before: StreamState<State>,
    { evolution, body, owner: named }: Execution<State, E>,
  ): Promise<Outcome> {
    const owner = named ?? evolution.ownerOf(before.state, undefined);
    const key = owner === undefined ? undefined : (await this.keys.find('person_key', [owner])).get(owner);
    // Once the person is erased nothing is left to compare with: the retry is taken at its word.
    if (recorded.bodyHash && key instanceof Buffer && bodyHash(key, body) !== recorded.bodyHash)
      throw new CommandIdReused();
    const { revision, position, events } = recorded;
    return { stream, revision, position, events, replayed: true };
  }
}

import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  ResolvedEvent,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { setTimeout as wait } from 'node:timers/promises';
import { isTooDeep } from './canonical';
import { EnvelopedEvent } from './envelope';
import { StoredEvent } from './event';
import { AppendConflict, Unavailable } from './failures';
import { Limiter } from './limits';

/**
 * The log, through the official client. An append whose answer is lost is sent again, byte for byte: the store recognises the
 * event ids at their exact revision, so that it stands once. When that does not help in time the outcome is `unknown`. A store that
 * stands still answers nothing and breaks no connection for long: whoever asks it is told after `answerMillisecondsMax`.
 */
// One connection carries 100 calls; the 101st would wait in silence. Subscriptions and the append call need some of them.
const readsMax = 64;
const attemptsMax = 6;
const backOffMilliseconds = [50, 150, 400, 900, 1500];
const answerMillisecondsMax = 10_000;

export interface Appended {
  readonly revision: number;
  readonly position: bigint;
}

const transientTypes = new Set(['unavailable', 'cancelled', 'deadline-exceeded', 'not-leader', 'timeout']);
const transientCodes = new Set([1, 4, 14]);

const isTransient = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const { type, code } = error as { type?: unknown; code?: unknown };
  return (
    (typeof type === 'string' && transientTypes.has(type)) || (typeof code === 'number' && transientCodes.has(code))
  );
};

// Whoever walks through what is nested without end ends there. It stays in the store, and is no bytes here.
const walkable = (value: unknown): unknown =>
  !(value instanceof Uint8Array) && isTooDeep(value) ? new Uint8Array() : value;

export const storedEvent = ({ event }: ResolvedEvent): StoredEvent | undefined =>
  event && {
    stream: event.streamId,
    revision: Number(event.revision),
    id: event.id,
    type: event.type,
    data: walkable(event.data),
    metadata: walkable(event.metadata) as StoredEvent['metadata'],
    position: event.position?.commit ?? -1n,
  };

class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly type = 'deadline-exceeded';
}

export class EventStore {
  private readonly reads = new Limiter(readsMax);

  constructor(readonly client: EventStoreDBClient) {}

  /** Appends after `revision`, `-1` for a new stream. @throws AppendConflict, Unavailable `unknown` */
  async append(stream: string, revision: number, events: readonly EnvelopedEvent[]): Promise<Appended> {
    const batch = events.map(({ id, type, data, metadata }) =>
      jsonEvent({ id, type, data: data as Record<string, unknown>, metadata: { ...metadata } }),
    );
    const expectedRevision = revision < 0 ? NO_STREAM : BigInt(revision);
    const result = await this.persist('unknown', () => this.client.appendToStream(stream, batch, { expectedRevision }));
    return { revision: Number(result.nextExpectedRevision), position: result.position?.commit ?? -1n };
  }

  /** Events of one stream from `fromRevision`; none when there is no such stream. @throws Unavailable `not-done` */
  async read(stream: string, fromRevision = 0): Promise<readonly StoredEvent[]> {
    return this.reads.run(() =>
      this.persist('not-done', async () => {
        const events: StoredEvent[] = [];
        const reading = this.client.readStream(stream, {
          fromRevision: BigInt(fromRevision),
          direction: FORWARDS,
          deadline: answerMillisecondsMax,
        });
        try {
          for await (const resolved of reading) {
            const event = storedEvent(resolved);
            if (event) events.push(event);
          }
        } catch (error) {
          if (!(error instanceof StreamNotFoundError)) throw error;
        }
        return events;
      }),
    );
  }

  /** The event at a revision; `undefined` when there is none. @throws Unavailable `not-done` */
  async readOne(stream: string, revision: number): Promise<StoredEvent | undefined> {
    return this.persist('not-done', async () => {
      const reading = this.client.readStream(stream, {
        fromRevision: BigInt(revision),
        direction: FORWARDS,
        maxCount: 1,
        deadline: answerMillisecondsMax,
      });
      try {
        for await (const resolved of reading) {
          const event = storedEvent(resolved);
          return event?.revision === revision ? event : undefined;
        }
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return undefined;
    });
  }

  /** One stream's events, as `readAll` gives everybody's. */
  async *stream(name: string): AsyncGenerator<StoredEvent> {
    yield* await this.read(name);
  }

  /** Every event of the named categories, in the log's order, up to the head. */
  async *readAll(categories: readonly string[], after?: bigint): AsyncGenerator<StoredEvent> {
    const fromPosition = after === undefined ? START : { commit: after, prepare: after };
    for await (const resolved of this.client.readAll({ direction: FORWARDS, fromPosition })) {
      const event = storedEvent(resolved);
      // Reading forwards includes the event that stands at the position itself.
      if (event && event.position !== after && categories.some((category) => event.stream.startsWith(`${category}-`)))
        yield event;
    }
  }

  /** Position of the newest event in the log, whoever wrote it; `undefined` in an empty log. */
  async head(): Promise<bigint | undefined> {
    return this.persist('not-done', async () => {
      for await (const { event } of this.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))
        return event?.position?.commit;
      return undefined;
    });
  }

  subscribe(
    categories: readonly string[],
    after: bigint | undefined,
  ): ReturnType<EventStoreDBClient['subscribeToAll']> {
    return this.client.subscribeToAll({
      fromPosition: after === undefined ? START : { commit: after, prepare: after },
      filter: streamNameFilter({ prefixes: categories.map((category) => `${category}-`) }),
    });
  }

  private async persist<T>(outcome: 'unknown' | 'not-done', call: () => Promise<T>): Promise<T> {
    const until = performance.now() + answerMillisecondsMax;
    for (let attempt = 0; ; attempt++)
      try {
        return await answered(call(), until);
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) throw new AppendConflict();
        if (!isTransient(error)) throw error;
        if (attempt + 1 >= attemptsMax || performance.now() >= until)
          throw new Unavailable(outcome, 'the event store does not answer', error);
        await wait(backOffMilliseconds[attempt]);
      }
  }
}

/** The client has no deadline of its own for appends, which share one call. @throws NoAnswer */
const answered = <T>(call: Promise<T>, until: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new NoAnswer()), Math.max(0, until - performance.now()));
    call.finally(() => clearTimeout(late)).then(resolve, reject);
  });

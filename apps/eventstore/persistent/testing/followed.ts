import {
  type EventStoreDBClient,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToStream,
  type PersistentSubscriptionToStreamSettings,
  type ResolvedEvent,
} from '@eventstore/db-client';

type Subscription = PersistentSubscriptionToStream | PersistentSubscriptionToAll;
export type Delivered = ResolvedEvent & { retryCount: number };

const waitMsMax = 15_000;

/** A consumer of the official client: what it has received, and how to wait for more. */
export class Followed {
  readonly events: Delivered[] = [];
  error: unknown;
  isConfirmed = false;
  private readonly wakeups = new Set<() => void>();

  constructor(
    readonly subscription: Subscription,
    private readonly handle: (event: Delivered, followed: Followed) => void = () => undefined,
  ) {
    subscription.on('confirmation', () => {
      this.isConfirmed = true;
      this.wake();
    });
    subscription.on('data', (event: Delivered) => {
      this.events.push(event);
      this.handle(event, this);
      this.wake();
    });
    subscription.on('error', (error: unknown) => {
      this.error = error;
      this.wake();
    });
  }

  /** `Type@revision#retries` of each delivery; a link is written `link->event`. */
  get texts(): string[] {
    return this.events.map(({ event, link, retryCount }) => {
      const name = (one: typeof event): string => (one ? `${one.type}@${one.revision}` : 'none');
      return `${link ? `${name(link)}->` : ''}${name(event)}#${retryCount}`;
    });
  }

  get revisions(): number[] {
    return this.events.map(({ event, link }) => Number((event ?? link)?.revision));
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain; got ${this.texts.join(' ')}`)), waitMsMax);
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.wakeups.delete(look);
        resolve();
      };
      this.wakeups.add(look);
      look();
    });
  }

  count(events: number): Promise<void> {
    return this.until(() => this.events.length >= events);
  }

  /** Wakes whoever waits, also when something else is waited for. */
  wake(): void {
    for (const look of [...this.wakeups]) look();
  }

  async stop(): Promise<void> {
    await this.subscription.unsubscribe();
  }
}

export const ackAll = (event: Delivered, { subscription }: Followed): void => void subscription.ack(event);

export const errorType = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : String(error);

/** The type of the error that a call ends in; `none` when it does not. */
export const failure = (call: Promise<unknown>): Promise<string> => call.then(() => 'none', errorType);

/** Asks until the answer is as wanted; the server's own clock ticks once a second. */
export const eventually = async <T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> => {
  const end = Date.now() + waitMsMax;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer) || Date.now() > end) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

export const createGroup = (
  client: EventStoreDBClient,
  stream: string,
  changes: Partial<PersistentSubscriptionToStreamSettings> = {},
  group = 'group',
): Promise<void> =>
  client.createPersistentSubscriptionToStream(
    stream,
    group,
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: 'start', ...changes }),
  );

export const createGroupToAll = (
  client: EventStoreDBClient,
  group: string,
  changes: Parameters<typeof persistentSubscriptionToAllSettingsFromDefaults>[0] = {},
  options: Parameters<EventStoreDBClient['createPersistentSubscriptionToAll']>[2] = {},
): Promise<void> =>
  client.createPersistentSubscriptionToAll(
    group,
    persistentSubscriptionToAllSettingsFromDefaults({ startFrom: 'start', ...changes }),
    options,
  );

export const consume = (
  client: EventStoreDBClient,
  stream: string,
  handle?: (event: Delivered, followed: Followed) => void,
  { group = 'group', bufferSize = 10 } = {},
): Followed => new Followed(client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize }), handle);

import { v5 as uuidv5 } from 'uuid';
import { canonical } from './canonical';
import { DomainEvent, EventMetadata, StoredEvent } from './event';
import { EventTypes } from './event-types';
import { chainStart, leafHash } from './hash-chain';
import { seal, ValueKey } from './keys/sealing';

/** Turns decided events into what is appended: identified, sealed, chained. Pure: keys, nonces and times come in. */
const eventNamespace = '5f0b6b6e-4a53-5d0c-9a43-0b8f0c5a3d11';
const commandNamespace = '0e5a2c52-6f0e-5c6b-8a4c-2f4e7f7f6a52';

/** Id of a command: nobody can meet another's, because the actor is in it. */
export const commandIdOf = (actor: string, target: string, idempotencyKey: string): string =>
  uuidv5(canonical([actor, target, idempotencyKey]), commandNamespace);

export const eventIdOf = (stream: string, commandId: string, index: number): string =>
  uuidv5(`${stream}\0${commandId}\0${index}`, eventNamespace);

/** What all events of one command share. */
export interface CommandMetadata {
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actor: string;
  readonly onBehalfOf?: string | undefined;
  readonly recordedAt: string;
  readonly origin: string;
  readonly bodyHash?: string | undefined;
  readonly rules?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** What a decider may say about one event beside its data. */
export interface EventNotes {
  readonly occurredAt?: string;
  readonly policy?: string;
  readonly calendar?: string;
  readonly policyMatch?: string;
  readonly terms?: string;
  readonly origin?: string;
  readonly sourceActivity?: string;
  readonly flags?: string;
  readonly actor?: string;
}

export interface SealingKeys {
  readonly person: { readonly id: string; readonly key: Buffer } | undefined;
  readonly takeValueKey: () => ValueKey;
  readonly takeNonce: () => Buffer;
}

export interface Target {
  readonly installation: string;
  readonly stream: string;
  /** Revision that the first new event gets. */
  readonly revision: number;
  readonly prev: string;
}

export type EnvelopedEvent = Omit<StoredEvent, 'position'>;

const sealFields = (
  value: unknown,
  pointer: string,
  sealString: (text: string, pointer: string) => unknown,
): unknown => {
  if (typeof value === 'string') return sealString(value, pointer);
  if (Array.isArray(value)) return value.map((item, index) => sealFields(item, `${pointer}/${index}`, sealString));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, sealFields(member, `${pointer}/${key}`, sealString)]),
  );
};

/** How many personal strings an event holds, which is how many value keys it needs. */
export const personalStrings = (types: EventTypes, { type, data }: DomainEvent): number => {
  let count = 0;
  sealFields(data, '', (text, pointer) => {
    if (types.classOf(type, pointer) === 'personal') count++;
    return text;
  });
  return count;
};

const metadataOf = (
  { correlationId, causationId, ...command }: CommandMetadata,
  notes: EventNotes,
  schema: number,
  prev: string,
): Omit<EventMetadata, 'hash'> => {
  const all = {
    ...command,
    $correlationId: correlationId,
    $causationId: causationId,
    occurredAt: command.recordedAt,
    ...notes,
    schema: String(schema),
    prev,
  };
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(present) as unknown as Omit<EventMetadata, 'hash'>;
};

/** @throws Error for a string that the registry does not classify, NotCanonical for a value outside the canonical form */
export const envelop = (
  types: EventTypes,
  events: readonly (DomainEvent & { readonly notes?: EventNotes })[],
  command: CommandMetadata,
  target: Target,
  keys: SealingKeys,
): readonly EnvelopedEvent[] => {
  const { installation, stream } = target;
  let prev = target.prev || chainStart;
  return events.map(({ type, data, notes }, index) => {
    const id = eventIdOf(stream, command.commandId, index);
    const sealString = (text: string, pointer: string): unknown => {
      const fieldClass = types.classOf(type, pointer);
      if (fieldClass === 'unclassified') throw new Error(`${type}${pointer} is neither personal nor plain`);
      if (fieldClass === 'plain') return text;
      if (!keys.person) throw new Error(`${type}${pointer} is personal and belongs to nobody`);
      return seal(
        text,
        keys.person,
        keys.takeValueKey(),
        { installation, stream, eventId: id, pointer },
        keys.takeNonce(),
      );
    };
    const revision = target.revision + index;
    const sealed = sealFields(data, '', sealString);
    const metadata = metadataOf(command, notes ?? {}, types.of(type).schema, prev);
    const hash = leafHash({ installation, stream, revision, id, type, data: sealed, metadata });
    prev = hash;
    return { stream, revision, id, type, data: sealed, metadata: { ...metadata, hash } };
  });
};

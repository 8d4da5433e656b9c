import { DomainEvent, EventMetadata, Recorded, StoredEvent } from './event';
import { isInstant, isOfOurTime } from './instants';
import { isReadable } from './projections/mirror';
import { isSealedValue, Sealed } from './sealed';

/**
 * Which stored types exist, in which schema version, and which of their strings are personal.
 *
 * Names and versions are for ever: a version that was written once can be read for ever, through `upcasters`.
 */
export interface EventType {
  /** Newest schema version; the one that is written. */
  readonly schema: number;
  /** JSON pointers of personal strings; `*` stands for any one step. They are sealed before the append. */
  readonly personal: readonly string[];
  /** JSON pointers of all other strings. A string that is in neither list is refused. */
  readonly plain: readonly string[];
  /** `upcasters[n]` turns data of version n into version n+1; pure. */
  readonly upcasters?: Readonly<Record<number, (data: object) => object>>;
}

/** A type that tells the compiler what its events carry. There is nothing of that at run time. */
export type Carrying<Data extends object, Type extends EventType = EventType> = Type & { readonly carries?: Data };
/** An event type, and what its events carry. */
export const carries = <Data extends object>(type: EventType): Carrying<Data> => type;

type DataOf<Type> = Type extends { readonly carries?: infer Data } ? Exclude<Data, undefined> : never;

/** The events of one or several types of a table. */
export type EventOf<Types, Name extends keyof Types = keyof Types> = {
  readonly [N in Name]: { readonly type: N; readonly data: DataOf<Types[N]> };
}[Name];

/** For a version that only added what may be left out: data of the one before is as good as it is. */
export const asIs = (data: object): object => data;

/** Versions whose data says what the newest would: itself, and those before it that need nothing done. */
export const versionsAsGood = ({ schema, upcasters = {} }: EventType): readonly number[] => {
  const versions = [schema];
  for (let version = schema - 1; version > 0 && upcasters[version] === asIs; version--) versions.push(version);
  return versions;
};

/** A type or a schema version that this build does not know. The case stops; nothing is skipped. */
export class UnknownEventType extends Error {
  override readonly name = 'UnknownEventType';
}

/** Bytes under one of our names that no build of ours has written. The case stops, as with an unknown type. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

export type FieldClass = 'personal' | 'plain' | 'unclassified';

/** Patterns of pointers, `*` for one step: there are as many as the event types name. */
const expressions = new Map<string, RegExp>();

const expressionOf = (pattern: string): RegExp => {
  const known = expressions.get(pattern);
  if (known) return known;
  const steps = pattern.split('/').map((step) => (step === '*' ? '[^/]*' : step.replace(/[^\w]/g, '\\$&')));
  const expression = new RegExp(`^${steps.join('/')}$`);
  expressions.set(pattern, expression);
  return expression;
};

const matches = (pattern: string, pointer: string): boolean =>
  pattern.includes('*') ? expressionOf(pattern).test(pointer) : pattern === pointer;

export class EventTypes {
  private readonly types = new Map<string, EventType>();

  register(types: Readonly<Record<string, EventType>>): this {
    for (const [name, type] of Object.entries(types)) {
      if (this.types.has(name)) throw new Error(`event type ${name} is registered twice`);
      const gap = versionWithoutWay(type);
      if (gap) throw new Error(`event type ${name} has no upcaster from schema ${gap}`);
      this.types.set(name, type);
    }
    return this;
  }

  names(): readonly string[] {
    return [...this.types.keys()].sort();
  }

  /** @throws UnknownEventType */
  of(name: string): EventType {
    const type = this.types.get(name);
    if (!type) throw new UnknownEventType(`event type ${name} is not known`);
    return type;
  }

  classOf(name: string, pointer: string): FieldClass {
    const type = this.of(name);
    if (type.personal.some((pattern) => matches(pattern, pointer))) return 'personal';
    return type.plain.some((pattern) => matches(pattern, pointer)) ? 'plain' : 'unclassified';
  }

  /**
   * The event as the domain sees it.
   * @throws UnknownEventType for a type or version of a later build @throws UnreadableEvent for what is no event of ours
   */
  decode<E extends DomainEvent = DomainEvent>(event: StoredEvent): Recorded<E> {
    const type = this.of(event.type);
    if (!isReadable(event.data)) throw new UnreadableEvent(`the data of ${event.type} is no JSON object`);
    if (!isReadable(event.metadata) || !isComplete(event.metadata))
      throw new UnreadableEvent(`the metadata of ${event.type} is not what this system writes`);
    const data = upcast(event, type, type.personal.length ? located(event.data, '', event) : event.data);
    // The registry is the proof of the type: this is where stored bytes become the domain's events.
    return { ...event, data } as unknown as Recorded<E>;
  }

  /** For those who show the log: an event that this build cannot read stands in its place and says why. */
  shown<E extends DomainEvent = DomainEvent>(event: StoredEvent): Recorded<E> {
    try {
      return this.decode<E>(event);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const metadata = isReadable(event.metadata) ? event.metadata : {};
      return {
        ...event,
        data: { unreadable: error.message },
        metadata: { ...metadata, ...Object.fromEntries(missingIn(metadata).map((name) => [name, ''])) },
      } as unknown as Recorded<E>;
    }
  }
}

/** The first version from which no upcaster leads on: events of it would stop their cases once they are met. */
const versionWithoutWay = ({ schema, upcasters = {} }: EventType): number | undefined =>
  Array.from({ length: schema - 1 }, (_, index) => index + 1).find((version) => !upcasters[version]);

/** Whether it is the event that is at fault. */
export const isUnreadable = (error: unknown): error is UnknownEventType | UnreadableEvent =>
  error instanceof UnknownEventType || error instanceof UnreadableEvent;

const written = ['schema', 'commandId', 'actor', 'recordedAt', 'occurredAt', 'origin', 'prev', 'hash'] as const;

const missingIn = (metadata: Partial<EventMetadata>): readonly string[] =>
  written.filter((name) => typeof metadata[name] !== 'string');

const isComplete = (metadata: Partial<EventMetadata>): boolean =>
  written.every((name) => typeof metadata[name] === 'string') &&
  isInstant(metadata.recordedAt) &&
  isInstant(metadata.occurredAt) &&
  isOfOurTime(metadata.occurredAt);

const upcast = (event: StoredEvent, type: EventType, data: unknown): unknown => {
  const schema = Number(event.metadata.schema);
  if (!(schema >= 1 && schema <= type.schema))
    throw new UnknownEventType(`${event.type} has schema ${event.metadata.schema}, known up to ${type.schema}`);
  let upcasted = data;
  for (let version = schema; version < type.schema; version++) {
    const step = type.upcasters?.[version];
    if (!step) throw new UnknownEventType(`${event.type} has no upcaster from schema ${version}`);
    upcasted = step(upcasted as object);
  }
  return upcasted;
};

/** Sealed values learn where they stand, so that a fold may carry them elsewhere and they can still be opened. */
const located = (value: unknown, pointer: string, event: StoredEvent): unknown => {
  if (isSealedValue(value)) return { ...value, at: `${event.id}${pointer}`, stream: event.stream } satisfies Sealed;
  if (Array.isArray(value)) return value.map((item, index) => located(item, `${pointer}/${index}`, event));
  if (typeof value !== 'object' || value === null) return value;
  // Written out, since every event that is read anywhere comes through here.
  const copy: Record<string, unknown> = { ...value };
  for (const [key, member] of Object.entries(value))
    if (typeof member === 'object' && member !== null) copy[key] = located(member, `${pointer}/${key}`, event);
  return copy;
};

/** What a decider returns: a fact in the words of the domain, not yet on disk. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** Metadata of an event on disk. Every value is a string; together with the data they are what the hash chain covers. */
export interface EventMetadata {
  readonly schema: string;
  readonly commandId: string;
  readonly $correlationId: string;
  readonly $causationId: string;
  /** Id of who did it: a member of staff, a customer, or a system process. */
  readonly actor: string;
  readonly onBehalfOf?: string;
  /** When it was written, by our clock; RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  /** When it happened in the world; differs from `recordedAt` for imported history. */
  readonly occurredAt: string;
  /** `live`, or `import:<batch>:<row>`. */
  readonly origin: string;
  /** Name of the step in the log that an imported event came from. */
  readonly sourceActivity?: string;
  /** What is known to be missing or odd about an imported event: `no-actor`, `time-step-back`, … separated by spaces. */
  readonly flags?: string;
  /** Revision of a policy that a decision chose (`gold@2`), those of its calendars, and what in the case it matched. */
  readonly policy?: string;
  readonly calendar?: string;
  readonly policyMatch?: string;
  /** Digest of the content of that policy and those calendars. */
  readonly terms?: string;
  /** HMAC of the command's body under the key of the person it is about; absent when nobody's. */
  readonly bodyHash?: string;
  /** Revisions of the automation rules that led to it, the first one first: `thank@2 close-quiet@1`. */
  readonly rules?: string;
  readonly traceparent?: string;
  readonly prev: string;
  readonly hash: string;
}

/** An event as it stands in the log. */
export interface StoredEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  /** Position in the store's log: to wait on, never to keep. */
  readonly position: bigint;
}

/** A stored event whose type and schema are known: upcast to the newest schema, its personal fields as `Sealed`. */
export type Recorded<E extends DomainEvent = DomainEvent> = E & {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly metadata: EventMetadata;
  readonly position: bigint;
};

/** Category and key of a stream name: `request-CSR-7K3-M9Q-XA4` is case `CSR-7K3-M9Q-XA4` of `request`. */
export const categoryOf = (stream: string): string => stream.slice(0, stream.indexOf('-'));
export const keyOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
export const streamOf = (category: string, key: string): string => `${category}-${key}`;

import { createHash } from 'node:crypto';
import { canonical } from './canonical';
import { EventMetadata } from './event';

/**
 * The chain that binds each event to all before it in its stream.
 *
 * Guarantee: changing, dropping or reordering stored events of a stream changes the hash of every later one. `hash` is an
 * RFC 6962 leaf (SHA-256 of 0x00 and the leaf's bytes), so that a global tree can take it as it is. What it cannot show:
 * that the tail of a stream, or a whole stream, was cut off. Store positions and the store's own times are left out,
 * because they change when a log is copied.
 */
export interface LeafInput {
  readonly installation: string;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: Omit<EventMetadata, 'hash'>;
}

/** `prev` of the first event in a stream. */
export const chainStart = '';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const leafDomain = Buffer.from([0]);

/** Hash of one event, hex. @throws NotCanonical */
export const leafHash = ({ installation, stream, revision, id, type, data, metadata }: LeafInput): string => {
  const { schema, prev, ...others } = metadata;
  const leaf = { ...others, installation, stream, revision, id, type, schema, prev, dataHash: sha256(canonical(data)) };
  return createHash('sha256').update(leafDomain).update(canonical(leaf)).digest('hex');
};

export interface ChainBreak {
  readonly stream: string;
  readonly revision: number;
  readonly reason: 'hash' | 'prev' | 'revision';
  readonly expected: string;
  readonly found: string;
}

export interface ChainHead {
  readonly revision: number;
  readonly hash: string;
}

/** Checks one event against the head of its stream so far. `undefined` when it fits. */
export const chainBreak = (
  head: ChainHead | undefined,
  input: LeafInput & { metadata: EventMetadata },
): ChainBreak | undefined => {
  const broken = (reason: ChainBreak['reason'], expected: string, found: string): ChainBreak => ({
    stream: input.stream,
    revision: input.revision,
    reason,
    expected,
    found,
  });
  const revision = (head?.revision ?? -1) + 1;
  if (input.revision !== revision) return broken('revision', String(revision), String(input.revision));
  const prev = head?.hash ?? chainStart;
  if (input.metadata.prev !== prev) return broken('prev', prev, String(input.metadata.prev));
  const { hash, ...metadata } = input.metadata;
  const expected = leafHash({ ...input, metadata });
  return expected === hash ? undefined : broken('hash', expected, String(hash));
};

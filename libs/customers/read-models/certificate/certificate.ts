import { createHash } from 'node:crypto';
import { canonical } from '../../../eventing/canonical';
import { StoredEvent } from '../../../eventing/event';
import { chainBreak, ChainHead } from '../../../eventing/hash-chain';
import { isSealedValue } from '../../../eventing/sealed';
import { ErasureGround } from '../../events';

/**
 * What an erasure has made unreadable, from the log.
 *
 * Guarantee: the same log gives the same certificate for ever, whatever is appended to it afterwards, and another one as soon as a
 * byte of the histories that it names is changed. It rests on the hash chain, and cannot show that the key was destroyed: it says when.
 */
export interface ErasedStream {
  readonly stream: string;
  /** Of the newest event that the certificate covers, and its hash. */
  readonly revision: number;
  readonly hash: string;
  readonly events: number;
  /** Texts that were sealed under the customer's key. */
  readonly texts: number;
}

export interface Certificate {
  readonly installation: string;
  readonly customer: string;
  readonly ground: ErasureGround;
  /** Id of who asked for it, or name of a process. */
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly keyDestroyedAt: string;
  readonly streams: readonly ErasedStream[];
}

export const certificateDigest = (certificate: Certificate): string =>
  createHash('sha256').update(canonical(certificate)).digest('hex');

const textsOf = (value: unknown, customer: string): number => {
  if (isSealedValue(value)) return value.k === customer ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, member) => sum + textsOf(member, customer), 0);
};

/** A history as the certificate names it; undefined when it is empty. @throws Error when its chain is broken */
export const erasedStream = (
  installation: string,
  customer: string,
  events: readonly StoredEvent[],
): ErasedStream | undefined => {
  let head: ChainHead | undefined;
  for (const event of events) {
    const broken = chainBreak(head, { ...event, installation });
    if (broken) throw new Error(`the chain of ${broken.stream} is broken at ${broken.revision}`);
    head = { revision: event.revision, hash: event.metadata.hash };
  }
  const [first] = events;
  if (!head || !first) return undefined;
  const texts = events.reduce((sum, { data }) => sum + textsOf(data, customer), 0);
  return { stream: first.stream, ...head, events: events.length, texts };
};

/** What a certificate comes to. */
export const countsOf = ({ streams }: Certificate) => ({
  streams: streams.length,
  events: streams.reduce((sum, { events }) => sum + events, 0),
  texts: streams.reduce((sum, { texts }) => sum + texts, 0),
});

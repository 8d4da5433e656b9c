/** What tells that a machine wrote a message, so that answering it could go on for ever (RFC 3834). */
export type LoopSign = 'own-address' | 'own-message' | 'auto-submitted' | 'bulk' | 'no-return-path' | 'daemon';

export interface Envelope {
  readonly from: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

const isBulk = (headers: Envelope['headers']): boolean =>
  /^(bulk|list|junk)$/i.test(headers['precedence']?.trim() ?? '') ||
  ['list-id', 'list-unsubscribe', 'x-auto-response-suppress'].some((name) => headers[name] !== undefined);

const isAutoSubmitted = (value: string | undefined): boolean => value !== undefined && !/^no\b/i.test(value.trim());

/** @param ownAddresses in lower case @returns the first sign that there is */
export const loopSign = ({ from, headers }: Envelope, ownAddresses: ReadonlySet<string>): LoopSign | undefined => {
  const address = from?.trim().toLowerCase() ?? '';
  if (ownAddresses.has(address)) return 'own-address';
  if (isAutoSubmitted(headers['auto-submitted']) || headers['x-autoreply'] !== undefined) return 'auto-submitted';
  if (headers['return-path']?.trim() === '<>') return 'no-return-path';
  if (/^(mailer-daemon|postmaster)@/.test(address)) return 'daemon';
  return isBulk(headers) ? 'bulk' : undefined;
};

/** Of our own there is nothing to keep; a machine's answer to a case belongs to it. */
export const isOurs = (sign: LoopSign | undefined): boolean => sign === 'own-address' || sign === 'own-message';

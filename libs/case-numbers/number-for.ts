/**
 * The number of a case, made from the command that opens it.
 *
 * Guarantee: the same key, prefix, command and attempt give the same number, for ever. Without the key a number tells
 * neither the next one nor how many there are.
 *
 * Not promised: uniqueness. That comes from the store: whoever opens appends at *no stream*; when the stream is there
 * and was opened by the same command it is a retry, otherwise the next attempt is due. With 35 bits and ten million
 * cases one opening in 3 400 needs a second attempt.
 */
import { createHmac } from 'node:crypto';
import { checkSymbols, installationTag } from './check-symbols';
import { formatWord, PAYLOAD_SYMBOLS, prefixSymbols } from './symbols';

const BITS_PER_SYMBOL = 5;
export const PAYLOAD_BITS_MAX = PAYLOAD_SYMBOLS * BITS_PER_SYMBOL;
export const KEY_BYTES_MIN = 16;
// The first five bytes of the HMAC, as many as still give an exact integer and hold 35 bits.
const HMAC_BYTES_READ = 5;

export interface NumberSource {
  /** The installation's number key, of no other use. */
  readonly key: Buffer;
  readonly prefix: string;
  readonly commandId: string;
  /** 0 at first; one more each time the number turned out to be another command's. */
  readonly attempt: number;
  readonly installation: string;
  /** Fewer than 35 bits leave the upper symbols 0: only for tests that want collisions. */
  readonly payloadBits?: number;
}

/**
 * The number for an attempt to open a case: leading bits of HMAC-SHA-256 over the JSON text `[prefix,commandId,attempt]`.
 * @returns `CSR-7K3-M9Q-XA4`, exact
 * @throws RangeError when the prefix, key, attempt or payloadBits is out of bounds: a defect of the caller
 */
export const numberFor = (source: NumberSource): string => {
  assertInBounds(source);
  const message = [...prefixSymbols(source.prefix), ...payloadSymbols(source)];
  return formatWord([...message, ...checkSymbols(message, installationTag(source.installation))]);
};

function payloadSymbols(source: NumberSource): number[] {
  const { key, prefix, commandId, attempt, payloadBits = PAYLOAD_BITS_MAX } = source;
  const mac = createHmac('sha256', key)
    .update(JSON.stringify([prefix, commandId, attempt]), 'utf8')
    .digest();
  const payload = Math.floor(mac.readUIntBE(0, HMAC_BYTES_READ) / 2 ** (8 * HMAC_BYTES_READ - payloadBits));
  return Array.from({ length: PAYLOAD_SYMBOLS }, (_, place) => {
    const power = BITS_PER_SYMBOL * (PAYLOAD_SYMBOLS - 1 - place);
    return Math.floor(payload / 2 ** power) % 32;
  });
}

function assertInBounds({ key, attempt, payloadBits = PAYLOAD_BITS_MAX }: NumberSource): void {
  if (key.length < KEY_BYTES_MIN) throw new RangeError(`a number key has at least ${KEY_BYTES_MIN} bytes`);
  if (!Number.isSafeInteger(attempt) || attempt < 0) throw new RangeError('attempt is a whole number from 0');
  if (!Number.isInteger(payloadBits) || payloadBits < 1 || payloadBits > PAYLOAD_BITS_MAX)
    throw new RangeError(`payloadBits is a whole number from 1 to ${PAYLOAD_BITS_MAX}`);
}

/**
 * Personal data as it stands in events and read models: ciphertext with what is needed to find its keys.
 *
 * The key of a value is derived from two parts, the person's key `k` and the value's own key `v`. Destroying the first
 * erases the person, destroying the second redacts this one text. The ciphertext is bound to its place (installation,
 * stream, event, pointer), so moving it elsewhere makes it unreadable.
 */
export interface SealedValue {
  readonly $enc: 1;
  /** Whose key: id of the person. */
  readonly k: string;
  /** Id of the value's own key. */
  readonly v: string;
  /** 96-bit nonce, base64url. */
  readonly n: string;
  /** Ciphertext and tag, base64url. */
  readonly c: string;
}

/** A sealed value that knows where it was read, which is where it must have been sealed. */
export interface Sealed extends SealedValue {
  /** Event id and JSON pointer. */
  readonly at: string;
  readonly stream: string;
}

/** Personal text: plain in a command and a new event, sealed in everything that was stored. */
export type PersonalText = string | Sealed;

export const isSealedValue = (value: unknown): value is SealedValue =>
  typeof value === 'object' && value !== null && '$enc' in value && value.$enc === 1 && 'c' in value;

export const isSealed = (value: unknown): value is Sealed => isSealedValue(value) && 'at' in value && 'stream' in value;

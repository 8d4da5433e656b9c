import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/**
 * Ids of the messages that we send and of those that come in.
 *
 * Guarantee: an id of ours that comes back names its case, and nobody without the key can make one: it carries a code over the
 * number. What comes in is known by a keyed hash of its id alone.
 */
const codeCharacters = 16;
const keyCharacters = 32;

export class MessageIds {
  private readonly key: Buffer;

  constructor(
    secret: Buffer,
    private readonly installation: string,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'casefold/message-ids/v1', 32));
  }

  /** @param nonce hex, made anew for each message */
  ofOurs(number: string, nonce: string): string {
    return `<${number}.${nonce}.${this.code(number, nonce)}@${this.installation}.casefold>`;
  }

  /** The case that a message of ours was about. @returns undefined for an id that is not ours, however much it looks like it */
  numberIn(id: string): string | undefined {
    const [, number, nonce, code, home] =
      /^<([A-Z0-9-]{15})\.([0-9a-f]{1,64})\.([0-9a-f]{16})@([0-9a-f-]{36})\.casefold>$/.exec(id.trim()) ?? [];
    if (!number || !nonce || !code || home !== this.installation) return undefined;
    return timingSafeEqual(Buffer.from(code), Buffer.from(this.code(number, nonce))) ? number : undefined;
  }

  /** Key of the stream of a message that came in. */
  keyOf(id: string): string {
    return this.mac('in', id.trim()).slice(0, keyCharacters);
  }

  private code(number: string, nonce: string): string {
    return this.mac('out', number, nonce).slice(0, codeCharacters);
  }

  private mac(...parts: readonly string[]): string {
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest('hex');
  }
}

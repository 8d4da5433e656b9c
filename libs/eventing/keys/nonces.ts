import { randomBytes } from 'node:crypto';

/** Fresh nonces for AES-GCM, 96 random bits each. Drawn many at a time, since a draw costs nearly the same for one and for hundreds. */
const nonceBytes = 12;
const drawnAtOnce = 256;

export class Nonces {
  private drawn = Buffer.alloc(0);

  take(): Buffer {
    if (!this.drawn.length) this.drawn = randomBytes(nonceBytes * drawnAtOnce);
    const nonce = this.drawn.subarray(0, nonceBytes);
    this.drawn = this.drawn.subarray(nonceBytes);
    return nonce;
  }
}

import { Problem } from './problem';

interface Bucket {
  tokens: number;
  at: number;
}

const callersMax = 10_000;

/** One bucket of tokens for each caller, filled at a steady rate and holding one second's worth. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** @param perSecond undefined: nobody is limited @param now milliseconds, of a clock that never steps back */
  constructor(
    private readonly perSecond: number | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws Problem RATE_LIMITED when the caller's bucket is empty */
  take(caller: string): void {
    if (this.perSecond === undefined) return;
    const now = this.now();
    const bucket = this.buckets.get(caller) ?? { tokens: this.perSecond, at: now };
    bucket.tokens = Math.min(this.perSecond, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    bucket.at = now;
    this.keep(caller, bucket);
    if (bucket.tokens < 1) {
      throw new Problem('RATE_LIMITED', `At most ${this.perSecond} requests a second.`, {
        headers: { 'retry-after': '1' },
      });
    }
    bucket.tokens -= 1;
  }

  // Whoever calls again moves to the end, so that the first is the one that was quiet for longest.
  private keep(caller: string, bucket: Bucket): void {
    this.buckets.delete(caller);
    if (this.buckets.size >= callersMax) this.buckets.delete(this.buckets.keys().next().value ?? '');
    this.buckets.set(caller, bucket);
  }
}

/**
 * How much slow work one caller may cause: a little at once, and over time a small share of it. A pause of the whole
 * process is no fault of the caller, so single slow ones are forgiven.
 */
const slowMs = 0.5;
const allowanceMs = 100;
const share = 0.05;

export class Allowance {
  private leftMs = allowanceMs;

  constructor(private beforeMs: number) {}

  /** Takes note of work from one moment to another; false when it was too much. */
  covers(beganMs: number, endedMs: number): boolean {
    this.leftMs = Math.min(allowanceMs, this.leftMs + (beganMs - this.beforeMs) * share);
    this.beforeMs = endedMs;
    if (endedMs - beganMs > slowMs) this.leftMs -= endedMs - beganMs;
    return this.leftMs >= 0;
  }
}

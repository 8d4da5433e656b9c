/** How far a group has got: everything up to this place, the `sequence`th that it looked at, is settled. */
export interface Progress {
  sequence: number;
  place: number;
}

export interface CheckpointBounds {
  checkpointAfterMs: number;
  checkpointCountMin: number;
  checkpointCountMax: number;
}

/**
 * Decides when progress is worth a write. At `checkpointCountMax` settled since the last one it is at once; from
 * `checkpointCountMin` on it is at the next tick, but not sooner than `checkpointAfterMs` after the last one. With an
 * interval of 0 there is no such tick. So fewer than `checkpointCountMin` are repeated after a restart once a tick has
 * passed, and fewer than `checkpointCountMax` at any time.
 */
export class CheckpointRule {
  private lastMs = -Infinity;

  constructor(
    private readonly bounds: CheckpointBounds,
    private lastSequence: number,
  ) {}

  /** Whether to write now; if so, it counts as written. */
  isDue({ sequence }: Progress, nowMs: number, isTick: boolean): boolean {
    const { checkpointAfterMs, checkpointCountMin, checkpointCountMax } = this.bounds;
    const settled = sequence - this.lastSequence;
    const isMany = settled >= checkpointCountMax;
    const isLongAgo = checkpointAfterMs !== 0 && nowMs - this.lastMs >= checkpointAfterMs;
    const isEnough = isTick && settled >= checkpointCountMin && isLongAgo;
    if (settled <= 0 || (!isMany && !isEnough)) return false;
    this.lastMs = nowMs;
    this.lastSequence = sequence;
    return true;
  }
}

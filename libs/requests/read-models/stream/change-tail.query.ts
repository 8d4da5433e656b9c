import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { BehaviorSubject } from 'rxjs';
import { Engine } from '../../../platform/engine/engine';
import { Change } from './change';
import { ChangesQuery } from './changes.query';
import { StreamLimits } from './stream-limits';

/**
 * The end of the log, read once for all who follow it live.
 *
 * Guarantee: from `floor` up to `reached` it has every change, in order. It looks only while somebody follows, keeps a bounded
 * number of changes and nothing for each reader: readers take what they want when they can.
 */
@Injectable()
export class ChangeTail implements OnModuleDestroy {
  /** Counts what happened: something changed, or everything ends. Whoever saw an older count has missed something. */
  readonly moves = new BehaviorSubject(0);
  isStopping = false;
  private kept: Change[] = [];
  /** Undefined while nobody follows. */
  private floor: bigint | undefined;
  private reached = -1n;
  private readers = 0;
  private following: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly changes: ChangesQuery,
    private readonly limits: StreamLimits,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    this.tell();
    await this.following;
  }

  /** Follows the log for one reader more. @returns how that reader leaves */
  join(): () => void {
    this.readers++;
    this.following ??= this.follow();
    return () => void this.readers--;
  }

  /** A page of what came after a position and how far it goes; undefined when that is not kept, or not any more. */
  since(position: bigint): { readonly changes: readonly Change[]; readonly reached: bigint } | undefined {
    if (this.floor === undefined || position < this.floor) return undefined;
    const { changesPerPage } = this.limits;
    const changes = this.kept.slice(this.placeAfter(position), this.placeAfter(position) + changesPerPage);
    const last = changes.length < changesPerPage ? this.reached : changes.at(-1)?.position;
    // A reader may ask for what is still to come.
    return { changes, reached: last === undefined || last < position ? position : last };
  }

  private placeAfter(position: bigint): number {
    let [low, high] = [0, this.kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.kept[middle]?.position ?? 0n) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private async follow(): Promise<void> {
    while (this.readers && !this.isStopping)
      try {
        await this.look();
        await wait(this.limits.lookEveryMilliseconds);
      } catch {
        // The database does not answer: readers hear nothing meanwhile and miss nothing afterwards.
        await wait(this.limits.retryAfterFailureMilliseconds);
      }
    this.kept = [];
    this.floor = undefined;
    this.following = undefined;
  }

  private async look(): Promise<void> {
    const head = await this.engine.positions.current();
    if (this.floor === undefined) {
      this.floor = this.reached = head;
      this.tell();
    }
    while (this.reached < head && !this.isStopping) {
      const { changes, reached } = await this.changes.page(this.reached, head, this.limits.changesPerPage);
      this.keep(changes);
      this.reached = reached;
      this.tell();
    }
  }

  private tell(): void {
    this.moves.next(this.moves.value + 1);
  }

  private keep(changes: readonly Change[]): void {
    this.kept.push(...changes);
    const surplus = this.kept.splice(0, Math.max(0, this.kept.length - this.limits.changesKept));
    this.floor = surplus.at(-1)?.position ?? this.floor;
  }
}

import type { Entry } from './entry';
import { Unfinished } from './unfinished';

/** Where parked events are kept. */
export interface ParkingPlace {
  /** Revisions whose replay had begun and was not through when the server stopped, `to` excluded. */
  readonly unsettled: { from: number; to: number } | undefined;
  /** Stores a link to the event; rejects when it could not be stored. */
  park(entry: Entry, reason: string): Promise<void>;
  /** Revisions that a replay up to `stopAt` is about. */
  replayRange(stopAt: number | undefined): { from: number; to: number } | undefined;
  read(from: number, to: number): Entry[];
  /** Hides what lies before `hideBefore`, and remembers from where on it has not been dealt with. */
  mark(hideBefore: number, unsettledFrom: number | undefined): Promise<void>;
}

/** Replayed entries that wait in memory; the next ones are read when there are fewer. */
const replayedMax = 100;
/** While so many wait to be stored, nothing is sent: a full disk must not fill the memory. */
const unstoredMax = 1_000;

/**
 * The parked events of one group: puts them away, and brings them back when they are replayed.
 *
 * Guarantee: an event that is to be parked is settled only when it is stored; what cannot be stored is tried again at
 * the next tick. A replayed one is hidden from the parked stream at once, as on the real server, but remembered until it
 * is settled, so that a replay goes on after a restart.
 */
export class Parking {
  /** Whether the outcome of a replay is being written. */
  isMarking = false;
  private unstored = 0;
  private readonly toTryAgain: { entry: Entry; reason: string }[] = [];
  private next: number;
  private end: number;
  private readonly replaying = new Unfinished<true>();
  private settledSinceMark = 0;
  private isMarkDue = false;
  private hasMark: boolean;
  private isStopped = false;

  constructor(
    private readonly place: ParkingPlace,
    private readonly onStored: (entry: Entry) => void,
  ) {
    const { unsettled } = place;
    this.next = unsettled?.from ?? 0;
    this.end = unsettled?.to ?? 0;
    this.hasMark = unsettled !== undefined;
  }

  get isBusy(): boolean {
    return this.unstored >= unstoredMax;
  }

  /** Entries that are to be parked and are not yet on disk. */
  get waiting(): number {
    return this.unstored;
  }

  park(entry: Entry, reason: string): void {
    this.unstored += 1;
    void this.store(entry, reason);
  }

  /** Tries nothing again: whatever follows must not bring a deleted stream back. */
  stop(): void {
    this.isStopped = true;
    this.isMarkDue = false;
    this.toTryAgain.length = 0;
  }

  startReplay(stopAt: number | undefined): void {
    const range = this.place.replayRange(stopAt);
    const from = Math.max(range?.from ?? 0, this.end);
    if (!range || range.to <= from) return;
    if (this.next >= this.end) this.next = from;
    this.end = range.to;
    void this.mark();
  }

  canReplay(waiting: number): boolean {
    return this.next < this.end && waiting < replayedMax;
  }

  /** The next entries to replay, while few are waiting. */
  nextReplayed(waiting: number): Entry[] {
    if (!this.canReplay(waiting)) return [];
    const to = Math.min(this.end, this.next + replayedMax - waiting);
    const entries = this.place.read(this.next, to);
    for (const { origin } of entries) if (origin.from === 'parked') this.replaying.add(origin.revision, true);
    this.next = to;
    return entries;
  }

  settle(revision: number): void {
    this.replaying.finish(revision);
    this.settledSinceMark += 1;
  }

  /** Once a second. `settledMin`: how many settled ones are worth remembering. */
  tick(settledMin: number): void {
    for (const { entry, reason } of this.toTryAgain.splice(0)) void this.store(entry, reason);
    const isWorthIt = this.unsettledFrom === undefined || this.settledSinceMark >= Math.max(1, settledMin);
    if (this.isMarkDue || (this.hasMark && isWorthIt)) void this.mark();
  }

  private get unsettledFrom(): number | undefined {
    return this.replaying.lowest?.sequence ?? (this.next < this.end ? this.next : undefined);
  }

  private async store(entry: Entry, reason: string): Promise<void> {
    try {
      await this.place.park(entry, reason);
    } catch {
      if (!this.isStopped) this.toTryAgain.push({ entry, reason });
      return;
    }
    this.unstored -= 1;
    this.onStored(entry);
  }

  private async mark(): Promise<void> {
    this.isMarkDue = true;
    if (this.isMarking) return;
    this.isMarking = true;
    try {
      while (this.isMarkDue) await this.markOnce();
    } catch {
      // The next tick tries again.
      this.isMarkDue = !this.isStopped;
    } finally {
      this.isMarking = false;
    }
  }

  private async markOnce(): Promise<void> {
    const from = this.unsettledFrom;
    this.isMarkDue = false;
    await this.place.mark(this.end, from);
    this.hasMark = from !== undefined;
    this.settledSinceMark = 0;
  }
}

import { Backlog } from './backlog';
import { WriteRefused } from './append';
import { closeAtOnce, commitFailure, openEnvironment, putFrames, type Environment } from './environment';
import { Journal, removeJournal } from './journal';
import { recordBytes, type Frame } from './journal-frame';
import { parseEnd, type LogEnd } from './log-end';
import { createdOf } from './record';
import { refusalOf, whyNoRoom, writeFault } from './refusal';
import { mappedBytes, mappedBytesMax } from './resident-memory';
import { Tables } from './tables';

/**
 * How a group gets onto the disk. It is written to the journal, one flush, and is stored from then on; until the
 * database has it too it is also kept in memory, for whoever reads. The database gets many groups in one transaction,
 * behind the backs of the writers, and then the journal may write over them.
 *
 * Guarantee: when `store` resolves, the frame is on disk and a start after a power cut finds it; nothing of it is shown
 * before. When it rejects, nothing of it is shown, and nothing is written behind it until the database has everything
 * that was stored before and the journal begins anew: what a failed write left in the old one goes with it. Only a crash
 * before that may bring it back, whole; its writer was told that it is not known to be stored.
 *
 * What it rests on. A frame in the journal stays until the database has it durably, and the database itself is never
 * ahead of what it synced (see environment.ts). So at every moment the frames that go on where the database ends are the
 * rest of the log, and a start needs nothing but to follow them (see `following`). While the disk takes nothing they
 * stay where they are, and reads go on.
 */
const transferBytesMax = 256 * 1024;
/** With so much waiting the database is given it at once, with less after this time. */
const backlogBytesMax = 512 * 1024;
const backlogMsMax = 500;
const mapWatchMs = 250;

export class Storage {
  readonly tables: Tables;
  private readonly backlog = new Backlog();
  private environment: Environment;
  /** Missing when it must begin anew before anything is written. */
  private journal: Journal | undefined;
  private troubled = false;
  private transferring: Promise<void> | undefined;
  private transferTimer: NodeJS.Timeout | undefined;
  private readonly mappedAtStart = mappedBytes();
  private readonly mapWatch: NodeJS.Timeout;
  private remapDue = false;

  /** @param frames what the journal has behind the database's end @param bytesMax the most the file may ever hold */
  constructor(
    private readonly directory: string,
    frames: readonly Frame[],
    private readonly bytesMax: number,
  ) {
    this.environment = openEnvironment(directory);
    this.tables = new Tables(() => this.environment, this.backlog);
    for (const frame of frames) this.backlog.add(frame);
    if (frames.length > 0) this.transferSoon();
    this.mapWatch = setInterval(() => this.watchMap(), mapWatchMs).unref();
  }

  get path(): string {
    return this.environment.path;
  }

  readEnd(): LogEnd {
    const end = this.backlog.end ?? parseEnd(this.environment.facts.get('end'));
    const [last] = [...this.tables.recordsBefore(end.nextPosition, 1)];
    return last ? { ...end, lastCreatedMs: Math.max(end.lastCreatedMs, createdOf(last.record)) } : end;
  }

  /** One at a time. @throws WriteRefused */
  async store(frame: Frame): Promise<void> {
    const lack = whyNoRoom(this.path, this.backlog.bytes + recordBytes(frame), this.bytesMax);
    if (lack !== undefined) throw new WriteRefused(lack);
    const journal = await this.readyJournal();
    if (journal.isFull) {
      while (this.backlog.start < journal.turnsAt) await this.transfer();
      journal.turn();
    }
    try {
      await journal.append(frame);
    } catch (error) {
      this.journal = undefined;
      journal.close();
      throw new WriteRefused(refusalOf(String(error), this.path));
    }
    this.backlog.add(frame);
    if (this.backlog.bytes >= backlogBytesMax || journal.isFull) this.transferInBackground();
    else this.transferSoon();
  }

  /** What the disk does not take any more stays in the journal, for the next start. */
  async close(): Promise<void> {
    clearInterval(this.mapWatch);
    clearTimeout(this.transferTimer);
    this.journal?.close();
    await this.transferAll()
      .then(() => removeJournal(this.directory))
      .catch(() => undefined);
    await this.environment.root.close();
  }

  // After a failure the disk is tried first, so that the database complains once and not at every append.
  private async readyJournal(): Promise<Journal> {
    if (this.journal && !this.troubled) return this.journal;
    const fault = writeFault(this.path);
    if (fault !== undefined) throw new WriteRefused(refusalOf(fault, this.path));
    await this.transferAll();
    this.troubled = false;
    this.journal ??= this.newJournal();
    return this.journal;
  }

  private newJournal(): Journal {
    try {
      return Journal.create(this.directory);
    } catch (error) {
      throw new WriteRefused(refusalOf(String(error), this.path));
    }
  }

  private async transferAll(): Promise<void> {
    while (this.backlog.start < Infinity) await this.transfer();
  }

  /** Brings what is in the backlog at this moment into the database. @throws WriteRefused */
  private transfer(): Promise<void> {
    this.transferring ??= this.transferNow()
      .catch((error: unknown) => {
        this.troubled = true;
        throw error;
      })
      .finally(() => {
        this.transferring = undefined;
      });
    return this.transferring;
  }

  private async transferNow(): Promise<void> {
    clearTimeout(this.transferTimer);
    this.transferTimer = undefined;
    const end = this.backlog.end?.nextPosition ?? 0;
    while (this.backlog.start < end) {
      if (this.remapDue) this.remap();
      const frames = this.backlog.oldest(transferBytesMax);
      await this.put(frames);
      // Reads share a snapshot for a while; from here on it must be one that has these frames.
      this.environment.root.resetReadTxn();
      this.backlog.drop(frames.length);
    }
  }

  // LMDB refuses everything after it failed to write its first pages; opened anew it goes on from what is on disk.
  private async put(frames: Frame[]): Promise<void> {
    const lack = whyNoRoom(this.path, this.backlog.bytes, Infinity);
    if (lack !== undefined) throw new WriteRefused(lack);
    try {
      await putFrames(this.environment, frames);
    } catch (error) {
      const cause = await commitFailure(error);
      this.remapDue = true;
      this.remap();
      throw new WriteRefused(refusalOf(cause, this.path));
    }
  }

  private transferInBackground(): void {
    // The next write looks into what went wrong.
    this.transfer().catch(() => undefined);
  }

  private transferSoon(): void {
    this.transferTimer ??= setTimeout(() => this.transferInBackground(), backlogMsMax).unref();
  }

  private watchMap(): void {
    if (mappedBytes() - this.mappedAtStart < mappedBytesMax) return;
    // Between transactions nothing is being written, and reads never outlast a turn.
    this.remapDue = true;
    if (!this.transferring) this.remap();
  }

  private remap(): void {
    // A disk that takes no writes would let go of the file but not give it back.
    if (writeFault(this.path) !== undefined) return;
    this.remapDue = false;
    closeAtOnce(this.environment);
    this.environment = openEnvironment(this.directory);
  }
}

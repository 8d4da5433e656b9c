import { existsSync } from 'node:fs';
import { lockDirectory } from '../log/directory-lock';
import { storePath } from '../log/environment';
import { keepJournal, readJournal } from '../log/journal';
import type { Frame } from '../log/journal-frame';
import { positionMax } from '../log/keys';
import { parseEnd, type LogEnd } from '../log/log-end';
import { DamagedFile, PageFile } from '../log/page-file';
import {
  createdAt,
  createdOf,
  isVoid,
  nameOf,
  revisionOf,
  stubFor,
  tombstoneRevision,
  voidRecord,
} from '../log/record';
import { buildStore, discardBuilt, replaceStore, type PlacedRecord } from './build';
import { merged, salvage, type LostEvent, type Salvage } from './salvage';
import { verify } from './verify';

/**
 * Makes a damaged store sound again out of what is intact in it. What cannot be read keeps its place: a lost event
 * becomes a stub, so that every other event keeps its position and its revision, and no number is given a second time.
 * Only a stream whose newest events left no trace at all ends earlier than before. All of it is told before it is done.
 */
export interface Repair {
  faults: string[];
  /** What would be cut, one sentence each. */
  cuts: string[];
  recordsKept: number;
}

/** Undefined when there is nothing to repair. With `apply` it is done, and the damaged file is kept under another name. */
export const repair = async (directory: string, apply: { keepAs: string } | undefined): Promise<Repair | undefined> => {
  const path = storePath(directory);
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  const unlock = lockDirectory(directory);
  const faults: string[] = [];
  const file = PageFile.openDamaged(path, (fault) => faults.push(fault));
  try {
    const frames = readJournal(directory, (fault) => faults.push(fault));
    const first = firstFault(file, frames) ?? faults[0];
    if (first === undefined) return undefined;
    const found = salvage(file, frames, faults);
    if (faults.length === 0) faults.push(first);
    const plan = new Plan(found);
    // Said first, done afterwards.
    for (const _ of plan.records());
    const result = { faults, cuts: plan.cuts(), recordsKept: plan.kept };
    if (apply) {
      await buildStore(directory, new Plan(found).records(), endOf(found), found.facts);
      replaceStore(directory, apply.keepAs);
      keepJournal(directory, apply.keepAs);
    }
    return result;
  } finally {
    file.close();
    discardBuilt(directory);
    unlock();
  }
};

const firstFault = (file: PageFile, frames: readonly Frame[]): string | undefined => {
  try {
    verify(file, frames);
    return undefined;
  } catch (error) {
    if (error instanceof DamagedFile) return error.message;
    throw error;
  }
};

const endOf = ({ facts }: Salvage): LogEnd => {
  try {
    return parseEnd(facts.get('end'));
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    return parseEnd(undefined);
  }
};

const cutsMax = 1_000;
const lostId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The log as it will be, told twice: once to say what it lacks, once to write it. */
class Plan {
  kept = 0;
  private readonly next = new Map<string, number>();
  private readonly lost: Map<number, LostEvent>;
  private readonly sentences: string[] = [];
  private unsaid = 0;
  private createdMs = 0;
  private lastPosition = 0;

  constructor(private readonly found: Salvage) {
    this.lost = new Map(found.lost.map((event) => [event.position, event]));
  }

  *records(): Generator<PlacedRecord> {
    const stubs = this.found.lost.map((event) => ({ position: event.position, record: stubOfLost(event) }));
    for (const { position, record } of merged(this.found.records(), stubs)) {
      const event = this.lost.get(position);
      if (event) this.cut(sentenceOf(event));
      else this.kept += 1;
      // Time does not run backwards in the log; a stub is as old as the record before it.
      this.createdMs = Math.max(this.createdMs, createdOf(record));
      for (const placed of this.withoutGaps(position, event ? createdAt(record, this.createdMs) : record)) {
        this.lastPosition = placed.position;
        yield placed;
      }
    }
  }

  cuts(): string[] {
    for (const [stream, head] of this.found.heads) {
      const last = (this.next.get(stream) ?? 0) - 1;
      if (last < head)
        this.cut(`the end of stream '${stream}', whose last revision becomes ${last} instead of ${head}`);
    }
    return this.unsaid > 0 ? [...this.sentences, `and ${this.unsaid} more`] : this.sentences;
  }

  /** Puts stubs where revisions must have been of which nothing is left. */
  private *withoutGaps(position: number, record: Buffer): Generator<PlacedRecord> {
    const revision = isVoid(record) ? tombstoneRevision : revisionOf(record);
    if (revision === tombstoneRevision) return yield { position, record };
    const stream = nameOf(record).toString();
    const next = this.next.get(stream) ?? 0;
    // A record is longer than one byte, so the places right before the next one belong to nobody, if they suffice.
    const missing = revision - next;
    if (missing < 0 || missing > position - this.lastPosition - 1) {
      this.kept -= 1;
      this.cut(`revision ${revision} of stream '${stream}' at position ${position}, where revision ${next} belongs`);
      return yield { position, record: voidRecord(position, this.createdMs) };
    }
    this.next.set(stream, revision + 1);
    for (let gone = next; gone < revision; gone += 1) {
      const place = position - (revision - gone);
      this.cut(`revision ${gone} of stream '${stream}', of which nothing is left`);
      yield { position: place, record: stubFor({ id: lostId, stream, revision: gone }, place, this.createdMs) };
    }
    yield { position, record };
  }

  private cut(sentence: string): void {
    if (this.sentences.length < cutsMax) this.sentences.push(sentence);
    else this.unsaid += 1;
  }
}

const stubOfLost = ({ position, place }: LostEvent): Buffer => {
  if (!place) return voidRecord(position, 0);
  return stubFor({ ...place, revision: realRevision(place.revision) }, position, 0);
};

const sentenceOf = ({ position, place }: LostEvent): string => {
  if (!place) return `the record at position ${position}`;
  const tombstone = realRevision(place.revision) === tombstoneRevision;
  const what = tombstone ? 'the tombstone' : `the contents of revision ${place.revision}`;
  return `${what} of stream '${place.stream}' at position ${position}`;
};

const realRevision = (revision: number): number => (revision === positionMax ? tombstoneRevision : revision);

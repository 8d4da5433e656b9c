import { randomBytes } from 'node:crypto';
import {
  close,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncPath } from './durable-files';
import { encodeFrame, filePage, framesIn, pageBytes, saltBytes, type Frame } from './journal-frame';
import type { OnDamage } from './page-file';

/**
 * Two files beside the database that take what is appended, one frame behind the other. One is written while what the
 * other holds is brought into the database; then they change places, and the older frames are written over.
 *
 * Guarantee: once `append` resolves, the frame is on disk, and whatever is appended before it too.
 *
 * What it rests on. The files are opened O_DSYNC, so that one write is the data and its flush in one. They are
 * lengthened by large steps of zeros and never shortened: most frames go into blocks that the file has already, which
 * spares the file system a transaction of its own. A write that failed leaves nobody knowing what is on disk, and the
 * next sync may say nothing of it; so a journal is given up for good at the first failure, and begun anew in new files.
 */
const fileNames = ['journal-0', 'journal-1'] as const;
const paths = (directory: string): string[] => fileNames.map((name) => join(directory, name));
/** A file is full from here on. A single frame may go beyond it. */
const fileBytesMax = 4 * 1024 * 1024;
const stepBytes = 256 * 1024;

interface JournalFile {
  file: number;
  /** Bytes that it has on disk, and where the next frame goes. */
  bytes: number;
  next: number;
  /** The end of the log behind its last frame. */
  end: number;
}

/** Whole frames of both files, whatever their age. @throws DamagedFile when one is no journal and nobody is to be told */
export const readJournal = (directory: string, onDamage?: OnDamage): Frame[] =>
  paths(directory).flatMap((path) => {
    try {
      return framesIn(readFileSync(path), onDamage);
    } catch (error) {
      // A server may be making them anew.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  });

/**
 * Waits until what was read of the files is on disk. Who was killed in the middle of a write may have left it with the
 * system alone.
 */
export const syncJournal = (directory: string): void => {
  for (const path of paths(directory)) if (existsSync(path)) syncPath(path);
};

/** For when all they hold is in the database, durably. One that a power cut brings back does no harm. */
export const removeJournal = (directory: string): void => {
  for (const path of paths(directory)) rmSync(path, { force: true });
};

/** Keeps the files under another name. */
export const keepJournal = (directory: string, keepAs: string): void => {
  for (const name of fileNames) {
    const path = join(directory, name);
    if (existsSync(path)) renameSync(path, join(directory, `${keepAs}.${name}`));
  }
};

export class Journal {
  /** Used again for every frame, since one is written at a time. */
  private room: Buffer = Buffer.alloc(0);

  private constructor(
    private readonly salt: Buffer,
    private current: JournalFile,
    private other: JournalFile,
  ) {}

  /** Begins in new files. Those that are there are removed: all they hold must be in the database, durably. */
  static create(directory: string): Journal {
    removeJournal(directory);
    const salt = randomBytes(saltBytes);
    const files: JournalFile[] = [];
    try {
      for (const path of paths(directory)) files.push(createFile(path, salt));
      // Durable are now the new files, and that the old ones are gone.
      syncPath(directory);
    } catch (error) {
      for (const { file } of files) closeSync(file);
      throw error;
    }
    return new Journal(salt, files[0]!, files[1]!);
  }

  /** What must be in the database before the files may change places: everything up to this position. */
  get turnsAt(): number {
    return this.other.end;
  }

  get isFull(): boolean {
    return this.current.next >= fileBytesMax;
  }

  /** Goes on at the beginning of the other file, over what it holds. */
  turn(): void {
    [this.current, this.other] = [this.other, this.current];
    this.current.next = pageBytes;
  }

  /** One at a time. After a failure nothing may be appended any more. */
  async append(frame: Frame): Promise<void> {
    const { current } = this;
    const bytes = encodeFrame(frame, this.salt, this.room);
    if (bytes.length > this.room.length) this.room = bytes;
    const end = current.next + bytes.length;
    const grown = Math.max(current.bytes, Math.ceil(end / stepBytes) * stepBytes);
    const zeros = Buffer.alloc(grown > current.bytes ? grown - end : 0);
    await writeAll(current.file, zeros.length > 0 ? Buffer.concat([bytes, zeros]) : bytes, current.next);
    current.bytes = grown;
    current.next = end;
    current.end = frame.end.nextPosition;
  }

  /** Whatever is said of it now: what was appended is on disk already. */
  close(): void {
    for (const { file } of [this.current, this.other]) close(file, () => undefined);
  }
}

const createFile = (path: string, salt: Buffer): JournalFile => {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC;
  const created = { file: openSync(path, flags, 0o600), bytes: pageBytes, next: pageBytes, end: 0 };
  writeSync(created.file, filePage(salt), 0, pageBytes, 0);
  return created;
};

const writeAll = async (file: number, bytes: Buffer, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    done += await new Promise<number>((resolve, reject) => {
      write(file, bytes, done, bytes.length - done, position + done, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
  }
};

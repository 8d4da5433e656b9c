import { createHash } from 'node:crypto';
import { BoundedMap } from '../eventing/bounded-map';
import { AttachmentStore, FoundFile, StoredFile } from './attachment-store';
import { sealedBytes } from './file-cipher';

/**
 * Whether files are there, and are what was taken in: by their length and the hash of their bytes as they lie there, without a key.
 *
 * Guarantee: presence and length are looked at each time. The bytes are read once a day, and whenever others may lie there; a look
 * reads no more than it may, and at most one file beyond, so that whoever looks again and again comes to the end of any number of files
 * up to `filesKnownMax`.
 */
const filesKnownMax = 20_000;
const readEveryMilliseconds = 24 * 60 * 60 * 1_000;

export interface ExpectedFile extends StoredFile {
  /** In clear. */
  readonly bytes: number;
}

/** What is wrong with a file; `unread` is for the next look to tell. */
export type FileFault = 'missing' | 'wrong-length' | 'damaged' | 'unreadable' | 'unread';

interface Known {
  readonly version: string;
  readonly readAt: number;
  readonly isRight: boolean;
}

export class FileCheck {
  private readonly known = new BoundedMap<string, Known>(filesKnownMax);

  /** @param bytesPerLook that one look reads before it leaves files for the next @param clock in milliseconds, from whenever */
  constructor(
    private readonly store: AttachmentStore,
    private readonly bytesPerLook: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Begins a look: what it gives back tells of one file after another. */
  look(): (file: ExpectedFile) => Promise<FileFault | undefined> {
    let bytesLeft = this.bytesPerLook;
    return async (file) => {
      try {
        const found = await this.store.find(file);
        if (!found) return 'missing';
        if (found.bytes !== sealedBytes(file.bytes)) return 'wrong-length';
        const known = this.fresh(file, found);
        if (known) return known.isRight ? undefined : 'damaged';
        if (bytesLeft <= 0) return 'unread';
        bytesLeft -= found.bytes;
        return await this.read(file, found);
      } catch {
        // Of a disk that fails, a folder that is not mounted; the next look tries again.
        return 'unreadable';
      }
    };
  }

  private fresh(file: StoredFile, { version }: FoundFile): Known | undefined {
    const known = this.known.get(nameOf(file));
    if (known?.version !== version) return undefined;
    return this.clock() - known.readAt < readEveryMilliseconds ? known : undefined;
  }

  private async read(file: StoredFile, { version }: FoundFile): Promise<FileFault | undefined> {
    const pieces = await this.store.read(file);
    if (!pieces) return 'missing';
    const hash = createHash('sha256');
    for await (const piece of pieces) hash.update(piece);
    const isRight = hash.digest('hex') === file.sha256;
    this.known.set(nameOf(file), { version, readAt: this.clock(), isRight });
    return isRight ? undefined : 'damaged';
  }
}

const nameOf = ({ number, sha256 }: StoredFile): string => `${number}/${sha256}`;

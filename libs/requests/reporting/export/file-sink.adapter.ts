import { createHash } from 'node:crypto';
import { FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that is there under its name only when it is whole, with the digest of its bytes. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const partial = '.partial';

export class FileSink {
  private readonly digest = createHash('sha256');
  private bytes = 0;

  private constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(folder: string, name: string): Promise<FileSink> {
    return new FileSink(folder, name, await open(join(folder, name + partial), 'w', 0o600));
  }

  async write(piece: string | Uint8Array): Promise<void> {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (!bytes.length) return;
    this.digest.update(bytes);
    this.bytes += bytes.length;
    await this.handle.writeFile(bytes);
  }

  /** Everything is on disk, still under its other name. */
  async finish(): Promise<WrittenFile> {
    await this.handle.sync();
    await this.handle.close();
    return { name: this.name, bytes: this.bytes, sha256: this.digest.digest('hex') };
  }

  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(join(this.folder, this.name + partial), { force: true });
  }
}

/** Gives a finished file its name. */
export const reveal = (folder: string, name: string): Promise<void> =>
  rename(join(folder, name + partial), join(folder, name));

export const conceal = (folder: string, name: string): Promise<void> => rm(join(folder, name), { force: true });

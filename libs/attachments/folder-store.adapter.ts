import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../platform/embedded/error-code';
import { AttachmentStore, FoundFile, StoredFile, WrittenFile } from './attachment-store';

/**
 * Attachments in a folder: one subfolder a case, one file an attachment, named by the hash of its bytes.
 *
 * Guarantee: a file that has its name is whole and on the disk: it is written elsewhere, flushed, and moved there.
 */
const unfinished = 'unfinished';

export class FolderStore implements AttachmentStore {
  constructor(private readonly root: string) {}

  async write(number: string, pieces: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    const started = join(this.root, unfinished, randomUUID());
    await makeFolder(join(this.root, unfinished));
    const hash = createHash('sha256');
    const written = createWriteStream(started, { mode: 0o600, flush: true });
    const closed = new Promise<void>((resolve) => written.once('close', () => resolve()));
    try {
      await pipeline(pieces, hashing(hash), written);
      const file = { number, sha256: hash.digest('hex') };
      await makeFolder(join(this.root, number));
      await rename(started, this.pathOf(file));
      await flushFolder(join(this.root, number));
      return file;
    } catch (error) {
      // What fails at once fails before the file is there: it would be made after its removal.
      await closed;
      await rm(started, { force: true });
      throw error;
    }
  }

  async read(file: StoredFile): Promise<AsyncIterable<Uint8Array> | undefined> {
    const handle = await open(this.pathOf(file)).catch(unlessMissing);
    return handle && createReadStream('', { fd: handle });
  }

  async find(file: StoredFile): Promise<FoundFile | undefined> {
    const found = await stat(this.pathOf(file), { bigint: true }).catch(unlessMissing);
    // Nobody sets the time of a change by hand, as they can that of a writing.
    return found && { bytes: Number(found.size), version: `${found.ino}-${found.size}-${found.ctimeNs}` };
  }

  async remove(file: StoredFile): Promise<void> {
    await rm(this.pathOf(file), { force: true });
    // A case without files needs no folder; one that got another file meanwhile keeps it.
    await rmdir(join(this.root, file.number)).catch(() => undefined);
  }

  async *list(): AsyncGenerator<WrittenFile> {
    for (const number of await namesIn(this.root))
      if (number !== unfinished)
        for (const sha256 of await namesIn(join(this.root, number))) {
          const found = await stat(this.pathOf({ number, sha256 })).catch(unlessMissing);
          if (found) yield { number, sha256, writtenAt: found.mtime };
        }
  }

  async dropUnfinished(before: Date): Promise<void> {
    for (const name of await namesIn(join(this.root, unfinished))) {
      const path = join(this.root, unfinished, name);
      const found = await stat(path).catch(unlessMissing);
      if (found && found.mtime < before) await rm(path, { force: true });
    }
  }

  private pathOf({ number, sha256 }: StoredFile): string {
    return join(this.root, number, sha256);
  }
}

const hashing = (hash: ReturnType<typeof createHash>) =>
  async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
  };

const makeFolder = (path: string): Promise<unknown> => mkdir(path, { recursive: true, mode: 0o700 });

const flushFolder = async (path: string): Promise<void> => {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const unlessMissing = (error: unknown): undefined => {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
};

const namesIn = async (path: string): Promise<readonly string[]> => {
  const folder = await opendir(path).catch(unlessMissing);
  const names: string[] = [];
  for await (const { name } of folder ?? []) names.push(name);
  return names;
};

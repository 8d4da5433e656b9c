import { createHash } from 'node:crypto';
import { KeyRing } from '../eventing/keys/key-ring';
import { Rejection } from '../eventing/rejection';
import { AttachmentStore, StoredFile } from './attachment-store';
import { fileKey, openFile, sealFile } from './file-cipher';
import { agreedType, sniffedBytes, sniffedType } from './media-type';
import { AttachmentScanner, Scan, ScanVerdict } from './scanner';

/**
 * Takes files in and gives them out, sealed under the customer's key and one of their own.
 *
 * Guarantee: nothing lies anywhere in clear, memory is bounded whatever the size, and a file that is refused leaves nothing behind.
 */
export const attachmentBytesMax = 25 * 1024 * 1024;

export interface Incoming {
  /** Number of the case, and whose it is. */
  readonly number: string;
  readonly person: string;
  readonly claimedType: string;
  readonly pieces: AsyncIterable<Uint8Array>;
}

export interface SealedFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly person: string;
  readonly valueKey: string;
}

export interface TakenFile {
  readonly content: SealedFile;
  readonly mediaType: string;
  readonly scan: { readonly verdict: ScanVerdict; readonly by: string };
  /** Of the bytes in clear: for telling a retry from another file, never to be stored as it is. */
  readonly digest: string;
}

/** Why a file that was taken cannot be given out. */
export type Unreadable = 'erased' | 'missing' | 'damaged';

export class Attachments {
  constructor(
    readonly store: AttachmentStore,
    private readonly scanner: AttachmentScanner,
    private readonly keys: KeyRing,
    private readonly installation: string,
  ) {}

  /** @throws Rejection ATTACHMENT_TOO_LARGE, ATTACHMENT_EMPTY, ATTACHMENT_TYPE_REFUSED, PERSON_ERASED */
  async take({ number, person, claimedType, pieces }: Incoming): Promise<TakenFile> {
    const [personKey, [own]] = await Promise.all([this.keys.personKey(person), this.keys.takeValueKeys(1)]);
    if (!own) throw new Error('no value key was given');
    const scan = await this.scanner.begin();
    const examined = new Examination(claimedType, scan);
    try {
      const place = { installation: this.installation, number, valueKey: own.id };
      const sealed = sealFile(examined.of(pieces), fileKey(personKey, own.key), place);
      const { sha256 } = await this.store.write(number, sealed);
      const verdict = await scan.verdict();
      const { bytes, digest, mediaType } = examined.findings();
      const content = { bytes, sha256, person, valueKey: own.id };
      return { content, mediaType, scan: { verdict, by: this.scanner.name }, digest };
    } catch (error) {
      scan.abandon();
      throw error;
    }
  }

  /** The bytes in clear; the first of them are there already, so that what cannot be read is known at once. */
  async give(number: string, content: SealedFile): Promise<AsyncIterable<Buffer> | Unreadable> {
    const [persons, values] = await Promise.all([
      this.keys.find('person_key', [content.person]),
      this.keys.find('value_key', [content.valueKey]),
    ]);
    const [personKey, own] = [persons.get(content.person), values.get(content.valueKey)];
    if (!(personKey instanceof Buffer) || !(own instanceof Buffer)) return 'erased';
    const pieces = await this.store.read({ number, sha256: content.sha256 });
    if (!pieces) return 'missing';
    const place = { installation: this.installation, number, valueKey: content.valueKey };
    return begun(openFile(pieces, fileKey(personKey, own), place));
  }

  remove(file: StoredFile): Promise<void> {
    return this.store.remove(file);
  }
}

const begun = async (pieces: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer> | 'damaged'> => {
  const first = await pieces.next().catch(() => undefined);
  if (!first) return 'damaged';
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pieces;
  })();
};

const refusedType = (detail: string): Rejection => new Rejection('ATTACHMENT_TYPE_REFUSED', detail);

/** What is found out about a file while it passes. */
class Examination {
  private readonly hash = createHash('sha256');
  private start = Buffer.alloc(0);
  private bytes = 0;
  private mediaType = '';

  constructor(
    private readonly claimedType: string,
    private readonly scan: Scan,
  ) {}

  async *of(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.bytes += piece.length;
      if (this.bytes > attachmentBytesMax)
        throw new Rejection('ATTACHMENT_TOO_LARGE', `a file has at most ${attachmentBytesMax} bytes`);
      this.hash.update(piece);
      if (this.start.length < sniffedBytes) this.start = Buffer.concat([this.start, piece]).subarray(0, sniffedBytes);
      if (!this.mediaType && this.start.length === sniffedBytes) this.judge();
      await this.scan.take(piece);
      yield piece;
    }
    if (!this.bytes) throw new Rejection('ATTACHMENT_EMPTY', 'the file has no bytes');
    if (!this.mediaType) this.judge();
  }

  findings(): { bytes: number; digest: string; mediaType: string } {
    return { bytes: this.bytes, digest: this.hash.digest('hex'), mediaType: this.mediaType };
  }

  private judge(): void {
    const sniffed = sniffedType(this.start);
    if (sniffed === undefined) throw refusedType('files of this kind are not taken');
    const agreed = agreedType(sniffed, this.claimedType);
    if (agreed === undefined) throw refusedType(`the bytes look like ${sniffed}, not like what was claimed`);
    this.mediaType = agreed;
  }
}

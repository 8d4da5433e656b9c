/** Where the bytes of attachments lie: what comes here is sealed already. An adapter is a folder, or a bucket. */
export interface StoredFile {
  /** Number of the case: files of one case lie together. */
  readonly number: string;
  /** Of the bytes as they lie there, hex; also what they are found by. */
  readonly sha256: string;
}

export interface WrittenFile extends StoredFile {
  readonly writtenAt: Date;
}

export interface FoundFile {
  /** As they lie there: sealed. */
  readonly bytes: number;
  /** Another one whenever other bytes may lie there. */
  readonly version: string;
}

export interface AttachmentStore {
  /** Keeps the pieces under their own hash; durable once this returns. A failure of theirs leaves nothing behind. */
  write(number: string, pieces: AsyncIterable<Uint8Array>): Promise<StoredFile>;
  /** @returns undefined when it is not there */
  read(file: StoredFile): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** What can be told of a file without reading it. @returns undefined when it is not there */
  find(file: StoredFile): Promise<FoundFile | undefined>;
  /** What is not there is removed already. */
  remove(file: StoredFile): Promise<void>;
  /** Every file there is, case by case. */
  list(): AsyncIterable<WrittenFile>;
  /** Lets go of what was begun before an instant and never finished. */
  dropUnfinished(before: Date): Promise<void>;
}

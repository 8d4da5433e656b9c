import type { Expected } from './commit-check';
import type { NewEvent } from './record';

/** What the writer is asked for. */
export type WriteRequest =
  | { kind: 'append'; stream: string; expected: Expected; events: NewEvent[]; bytes: number }
  | { kind: 'delete'; stream: string; expected: Expected }
  | { kind: 'tombstone'; stream: string; expected: Expected };

/** What came of it. A refusal is an answer, not an error; an error means that nothing is known to be stored. */
export type WriteResult =
  | { outcome: 'written'; revision: number; position: number }
  /** Known from before; `position` is missing when the event is no longer shown. */
  | { outcome: 'repeated'; revision: number; position: number | undefined }
  | { outcome: 'wrong-expected-version'; head: number }
  | { outcome: 'deleted' };

/** Why writes are refused while reads go on: the disk, and in words for the caller. */
export class WriteRefused extends Error {
  override name = 'WriteRefused';
}

/** The server no longer takes writes because it ends. */
export class Stopping extends Error {
  override name = 'Stopping';
}

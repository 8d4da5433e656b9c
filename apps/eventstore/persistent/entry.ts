/**
 * One event as a group handles it: where its record lies, never the record itself. A group may therefore hold many of
 * them, whatever the size of the events.
 */
export interface Entry {
  /** Id of the record, which consumers acknowledge: of the link where there is one. */
  readonly id: string;
  readonly position: number;
  readonly origin: Origin;
  /** By which strategies that pin tell sources apart. */
  readonly bucket: number;
  /** Times that it has gone out before. */
  readonly retries: number;
}

export type Origin =
  /** `sequence` counts what the group has looked at; `before` is the place of what it looked at just before. */
  | { from: 'source'; place: number; sequence: number; before: number | undefined }
  /** Parked once, and now delivered again. */
  | { from: 'parked'; revision: number };

export const retried = (entry: Entry): Entry => ({ ...entry, retries: entry.retries + 1 });

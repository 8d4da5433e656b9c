/** An event that a group takes. */
export interface Taken {
  id: string;
  position: number;
  bucket: number;
}

/** One event that a group has looked at; `taken` is missing when its filter passes over it. */
export interface Looked {
  place: number;
  taken: Taken | undefined;
}

export interface Batch {
  looked: Looked[];
  /** Place from which to read on. */
  next: number;
  atEnd: boolean;
}

/** What a group reads: one stream, or $all through its filter. Reading is a matter of one turn of the event loop. */
export interface Source {
  /**
   * Events from a place on, `max` at most. A reader that catches up sees what a read would show (`visible`), one that
   * is live everything. `gone` when the stream has been tombstoned.
   */
  read(from: number, max: number, view: 'visible' | 'everything'): Batch | 'gone';
  /** The last place there is, where that is known without looking. */
  readonly last: number | undefined;
  /** Where a reader begins that wants only what comes from now on. */
  readonly end: number;
  /** Whether events can be read from this place on. */
  canStartAt(place: number): boolean;
}

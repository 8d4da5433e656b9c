import { isDeepStrictEqual } from 'node:util';
import { StoredEvent } from '../event';
import { LoggedEvent, mirrored } from '../projections/mirror';

/** What is not as the log says. */
export interface Mismatch {
  readonly stream: string;
  /** `chain`, `mirror`, or the name of a read model, of which the versions of rows are a part of their own. */
  readonly part: string;
  readonly detail: string;
}

const asStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const isCopyOf = (copy: LoggedEvent, event: StoredEvent): boolean => {
  const { sequence: _sequence, ...expected } = mirrored(event, 0).event;
  const { stream, revision, id, type, data, metadata, position } = copy;
  const found = { stream, revision, id, type, data, metadata, position };
  const { data: wanted, metadata: wantedMetadata, ...others } = expected;
  return isDeepStrictEqual(found, { ...others, data: asStored(wanted), metadata: asStored(wantedMetadata) });
};

/** @param events of one stream, as far as the mirror must have it @returns what the mirror has otherwise */
export const mirrorDifference = (
  events: readonly StoredEvent[],
  copies: readonly LoggedEvent[],
): string | undefined => {
  for (const [revision, event] of events.entries()) {
    const copy = copies.find((each) => each.revision === event.revision);
    if (!copy) return `event ${event.revision} is missing`;
    if (!isCopyOf(copy, event)) return `event ${event.revision} is another`;
    const before = copies[revision - 1];
    if (before && before.sequence >= copy.sequence) return `event ${event.revision} is counted before its predecessor`;
  }
  return copies.length > events.length ? `it has ${copies.length} events, the log ${events.length}` : undefined;
};

import { isDeepStrictEqual } from 'node:util';
import { StoredEvent } from '../event';
import { ChainBreak } from '../hash-chain';
import { LoggedEvent, mirrored } from '../projections/mirror';
import { verifyChains } from '../verify-chains.adapter';
import { Auditor, Mismatch } from './auditor';

/** The log by itself, and its copy in the mirror. */
const sentenceOf = ({ revision, reason }: ChainBreak): string => `the ${reason} of event ${revision} does not fit`;

export const chainAuditor = (installation: string): Auditor => ({
  elsewhere: async (stories) => {
    const mismatches: Mismatch[] = [];
    for (const { stream, history } of stories) {
      const { broken } = await verifyChains(installation, history);
      if (broken) mismatches.push({ stream, part: 'chain', detail: sentenceOf(broken) });
    }
    return { mismatches };
  },
});

const asStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const isCopyOf = (copy: LoggedEvent, event: StoredEvent): boolean => {
  const { sequence: _sequence, ...expected } = mirrored(event, 0).event;
  const { stream, revision, id, type, data, metadata, position } = copy;
  const found = { stream, revision, id, type, data, metadata, position };
  const { data: wanted, metadata: wantedMetadata, ...others } = expected;
  return isDeepStrictEqual(found, { ...others, data: asStored(wanted), metadata: asStored(wantedMetadata) });
};

/** @param events of one stream, as far as the mirror must have it @returns what the mirror has otherwise */
const mirrorDifference = (events: readonly StoredEvent[], copies: readonly LoggedEvent[]): string | undefined => {
  for (const [revision, event] of events.entries()) {
    const copy = copies.find((each) => each.revision === event.revision);
    if (!copy) return `event ${event.revision} is missing`;
    if (!isCopyOf(copy, event)) return `event ${event.revision} is another`;
    const before = copies[revision - 1];
    if (before && before.sequence >= copy.sequence) return `event ${event.revision} is counted before its predecessor`;
  }
  return copies.length > events.length ? `it has ${copies.length} events, the log ${events.length}` : undefined;
};

export const mirrorAuditor: Auditor = {
  // The copies were read with the story.
  inTables: (_db, stories) =>
    Promise.resolve(
      stories.flatMap(({ stream, events, copies }): readonly Mismatch[] => {
        const detail = mirrorDifference(events, copies);
        return detail === undefined ? [] : [{ stream, part: 'mirror', detail }];
      }),
    ),
};

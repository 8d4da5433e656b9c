import { Recorded } from '../eventing/event';
import { standardKey } from '../service-levels/known-terms';
import { CorrectedValues } from './event-values';
import { RequestEvent, RequestEventOf, RequestEventType } from './events';
import { withoutUndoneMerges } from './undone-merges';

const changesThePast: ReadonlySet<string> = new Set<RequestEventType>([
  ...(['RequestCorrected', 'ServiceLevelTermsCorrected', 'RequestUnmerged', 'RequestSeparated'] as const),
]);

export const isRequestCorrection = ({ type }: { readonly type: string }): boolean => changesThePast.has(type);

const apply = (event: Recorded<RequestEvent>, values: CorrectedValues): Recorded<RequestEvent> => {
  const { occurredAt, ...facts } = values;
  const present = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  // The decider has let through only values that belong to this event's type.
  return {
    ...event,
    data: { ...event.data, ...present },
    metadata: occurredAt === undefined ? event.metadata : { ...event.metadata, occurredAt },
  } as Recorded<RequestEvent>;
};

/** A history with later corrections put into the facts that they name; order and number of events stay. The last word wins. */
export const correctRequest = (events: readonly Recorded<RequestEvent>[]): readonly Recorded<RequestEvent>[] => {
  const corrected = new Map<number, CorrectedValues>();
  for (const event of events)
    // Only what came before can be corrected, so that following the log and folding it anew agree.
    if (event.type === 'RequestCorrected' && event.data.corrects < event.revision) {
      const { corrects, values } = event.data;
      corrected.set(corrects, { ...corrected.get(corrects), ...values });
    }
  const facts = corrected.size
    ? events.map((event) => {
        const values = corrected.get(event.revision);
        return values ? apply(event, values) : event;
      })
    : events;
  return withoutUndoneMerges(withRightTerms(facts));
};

type TermsCorrection = Recorded<RequestEventOf<'ServiceLevelTermsCorrected'>>;

/** Terms that were corrected are replaced in every event before the correction, one correction after the other. */
const withRightTerms = (events: readonly Recorded<RequestEvent>[]): readonly Recorded<RequestEvent>[] =>
  events
    .filter((event): event is TermsCorrection => event.type === 'ServiceLevelTermsCorrected')
    .reduce(replaceTerms, events);

const replaceTerms = (
  events: readonly Recorded<RequestEvent>[],
  { revision, data: { wrong }, metadata: { terms, policy, calendar } }: TermsCorrection,
): readonly Recorded<RequestEvent>[] => {
  if (terms === undefined) return events;
  const right = { terms, ...(policy === undefined ? {} : { policy }), ...(calendar === undefined ? {} : { calendar }) };
  return events.map((event) =>
    event.revision < revision && termsOf(event) === wrong
      ? { ...event, metadata: { ...event.metadata, ...right } }
      : event,
  );
};

/** An opening that names no terms is older than the book. */
const termsOf = ({ type, metadata }: Recorded<RequestEvent>): string | undefined =>
  metadata.terms ?? (type === 'RequestOpened' ? standardKey : undefined);

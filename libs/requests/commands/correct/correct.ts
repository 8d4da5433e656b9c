import { Configuration, matrixAt, Standing } from '../../../configuration/configuration';
import { refuseFaults, wordFaults } from '../../../configuration/words';
import { Rejection } from '../../../eventing/rejection';
import { CorrectedValues } from '../../event-values';
import { RequestEvent, requestEventTypes } from '../../events';
import { ExistingRequest, HistoryEntry, Request } from '../../request';

export interface CorrectRequest {
  /** Revision of the event whose facts were wrong. */
  readonly revision: number;
  readonly reason: string;
  readonly values: CorrectedValues;
}

const isGiven = (value: unknown): boolean => value !== undefined;

const correctableOf = ({ type }: HistoryEntry): readonly (keyof CorrectedValues)[] =>
  requestEventTypes[type].correctable ?? [];

// What a timer told follows from the case: it is put right by what it follows from.
const isByTimer = ({ type }: HistoryEntry): boolean => type.startsWith('ServiceLevel');

const misfits = (entry: HistoryEntry, values: CorrectedValues): string[] =>
  Object.entries(values)
    .filter(
      ([name, value]) =>
        isGiven(value) &&
        (name !== 'occurredAt' || isByTimer(entry)) &&
        !correctableOf(entry).some((allowed) => allowed === name),
    )
    .map(([name]) => name);

/** Another impact or urgency means another priority, worked out as it would have been at that event. */
const withPriority = (
  state: ExistingRequest,
  revision: number,
  values: CorrectedValues,
  standing: Standing,
): CorrectedValues => {
  if (!isGiven(values.impact) && !isGiven(values.urgency)) return values;
  const until = state.history.slice(0, revision + 1);
  const impact = values.impact ?? until.findLast((entry) => entry.impact)?.impact ?? state.impact;
  const urgency = values.urgency ?? until.findLast((entry) => entry.urgency)?.urgency ?? state.urgency;
  return { ...values, priority: matrixAt(standing)[impact][urgency] };
};

/** Says that an earlier fact was wrong and what is right. Nothing is edited: both stay readable, and the fold takes the right one. */
export const correct = (
  { revision, reason, values }: CorrectRequest,
  state: Request,
  configuration: Configuration,
): RequestEvent[] => {
  if (state.status === 'none') throw new Rejection('REQUEST_NOT_OPEN', 'there is no such request');
  const entry = state.history[revision];
  if (!entry)
    throw new Rejection('NOTHING_TO_CORRECT', `there is no event ${revision}`, [
      { pointer: '/revision', code: 'NOTHING_TO_CORRECT', detail: `the newest event is ${state.history.length - 1}` },
    ]);
  const wrong = misfits(entry, values);
  if (wrong.length || !Object.values(values).some(isGiven))
    throw new Rejection(
      'NOT_CORRECTABLE',
      `event ${revision} is ${entry.type}, of which can be corrected: ${[...correctableOf(entry), ...(isByTimer(entry) ? [] : ['occurredAt'])].join(', ') || 'nothing'}`,
      wrong.map((name) => ({
        pointer: `/${name}`,
        code: 'NOT_CORRECTABLE',
        detail: `is no value of ${entry.type}`,
      })),
    );
  // What might be said then is what was configured then.
  const standing = { configuration, at: entry.at };
  const { type, category, product, code } = values;
  refuseFaults(wordFaults(standing, { types: type, categories: category, products: product, codes: code }));
  const right = withPriority(state, revision, values, standing);
  return [{ type: 'RequestCorrected', data: { corrects: revision, reason, values: right } }];
};

/**
 * Turns the steps of one case into its events.
 *
 * Guarantee: every step has exactly one event that carries `sourceActivity`, the activity's name to the letter, so that counting
 * those in the history gives the counts of the log. What else follows from a row (an assignment, a change of class) are events of
 * their own with the row's origin. The same steps give the same events, always: no clock, no chance, no look at other cases.
 */
import { Decided } from '../../eventing/command-runner';
import { RequestEvent } from '../events';
import { Status } from '../vocabulary';
import { assigneeOf, classificationOf, Frame, Identities, Opening, openingOf, teamOf, word } from './case-facts';
import { after, CaseState, levelAbove, path } from './case-state';
import { ReadInstant } from './instants';
import { Mapping, StepRule } from './mapping';
import { fillIfTold, RowReader, Step } from './rows';

export interface MappedCase {
  readonly caseId: string;
  /** Without the number, which is made when the case is opened. */
  readonly opening: Decided<Opening>;
  readonly others: readonly Decided<RequestEvent>[];
}

const fits = ({ activities, when }: StepRule, { activity, cells }: Step): boolean =>
  (activities === 'any' || activities.includes(activity)) &&
  Object.entries(when).every(([column, wanted]) => wanted.includes(cells.get(column) ?? ''));

const recordOnly: StepRule = {
  ...{ activities: 'any', when: {}, opens: false, becomes: null, waitingFor: 'internal', assigns: null },
  ...{ classifies: null, escalates: false, responds: null, code: { constant: null }, text: null },
};

const ruleFor = ({ mapping }: Frame, step: Step): StepRule =>
  mapping.steps.find((rule) => fits(rule, step)) ?? recordOnly;

const stateAfterOpening = ({ data }: Opening): CaseState => {
  const { type, category, product, impact: impactNow, urgency, priority, team } = data;
  return {
    ...{ status: 'open', waitingFor: 'internal', team, assignee: null, level: 'L1' },
    classification: { type, category, product, impact: impactNow, urgency, priority },
  };
};

const classified = (frame: Frame, rule: StepRule, { cells }: Step, state: CaseState): readonly RequestEvent[] => {
  if (rule.classifies === null) return [];
  const now = classificationOf(frame, cells);
  if (rule.classifies === 'stated') return [{ type: 'RequestClassified', data: now }];
  const changed = Object.entries(now).filter(([name, value]) => Reflect.get(state.classification, name) !== value);
  return changed.length ? [{ type: 'RequestClassified', data: Object.fromEntries(changed) }] : [];
};

const assigned = (frame: Frame, { assigns }: StepRule, step: Step, state: CaseState): readonly RequestEvent[] => {
  const team = assigns === null ? null : (teamOf(frame, step.cells) ?? state.team);
  if (team === null) return [];
  const assignee = assigns === 'person' ? assigneeOf(frame, step) : null;
  if (team === state.team && assignee === state.assignee) return [];
  const from = state.team === null ? null : { team: state.team, assignee: state.assignee };
  return [{ type: 'RequestAssigned', data: { team, assignee, from } }];
};

const said = (rule: StepRule, step: Step, state: CaseState): readonly RequestEvent[] => {
  const text = rule.responds === null ? null : fillIfTold(rule.responds, step.cells);
  const reason = textOf(rule, step);
  const to = levelAbove(state.level);
  return [
    ...(text !== null ? [{ type: 'RequestResponded', data: { text, by: 'staff' } } as const] : []),
    ...(rule.escalates && to !== state.level
      ? [{ type: 'RequestEscalated', data: { from: state.level, to, reason } } as const]
      : []),
  ];
};

const textOf = ({ text }: StepRule, { activity, cells }: Step): string =>
  (text === null ? null : fillIfTold(text, cells)) ?? activity;

const moved = (rule: StepRule, step: Step, state: CaseState, to: Status | null): readonly RequestEvent[] =>
  to === null
    ? []
    : path(state, to, { code: word(rule.code, step.cells), text: textOf(rule, step), waitingFor: rule.waitingFor });

/** Weight of an event as the one that its row is about; the later of two equals counts. */
const aboutness: Readonly<Partial<Record<RequestEvent['type'], number>>> = {
  ...{ RequestClassified: 1, RequestAssigned: 2, RequestResponded: 3, RequestEscalated: 4, RequestResumed: 5 },
  ...{ RequestReopened: 6, RequestHeld: 7, RequestResolved: 7, RequestClosed: 8, RequestCancelled: 8 },
  ...{ RequestOpened: 9, RequestActivityRecorded: 9 },
};

const weightOf = ({ type }: RequestEvent): number => aboutness[type] ?? 0;

const principalOf = (events: readonly RequestEvent[]): RequestEvent | undefined =>
  events.reduce<RequestEvent | undefined>(
    (best, event) => (best && weightOf(best) > weightOf(event) ? best : event),
    undefined,
  );

interface Noted {
  readonly step: Step;
  readonly previous: Before | undefined;
}

/** When the step before happened; `row` null for an opening that columns tell of. */
interface Before {
  readonly at: number;
  readonly row: number | null;
}

/** Several moments of one row are in the order that the mapping gives them: there is nothing odd about a tie. */
const orderFlag = ({ instant, row }: Step, previous: Before | undefined): string | null => {
  if (!previous || instant.at > previous.at) return null;
  if (instant.at < previous.at) return 'time-step-back';
  return row === previous.row ? null : 'time-tie';
};

const flagsOf = (flags: readonly (string | null)[]): { flags?: string } => {
  const present = flags.filter((flag) => flag !== null);
  return present.length ? { flags: present.join(' ') } : {};
};

const originOf = ({ batch }: Frame, { row }: Step): string => `import:${batch}:${row}`;
const iso = ({ at }: ReadInstant): string => new Date(at).toISOString();

/** The circumstances of an event that a row gave rise to. */
const annotate = <E extends RequestEvent | Opening>(
  frame: Frame,
  event: E,
  { step, previous }: Noted,
  isPrincipal: boolean,
): Decided<E> => ({
  ...event,
  notes: {
    occurredAt: iso(step.instant),
    origin: originOf(frame, step),
    actor: step.by === undefined ? frame.ids.importer : frame.ids.staff(step.by),
    ...(isPrincipal ? { sourceActivity: step.activity } : {}),
    ...flagsOf([
      step.by === undefined ? 'no-actor' : null,
      isPrincipal ? step.instant.flag : null,
      isPrincipal ? orderFlag(step, previous) : null,
    ]),
  },
});

interface Begun {
  readonly opening: Decided<Opening>;
  readonly state: CaseState;
  /** The opening is itself the first step. */
  readonly takesFirst: boolean;
}

/** The case's opening: its first row, or columns that tell of it, or else what the first row lets us infer. */
const begin = (frame: Frame, first: Step): Begun => {
  const { mapping, reader, ids } = frame;
  const at = reader.opening?.(first.cells);
  const isFirst = ruleFor(frame, first).opens;
  const told = !isFirst && at !== undefined;
  const opening = openingOf(frame, first.cells, !isFirst && !told);
  const state = stateAfterOpening(opening);
  if (isFirst) {
    return { opening: annotate(frame, opening, { step: first, previous: undefined }, true), state, takesFirst: true };
  }
  const name = told && mapping.opening?.by ? first.cells.get(mapping.opening.by) : first.by;
  const notes = {
    occurredAt: iso(at ?? first.instant),
    origin: originOf(frame, first),
    actor: name === undefined ? ids.importer : ids.staff(name),
    ...flagsOf([told ? (at.flag ?? null) : 'no-opening', name === undefined ? 'no-actor' : null]),
  };
  return { opening: { ...opening, notes }, state, takesFirst: false };
};

const eventsOf = (frame: Frame, step: Step, state: CaseState): readonly RequestEvent[] => {
  const rule = ruleFor(frame, step);
  const reopens = moved(rule, step, state, rule.becomes === 'open' ? 'open' : null);
  const ends = moved(rule, step, state, rule.becomes === 'open' ? null : rule.becomes);
  return [
    ...reopens,
    ...classified(frame, rule, step, state),
    ...assigned(frame, rule, step, state),
    ...said(rule, step, state),
    ...ends,
  ];
};

/** Every event of a step but the principal one follows from it. */
const stepEvents = (frame: Frame, noted: Noted, state: CaseState, isOpening: boolean): Decided<RequestEvent>[] => {
  const events = eventsOf(frame, noted.step, state);
  if (isOpening) return events.map((event) => annotate(frame, event, noted, false));
  const activity: RequestEvent = { type: 'RequestActivityRecorded', data: { activity: noted.step.activity } };
  const all = events.length ? events : [activity];
  const principal = principalOf(all);
  return all.map((event) => annotate(frame, event, noted, event === principal));
};

const inOrder = ({ mapping }: Frame, steps: readonly Step[]): readonly Step[] =>
  mapping.order === 'file' ? steps : [...steps].sort((one, other) => one.instant.at - other.instant.at);

/** @param steps of one case in the order of the file, at least one */
export const mapCase = (
  mapping: Mapping,
  reader: RowReader,
  ids: Identities,
  batch: string,
  caseId: string,
  steps: readonly Step[],
): MappedCase => {
  const frame: Frame = { mapping, reader, ids, batch, caseId };
  const [first, ...later] = inOrder(frame, steps);
  if (!first) throw new Error('a case needs a step');
  const { opening, state: begun, takesFirst } = begin(frame, first);
  // An opening that columns tell of comes before the first row, and may be dated after it.
  const openedAt = takesFirst ? undefined : reader.opening?.(first.cells);
  let state = begun;
  let previous: Before | undefined = openedAt && { at: openedAt.at, row: null };
  const others: Decided<RequestEvent>[] = [];
  for (const step of [first, ...later]) {
    const events = stepEvents(frame, { step, previous }, state, takesFirst && step === first);
    state = events.reduce<CaseState>(after, state);
    previous = { at: step.instant.at, row: step.row };
    others.push(...events);
  }
  return { caseId, opening, others };
};

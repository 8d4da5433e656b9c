import { Recorded } from '../../eventing/event';
import { ExceptionEvent } from '../events';
import { evolveException, ExceptionCase, noException } from '../exception';

/** An exception told from its log: each event and what it is after it. It rests on no read model. */
export interface ExceptionStep {
  readonly revision: number;
  readonly type: ExceptionEvent['type'];
  readonly actor: string;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly origin: string;
  readonly data: ExceptionEvent['data'];
  readonly state: ExceptionState;
}

export interface ExceptionState {
  readonly status: ExceptionCase['status'];
  readonly class: string | null;
  readonly owner: string | null;
  /** Who has approved what is pending, and what it rests on. */
  readonly approvals: readonly string[];
  readonly granted: readonly string[];
  readonly validUntil: string | null;
}

const stateOf = (state: ExceptionCase): ExceptionState =>
  state.status === 'none'
    ? { status: 'none', class: null, owner: null, approvals: [], granted: [], validUntil: null }
    : {
        ...{ status: state.status, class: state.assessment && state.assessment.class, owner: state.owner },
        ...{ approvals: state.approvals.map(({ by }) => by), granted: state.granted.map(({ by }) => by) },
        validUntil: state.validUntil,
      };

/** @param events of one exception, from its first on */
export const replayException = (events: readonly Recorded<ExceptionEvent>[]): readonly ExceptionStep[] => {
  let state = noException;
  return events.map((event) => {
    state = evolveException(state, event);
    const { revision, type, data, metadata } = event;
    const { actor, recordedAt, occurredAt, origin } = metadata;
    return { ...{ revision, type, actor, recordedAt, occurredAt, origin, data }, state: stateOf(state) };
  });
};

/** Staff whom an answer should name by their handles. */
export const staffIn = (steps: readonly ExceptionStep[]): ReadonlySet<string> =>
  new Set(
    steps.flatMap(({ actor, data, state: { owner, approvals, granted } }) => [
      ...[actor, ...approvals, ...granted, ...(owner === null ? [] : [owner])],
      ...Object.values(data).filter((value): value is string => typeof value === 'string'),
    ]),
  );

/** The line below an event. @param named the handle of an id */
export const exceptionStateText = (state: ExceptionState, named: (id: string) => string): string => {
  const { status, class: grade, owner, approvals, granted, validUntil } = state;
  return [
    ...[status, grade, owner === null ? null : `owned by ${named(owner)}`],
    approvals.length ? `approved so far by ${approvals.map(named).join(', ')}` : null,
    granted.length ? `rests on ${granted.map(named).join(', ')}` : null,
    validUntil === null ? null : `until ${validUntil}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
};

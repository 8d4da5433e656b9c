import { matrixAt, Standing } from '../../../configuration/configuration';
import { GivenFields, readFields, refuseFaults, wordFaults } from '../../../configuration/words';
import { Decided } from '../../../eventing/command-runner';
import { ownMember } from '../../../eventing/own-member';
import { sameJson } from '../../../eventing/same-json';
import { Rejection } from '../../../eventing/rejection';
import { Classification, FieldValues } from '../../event-values';
import { RequestEvent } from '../../events';
import { Request, withFields } from '../../request';
import { route, routingFacts } from '../../routing';

export interface ClassifyRequest extends Partial<Omit<Classification, 'priority'>> {
  /** Custom fields, as they were given; null takes a value away. */
  readonly fields?: GivenFields | undefined;
  readonly segment?: string | null;
}

const given = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

const names = ['type', 'category', 'product', 'impact', 'urgency', 'priority'] as const;

/** Those that say something else than the case does. A text that stands there is sealed: it is said anew. */
const filledIn = (values: FieldValues, known: FieldValues): FieldValues =>
  Object.fromEntries(Object.entries(values).filter(([id, value]) => !sameJson(value, ownMember(known, id) ?? null)));

/**
 * Says what kind of case it is, what it concerns and how much it matters; the priority follows from impact and urgency. While
 * nobody has it, routing may choose another team.
 */
export const classify = (
  { fields = {}, segment = null, ...words }: ClassifyRequest,
  state: Request,
  standing: Standing,
): Decided<RequestEvent>[] => {
  if (state.status !== 'open' && state.status !== 'held')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  const said = { ...state, ...given(words) };
  const isMoved = said.impact !== state.impact || said.urgency !== state.urgency;
  // Another matrix alone gives no case another priority.
  const priority = isMoved ? matrixAt(standing)[said.impact][said.urgency] : state.priority;
  const wanted: Classification = { ...said, priority };
  const changed = names.filter((name) => wanted[name] !== state[name]);
  const { type, category, product } = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
  const isTyped = type !== undefined || Object.keys(fields).length > 0;
  const read = isTyped ? readFields(standing, wanted.type, fields, state.fields) : { values: {}, faults: [] };
  refuseFaults([...wordFaults(standing, { types: type, categories: category, products: product }), ...read.faults]);
  const filled = filledIn(read.values, state.fields);
  if (!changed.length && !Object.keys(filled).length) return [];
  const facts = routingFacts(wanted, withFields(state.fields, filled), segment);
  return [
    ...(changed.length
      ? [{ type: 'RequestClassified', data: Object.fromEntries(changed.map((name) => [name, wanted[name]])) } as const]
      : []),
    ...(Object.keys(filled).length ? [{ type: 'RequestFieldsFilled', data: { fields: filled } } as const] : []),
    ...route(standing, { facts, assignment: state.assignment, routedBy: state.routedBy }),
  ];
};

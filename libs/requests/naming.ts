import { Decided } from '../eventing/command-runner';
import { Book, Choice, choose, MatchFacts } from '../service-levels/book';
import { knownTerms, standardKey } from '../service-levels/known-terms';
import { TermsKey } from '../service-levels/policy';
import { RequestEvent } from './events';

/** What a policy asks of a case, and the terms that its events named last. */
export interface Standing {
  readonly facts: MatchFacts;
  readonly terms: TermsKey;
}

const factsAfter = (facts: MatchFacts, event: RequestEvent): MatchFacts => {
  switch (event.type) {
    case 'RequestOpened': {
      const { type, category, product, team, priority } = event.data;
      return { ...facts, type, category, product, team, priority };
    }
    case 'RequestClassified': {
      const { type = facts.type, category = facts.category, product = facts.product } = event.data;
      return { ...facts, type, category, product, priority: event.data.priority ?? facts.priority };
    }
    case 'RequestAssigned':
      return { ...facts, team: event.data.team };
    default:
      return facts;
  }
};

const chooses = ({ type }: RequestEvent): boolean =>
  type === 'RequestOpened' || type === 'RequestClassified' || type === 'RequestAssigned';

/** A case stays with the revision that it is under, as long as the same policy is for it and does not say otherwise. */
const keeps = (current: TermsKey, { terms, policy }: Choice): boolean => {
  if (terms === current) return true;
  const { id, revisionChange } = knownTerms(current).policy;
  return revisionChange === 'keep' && policy.startsWith(`${id}@`);
};

export interface NamedEvent {
  readonly event: Decided<RequestEvent>;
  readonly after: Standing;
}

/**
 * The event with the policy that it chooses for its case, when it chooses another one than the case is under.
 * @param before null before the opening @param at epoch milliseconds: the policies of then
 */
export const nameTerms = (
  book: Book,
  before: Standing | null,
  event: Decided<RequestEvent>,
  at: number,
  customerSegment: string | null,
): NamedEvent => {
  const facts = { ...factsAfter(before?.facts ?? blank, event), customerSegment };
  if (!chooses(event)) return { event, after: { facts, terms: before?.terms ?? standardKey } };
  const choice = choose(book, facts, at);
  if (before && keeps(before.terms, choice)) return { event, after: { facts, terms: before.terms } };
  return { event: { ...event, notes: { ...event.notes, ...choice } }, after: { facts, terms: choice.terms } };
};

const blank: MatchFacts = {
  ...{ type: '', category: null, product: null, customerSegment: null, team: null, priority: 'P5' },
};

/** Names the terms of a whole history that comes in at once, each event by the policies of its own day. */
export const nameHistory = (
  book: Book,
  events: readonly Decided<RequestEvent>[],
  before: Standing | null = null,
): readonly NamedEvent[] => {
  let standing = before;
  let last = 0;
  return events.map((event) => {
    last = Math.max(last, Date.parse(event.notes?.occurredAt ?? '') || 0);
    const named = nameTerms(book, standing, event, last, null);
    standing = named.after;
    return named;
  });
};

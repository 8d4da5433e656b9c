import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { retentionCategory, RetentionEvent } from './events';

/** How long customers are kept after the end of their cases, by the category of the case. */
export const retentionKey = 'rules';
export const retentionDaysMax = 36_500;
export const retentionRulesMax = 200;

export interface RetentionRule {
  /** Null: of every category without a rule of its own. */
  readonly category: string | null;
  readonly days: number;
}

export interface Retention {
  readonly rules: readonly RetentionRule[];
}

const without = ({ rules }: Retention, category: string | null): readonly RetentionRule[] =>
  rules.filter((rule) => rule.category !== category);

export const evolveRetention = (state: Retention, event: Recorded<RetentionEvent>): Retention => {
  switch (event.type) {
    case 'RetentionRuleSet': {
      const { category, days } = event.data;
      return { rules: [...without(state, category), { category, days }] };
    }
    case 'RetentionRuleWithdrawn':
      return { rules: without(state, event.data.category) };
  }
};

export const retentionEvolution: Evolution<Retention, RetentionEvent> = {
  category: retentionCategory,
  initialState: { rules: [] },
  evolve: evolveRetention,
  ownerOf: () => undefined,
};

/** The rules with one of them as it might be. */
export const withRule = (state: Retention, rule: RetentionRule): Retention => ({
  rules: [...without(state, rule.category), rule],
});

/** What a customer's cases have to be for them to be erased: ended, each for as long as its category's rule says. */
export interface RetentionCutoffs {
  readonly categories: readonly string[];
  /** RFC 3339 in UTC, for each category: what ended by then is over. */
  readonly cutoffs: readonly string[];
  /** For all other categories; null when they are kept for ever. */
  readonly otherwise: string | null;
}

const dayMilliseconds = 86_400_000;

/** @param now epoch milliseconds */
export const cutoffsAt = ({ rules }: Retention, now: number): RetentionCutoffs => {
  const before = (days: number): string => new Date(now - days * dayMilliseconds).toISOString();
  const named = rules.flatMap(({ category, days }) => (category === null ? [] : [{ category, cutoff: before(days) }]));
  const other = rules.find(({ category }) => category === null);
  return {
    categories: named.map(({ category }) => category),
    cutoffs: named.map(({ cutoff }) => cutoff),
    otherwise: other ? before(other.days) : null,
  };
};

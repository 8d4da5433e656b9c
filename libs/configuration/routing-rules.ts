import { matchedBy } from '../service-levels/match';
import { RoutingBody, RoutingMatch, RoutingRule } from './definitions';

/** What a rule asks of a request. */
export interface RoutingFacts {
  readonly type: string;
  readonly category: string | null;
  readonly product: string | null;
  readonly priority: string;
  readonly impact: string;
  readonly language: string | null;
  readonly segment: string | null;
}

const asked = [
  ['types', 'type'],
  ['categories', 'category'],
  ['products', 'product'],
  ['priorities', 'priority'],
  ['impacts', 'impact'],
  ['languages', 'language'],
  ['segments', 'segment'],
] as const satisfies readonly (readonly [keyof RoutingMatch, keyof RoutingFacts])[];

/** A rule that matches, and by what: `type=incident priority=P1`, or `everything`. */
export interface RuleChoice {
  readonly rule: RoutingRule;
  readonly matched: string;
}

/** The first rule that matches. */
export const chooseRule = ({ rules }: RoutingBody, facts: RoutingFacts): RuleChoice | null => {
  for (const rule of rules) {
    const matched = matchedBy(asked, rule.when, facts);
    if (matched !== null) return { rule, matched };
  }
  return null;
};

export const asksForSegments = ({ rules }: RoutingBody): boolean =>
  rules.some(({ when }) => when.segments !== undefined);

import { Rejection } from '../../../eventing/rejection';
import { RetentionEvent } from '../../events';
import { Retention, RetentionRule, retentionRulesMax } from '../../retention';

/** Says after how many days customers whose cases have ended are erased. */
export const setRetention = ({ category, days }: RetentionRule, { rules }: Retention): RetentionEvent[] => {
  const known = rules.find((rule) => rule.category === category);
  if (known?.days === days) return [];
  if (!known && rules.length >= retentionRulesMax)
    throw new Rejection('TOO_MANY_RETENTION_RULES', `there are at most ${retentionRulesMax} rules`);
  return [{ type: 'RetentionRuleSet', data: { category, days } }];
};

/** Takes a rule away: what it was for falls under the general rule, or is kept for ever where there is none. */
export const withdrawRetention = (
  { category }: Pick<RetentionRule, 'category'>,
  { rules }: Retention,
): RetentionEvent[] =>
  rules.some((rule) => rule.category === category) ? [{ type: 'RetentionRuleWithdrawn', data: { category } }] : [];

import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { ownMember } from '../eventing/own-member';
import { Rejection } from '../eventing/rejection';
import { automationCategory, RuleEvent } from './events';
import { Rule, RuleBody } from './rule';

export interface RuleEntry {
  readonly revisions: readonly Rule[];
  readonly isEnabled: boolean;
  /** Since when the newest revision holds, or since when it is enabled; epoch milliseconds. */
  readonly since: number;
}

/** All rules as their events make them. */
export type Rules = Readonly<Record<string, RuleEntry>>;

const daySeconds = 86_400;
const seeded = (id: string, body: RuleBody): RuleEntry => ({
  revisions: [{ id, revision: 1, ...body }],
  isEnabled: false,
  since: 0,
});

/** Rules that are there from the start and do nothing until somebody enables them. */
export const initialRules: Rules = {
  'close-quiet': seeded('close-quiet', {
    when: { on: 'quiet', status: 'resolved', seconds: 14 * daySeconds, calendar: 'always' },
    ...{ conditions: [], then: { verb: 'close', body: {} } },
  }),
  'resume-held': seeded('resume-held', {
    ...{ when: { on: 'hold-until' }, conditions: [], then: { verb: 'resume', body: {} } },
  }),
};

const noRule: RuleEntry = { revisions: [], isEnabled: false, since: 0 };
export const entryOf = (rules: Rules, id: string): RuleEntry => ownMember(rules, id) ?? noRule;

export const evolveRules = (rules: Rules, { type, data, metadata }: Recorded<RuleEvent>): Rules => {
  const entry = entryOf(rules, data.id);
  const since = Date.parse(metadata.recordedAt);
  switch (type) {
    case 'RuleSaved':
      return { ...rules, [data.id]: { ...entry, revisions: [...entry.revisions, data], since } };
    case 'RuleEnabled':
      return { ...rules, [data.id]: { ...entry, isEnabled: true, since } };
    case 'RuleDisabled':
      return { ...rules, [data.id]: { ...entry, isEnabled: false } };
  }
};

export const rulesEvolution: Evolution<Rules, RuleEvent> = {
  ...{ category: automationCategory, initialState: initialRules, evolve: evolveRules, ownerOf: () => undefined },
};

const rulesMax = 200;

/** Saves what a rule is from now on. A new one does nothing until it is enabled. */
export const saveRule = ({ id, ...body }: RuleBody & { readonly id: string }, rules: Rules): RuleEvent[] => {
  const last = entryOf(rules, id).revisions.at(-1);
  if (!last && Object.keys(rules).length >= rulesMax)
    throw new Rejection('TOO_MANY_RULES', `there are at most ${rulesMax} rules`);
  const { id: _id, revision = 0, ...before } = last ?? { id, ...body, revision: 0 };
  if (last && JSON.stringify(before) === JSON.stringify(body)) return [];
  return [{ type: 'RuleSaved', data: { id, revision: revision + 1, ...body } }];
};

export const switchRule = (
  { id, isEnabled }: { readonly id: string; readonly isEnabled: boolean },
  rules: Rules,
): RuleEvent[] => {
  const entry = entryOf(rules, id);
  if (!entry.revisions.length) throw new Rejection('UNKNOWN_RULE', `there is no rule ${id}`);
  if (entry.isEnabled === isEnabled) return [];
  return [{ type: isEnabled ? 'RuleEnabled' : 'RuleDisabled', data: { id } }];
};

/** Rules that act. @param at only on what was recorded since they hold; epoch milliseconds */
export const enabledRules = (rules: Rules, at = Infinity): readonly Rule[] =>
  Object.values(rules).flatMap(({ revisions, isEnabled, since }) => {
    const rule = revisions.at(-1);
    return rule && isEnabled && since <= at ? [rule] : [];
  });

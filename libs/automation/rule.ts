import { type OrderVerb } from '../requests/order-verbs';

/**
 * A rule: when something happens to a case, or nothing does for a while, and the case is so, then one command.
 *
 * There is no language: the words below are all that a rule can say. It ends, whatever the rules are: a rule never reacts to what it
 * led to itself, directly or through others, and nothing reacts to what `chainMax` rules in a row have led to.
 */
export const triggerTypes = [
  ...(['RequestOpened', 'RequestClassified', 'RequestAssigned', 'RequestEscalated', 'RequestHeld'] as const),
  ...(['RequestResumed', 'RequestResponded', 'RequestNoted', 'RequestResolved', 'RequestClosed'] as const),
  ...(['RequestReopened', 'RequestCancelled'] as const),
  ...(['ServiceLevelWarned', 'ServiceLevelBreached', 'ServiceLevelOverdue'] as const),
] as const;
export type TriggerType = (typeof triggerTypes)[number];

export const conditionFields = [
  ...(['status', 'type', 'category', 'product', 'impact', 'urgency', 'priority'] as const),
  ...(['team', 'assignee', 'level', 'waitingFor'] as const),
] as const;
export type ConditionField = (typeof conditionFields)[number];

/** What a condition asks of a case; null: it has none. */
export type CaseFacts = Readonly<Record<ConditionField, string | null>>;

export interface Condition {
  readonly field: ConditionField;
  /** One of these; null stands for none. */
  readonly in: readonly (string | null)[];
  /** True: none of these. */
  readonly not: boolean;
}

export const quietStatuses = ['open', 'held', 'resolved'] as const;

export type Trigger =
  | { readonly on: 'event'; readonly types: readonly TriggerType[] }
  /** The case has been in this status, and its customer silent, for so many seconds of a calendar. */
  | {
      readonly on: 'quiet';
      readonly status: (typeof quietStatuses)[number];
      readonly seconds: number;
      readonly calendar: string;
    }
  /** The instant until which it was put on hold has come. */
  | { readonly on: 'hold-until' };

export interface RuleBody {
  readonly when: Trigger;
  readonly conditions: readonly Condition[];
  readonly then: { readonly verb: OrderVerb; readonly body: object };
}

export interface Rule extends RuleBody {
  readonly id: string;
  readonly revision: number;
}

/** How many rules in a row may lead to one thing. */
export const chainMax = 5;

export const matches = (conditions: readonly Condition[], facts: CaseFacts): boolean =>
  conditions.every(({ field, in: values, not }) => values.includes(facts[field]) !== not);

/** Rules that led to something, as its metadata names them. */
export const chainOf = (rules: string | undefined): readonly string[] => rules?.split(' ') ?? [];

export const nameOf = ({ id, revision }: Pick<Rule, 'id' | 'revision'>): string => `${id}@${revision}`;

/** Whether a rule may react to what these rules have led to. */
export const mayReact = (id: string, chain: readonly string[]): boolean =>
  chain.length < chainMax && !chain.some((name) => name.startsWith(`${id}@`));

import { EventType } from '../eventing/event-types';
import { RuleBody } from './rule';

/** All rules of an installation stand in one stream, so that they have one order. A revision never changes. */
export const automationCategory = 'automation';
export const rulesKey = 'rules';

export type RuleEvent =
  | { readonly type: 'RuleSaved'; readonly data: { readonly id: string; readonly revision: number } & RuleBody }
  | { readonly type: 'RuleEnabled'; readonly data: { readonly id: string } }
  | { readonly type: 'RuleDisabled'; readonly data: { readonly id: string } };

/** What a rule did, and what came of it: a stream each, under the id of its command. */
export const firingCategory = 'firing';

export interface FiringEvent {
  readonly type: 'RuleFired';
  readonly data: {
    /** `close-quiet@3` */
    readonly rule: string;
    readonly number: string;
    readonly verb: string | null;
    /** Event that it followed from. */
    readonly cause: string;
    /** What was recorded in the case; empty when it was so already, or refused. */
    readonly events: readonly string[];
    /** Why it was refused. */
    readonly code: string | null;
  };
}

export const automationEventTypes: Readonly<Record<RuleEvent['type'] | FiringEvent['type'], EventType>> = {
  RuleSaved: {
    schema: 1,
    personal: [],
    plain: [
      ...['/id', '/when/on', '/when/types/*', '/when/status', '/when/calendar'],
      ...['/conditions/*/field', '/conditions/*/in/*', '/then/verb', '/then/body/*'],
    ],
  },
  RuleEnabled: { schema: 1, personal: [], plain: ['/id'] },
  RuleDisabled: { schema: 1, personal: [], plain: ['/id'] },
  RuleFired: { schema: 1, personal: [], plain: ['/rule', '/number', '/verb', '/cause', '/events/*', '/code'] },
};

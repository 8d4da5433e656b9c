import { carries, EventOf } from '../eventing/event-types';
import { RuleBody } from './rule';

/** All rules of an installation stand in one stream, so that they have one order. A revision never changes. */
export const automationCategory = 'automation';
export const rulesKey = 'rules';

/** What a rule did, and what came of it: a stream each, under the id of its command. */
export const firingCategory = 'firing';

export const automationEventTypes = {
  RuleSaved: carries<{ readonly id: string; readonly revision: number } & RuleBody>({
    schema: 1,
    personal: [],
    plain: [
      ...['/id', '/when/on', '/when/types/*', '/when/status', '/when/calendar'],
      ...['/conditions/*/field', '/conditions/*/in/*', '/then/verb', '/then/body/*'],
    ],
  }),
  RuleEnabled: carries<{ readonly id: string }>({ schema: 1, personal: [], plain: ['/id'] }),
  RuleDisabled: carries<{ readonly id: string }>({ schema: 1, personal: [], plain: ['/id'] }),
  RuleFired: carries<{
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
  }>({ schema: 1, personal: [], plain: ['/rule', '/number', '/verb', '/cause', '/events/*', '/code'] }),
};

export type RuleEvent = EventOf<typeof automationEventTypes, 'RuleSaved' | 'RuleEnabled' | 'RuleDisabled'>;
export type FiringEvent = EventOf<typeof automationEventTypes, 'RuleFired'>;

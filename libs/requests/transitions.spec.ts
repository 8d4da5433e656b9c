import { RequestEvent } from './events';
import { assign } from './commands/assign/assign';
import { cancel } from './commands/cancel/cancel';
import { classify } from './commands/classify/classify';
import { close } from './commands/close/close';
import { correct } from './commands/correct/correct';
import { escalate } from './commands/escalate/escalate';
import { hold } from './commands/hold/hold';
import { note } from './commands/note/note';
import { open, OpenRequest } from './commands/open/open';
import { reopen } from './commands/reopen/reopen';
import { respond } from './commands/respond/respond';
import { resume } from './commands/resume/resume';
import { fold } from '../eventing/decider';
import { recorded } from '../eventing/testing/specification';
import { Request, requestEvolution } from './request';
import { resolve } from './resolving';
import { begun, given, histories, number } from './testing/given';
import { transitions, Verb } from './testing/transition-table';

type Rule = (state: Request) => readonly RequestEvent[];

const opening: OpenRequest = {
  number,
  subject: 'Printer on fire',
  description: 'Smoke from tray 2',
  type: 'incident',
  category: null,
  product: null,
  impact: 'high',
  urgency: 'high',
  team: null,
  customer: 'customer-1',
};

const rules: Readonly<Record<Verb, Rule>> = {
  open: (state) => open(opening, state, begun),
  classify: (state) => classify({ impact: 'low' }, state, begun),
  assign: (state) => assign({ team: 'team-1', assignee: null }, state),
  escalate: (state) => escalate({ to: 'L2', reason: 'hard' }, state),
  hold: (state) => hold({ reason: 'asked', waitingFor: 'supplier', until: null }, state),
  resume: (state) => resume({}, state),
  respond: (state) => respond({ text: 'Hello', by: 'staff', writtenBy: 'staff' }, state, begun),
  note: (state) => note({ text: 'Seen before' }, state),
  resolve: (state) => resolve({ code: 'other', resolution: 'Explained' }, state, begun),
  close: (state) => close({}, state),
  reopen: (state) => reopen({ reason: 'again' }, state),
  cancel: (state) => cancel({ reason: 'withdrawn' }, state),
  correct: (state) =>
    correct({ revision: 0, reason: 'typo', values: { type: 'question' } }, state, begun.configuration),
};

/** Number of events decided. */
const decided = (rule: Rule, history: readonly RequestEvent[]): number =>
  rule(fold(requestEvolution, recorded('request', number, history))).length;

const counts: Readonly<Record<string, number>> = { ok: 1, '-': 0 };

it.each(transitions)('$verb when $status: $cell', ({ verb, status, cell }) => {
  const history = histories[status];
  if (cell in counts) expect(decided(rules[verb], history)).toBe(counts[cell]);
  else
    given(...history)
      .when(rules[verb])
      .refused(cell);
});

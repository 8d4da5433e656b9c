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

const rules: Readonly<Record<string, Rule>> = {
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

// One row a verb, one cell a status: `ok` decides an event, `-` is already so, anything else is the code of the refusal.
const N = 'REQUEST_NOT_OPEN';
const table: Readonly<Record<string, readonly string[]>> = {
  //          none                    open                    held                   resolved                closed                  cancelled
  open: ['ok', 'REQUEST_EXISTS', 'REQUEST_EXISTS', 'REQUEST_EXISTS', 'REQUEST_EXISTS', 'REQUEST_EXISTS'],
  classify: [N, 'ok', 'ok', N, N, N],
  assign: [N, 'ok', 'ok', N, N, N],
  escalate: [N, 'ok', N, N, N, N],
  hold: [N, 'ok', 'REQUEST_ON_HOLD', N, N, N],
  resume: ['REQUEST_NOT_ON_HOLD', '-', 'ok', 'REQUEST_NOT_ON_HOLD', 'REQUEST_NOT_ON_HOLD', 'REQUEST_NOT_ON_HOLD'],
  respond: [N, 'ok', 'ok', 'ok', N, N],
  note: [N, 'ok', 'ok', 'ok', 'ok', 'ok'],
  resolve: [N, 'ok', 'ok', N, N, N],
  close: ['REQUEST_NOT_RESOLVED', 'REQUEST_NOT_RESOLVED', 'REQUEST_NOT_RESOLVED', 'ok', '-', 'REQUEST_NOT_RESOLVED'],
  reopen: ['REQUEST_NOT_RESOLVED', '-', '-', 'ok', 'ok', 'REQUEST_NOT_RESOLVED'],
  cancel: [N, 'ok', 'ok', N, N, '-'],
  correct: [N, 'ok', 'ok', 'ok', 'ok', 'ok'],
};

/** Number of events decided. */
const decided = (rule: Rule, history: readonly RequestEvent[]): number =>
  rule(fold(requestEvolution, recorded('request', number, history))).length;

const counts: Readonly<Record<string, number>> = { ok: 1, '-': 0 };
const cells = Object.keys(rules).flatMap((verb) =>
  Object.entries(histories).map(([status, history], index) => ({
    verb,
    status,
    history,
    expected: table[verb]?.[index] ?? 'missing',
  })),
);

it.each(cells)('$verb when $status: $expected', ({ verb, history, expected }) => {
  const rule = rules[verb];
  if (!rule) throw new Error(`no rule for ${verb}`);
  if (expected in counts) expect(decided(rule, history)).toBe(counts[expected]);
  else
    given(...history)
      .when(rule)
      .refused(expected);
});

it('covers every verb and every status', () => {
  expect(Object.keys(table).sort()).toEqual(Object.keys(rules).sort());
  for (const row of Object.values(table)) expect(row).toHaveLength(Object.keys(histories).length);
});

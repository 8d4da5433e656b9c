import { Request } from '../request';

type Column = Request['status'];

const columns = ['none', 'open', 'held', 'resolved', 'closed', 'cancelled'] as const satisfies readonly Column[];

/** `ok` decides an event, `-` is already so, anything else is the code of the refusal. */
type Row = readonly [string, string, string, string, string, string];

const N = 'REQUEST_NOT_OPEN';
const table = {
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
} as const satisfies Readonly<Record<string, Row>>;

export type Verb = keyof typeof table;

/** What each verb does in each status, written down apart from the rules. */
export const transitions = Object.entries(table).flatMap(([verb, row]) =>
  row.map((cell, column) => ({ verb: verb as Verb, status: columns[column]!, cell })),
);

export const cellOf = (verb: Verb, status: Column): string => table[verb][columns.indexOf(status)]!;

import { Sending } from '../channels/delivery';
import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { isSealed } from '../eventing/sealed';
import { mergedRejection } from '../relations/relate';
import { isClerical } from './clock-events';
import { correctRequest, isRequestCorrection } from './corrections';
import { Assignment, Classification, FieldValues, FileContent } from './event-values';
import { requestCategory, RequestEvent, RequestEventType } from './events';
import { isReport, reported, sendingOf } from './sending';
import { evolveTimekeeping, Timekeeping, untimed } from './timers';
import { Awaited, Level } from './vocabulary';

/** Where a text stands in the history and which key opens it. */
export interface TextPlace {
  readonly pointer: string;
  readonly valueKey: string;
}

export interface FileFact {
  readonly content: FileContent;
  readonly isRefused: boolean;
  /** The customer added it. */
  readonly isCustomers: boolean;
}

export interface HistoryEntry {
  readonly type: RequestEventType;
  /** When it was recorded; epoch milliseconds. */
  readonly at: number;
  readonly impact?: Classification['impact'] | undefined;
  readonly urgency?: Classification['urgency'] | undefined;
  readonly texts: readonly TextPlace[];
  /** Of a `RequestFileAttached`. */
  readonly file?: FileFact | undefined;
  /** Of an answer: the draft that it was. */
  readonly draft?: number | undefined;
  /** Of a message that somebody has to carry to the customer. */
  readonly sending?: Sending | undefined;
}

/** The rule that chose the team, as long as the team has the case. */
export interface RoutedBy {
  readonly team: string;
  readonly rule: string;
  readonly skills: readonly string[];
}

interface Facts extends Classification {
  readonly number: string;
  readonly customer: string;
  readonly assignment: Assignment | null;
  readonly level: Level;
  readonly fields: FieldValues;
  readonly routedBy: RoutedBy | null;
  /** The request that stands for this one. */
  readonly mergedInto: string | null;
  /** One entry an event, by revision: what corrections and redactions need to know of the past. */
  readonly history: readonly HistoryEntry[];
  readonly time: Timekeeping;
}

interface Ended {
  /** When it was resolved or cancelled; of an imported case that was only closed, when that was. Epoch milliseconds. */
  readonly endedAt: number;
}

/** A case as its events make it. */
export type Request =
  | { readonly status: 'none'; readonly number: '' }
  | (Facts & { readonly status: 'open' })
  | (Facts & { readonly status: 'held'; readonly waitingFor: Awaited; readonly until: string | null })
  | (Facts & Ended & { readonly status: 'resolved'; readonly code: string })
  | (Facts & Ended & { readonly status: 'closed' })
  | (Facts & Ended & { readonly status: 'cancelled' });

export type ExistingRequest = Exclude<Request, { status: 'none' }>;

export const initialRequest: Request = { status: 'none', number: '' };

const textsIn = (value: unknown, pointer = ''): readonly TextPlace[] => {
  if (isSealed(value)) return [{ pointer, valueKey: value.v }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => textsIn(member, `${pointer}/${key}`));
};

const fileIn = ({ type, data, metadata }: Recorded<RequestEvent>, customer: string): FileFact | undefined =>
  type === 'RequestFileAttached'
    ? { content: data.content, isRefused: data.scan.verdict === 'refused', isCustomers: metadata.actor === customer }
    : undefined;

const entryOf = (event: Recorded<RequestEvent>, customer: string): HistoryEntry => {
  const { type, data, metadata } = event;
  const file = fileIn(event, customer);
  const sending = sendingOf(event);
  return {
    type,
    at: Date.parse(metadata.recordedAt),
    // A file has a key of its own as a text has, and is redacted like one.
    texts: [...textsIn(data), ...(file ? [{ pointer: '/content', valueKey: file.content.valueKey }] : [])],
    ...(file && { file }),
    ...(sending && { sending }),
    ...('draft' in data ? { draft: data.draft } : {}),
    ...('impact' in data ? { impact: data.impact } : {}),
    ...('urgency' in data ? { urgency: data.urgency } : {}),
  };
};

/** The facts without what belongs to one status only. */
const factsOf = ({
  number,
  customer,
  type,
  category,
  product,
  impact,
  urgency,
  priority,
  assignment,
  level,
  fields,
  routedBy,
  mergedInto,
  history,
  time,
}: Facts): Facts => ({
  ...{ number, customer, type, category, product, impact, urgency, priority },
  ...{ assignment, level, fields, routedBy, mergedInto, history, time },
});

const withReport = (history: readonly HistoryEntry[], event: Recorded<RequestEvent>): readonly HistoryEntry[] =>
  isReport(event)
    ? history.map((entry, revision) =>
        revision === event.data.about && entry.sending ? { ...entry, sending: reported(entry.sending, event) } : entry,
      )
    : history;

const opened = (event: Recorded<Extract<RequestEvent, { type: 'RequestOpened' }>>): Request => {
  const { number, customer, type, category, product, impact, urgency, priority, team } = event.data;
  const assignment = team === null ? null : { team, assignee: null };
  const history = [entryOf(event, customer)];
  return {
    status: 'open',
    number,
    customer,
    type,
    category,
    product,
    impact,
    urgency,
    priority,
    assignment,
    level: 'L1',
    fields: {},
    routedBy: null,
    mergedInto: null,
    history,
    time: evolveTimekeeping(untimed, event),
  };
};

const present = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Fields with those that were filled in; a null takes one away. */
export const withFields = (fields: FieldValues, filled: FieldValues): FieldValues =>
  Object.fromEntries(Object.entries({ ...fields, ...filled }).filter(([, value]) => value !== null));

/** Folds one event into a case. Total: imported histories hold steps that no decider would have allowed. */
export const evolve = (state: Request, event: Recorded<RequestEvent>): Request => {
  if (event.type === 'RequestOpened') return opened(event);
  if (state.status === 'none') return state;
  const known: ExistingRequest = {
    ...state,
    history: [...withReport(state.history, event), entryOf(event, state.customer)],
    time: evolveTimekeeping(state.time, event),
  };
  const facts = factsOf(known);
  const at = Date.parse(event.metadata.occurredAt);
  switch (event.type) {
    case 'RequestClassified':
      return { ...known, ...present(event.data) };
    case 'RequestAssigned':
      return {
        ...known,
        assignment: { team: event.data.team, assignee: event.data.assignee },
        routedBy: state.routedBy?.team === event.data.team ? state.routedBy : null,
      };
    case 'RequestRouted': {
      const { team, rule, skills } = event.data;
      return { ...known, routedBy: { team, rule, skills } };
    }
    case 'RequestFieldsFilled':
      return { ...known, fields: withFields(state.fields, event.data.fields) };
    case 'RequestEscalated':
      return { ...known, level: event.data.to };
    case 'RequestHeld':
      return { ...facts, status: 'held', waitingFor: event.data.waitingFor, until: event.data.until };
    case 'RequestResumed':
    case 'RequestReopened':
      return { ...facts, status: 'open' };
    case 'RequestResolved':
      return { ...facts, status: 'resolved', code: event.data.code, endedAt: at };
    case 'RequestClosed':
      return { ...facts, status: 'closed', endedAt: 'endedAt' in state ? state.endedAt : at };
    case 'RequestCancelled':
      return { ...facts, status: 'cancelled', endedAt: at };
    case 'RequestMerged':
      return { ...known, mergedInto: event.data.into };
    case 'RequestUnmerged':
      return { ...known, mergedInto: null };
    default:
      return known;
  }
};

export const requestEvolution: Evolution<Request, RequestEvent> = {
  category: requestCategory,
  initialState: initialRequest,
  evolve,
  correct: correctRequest,
  isCorrection: isRequestCorrection,
  // Timers and processes may come late with what nobody waits for any more.
  admit: (state, events) => {
    if (state.status !== 'none' && state.mergedInto !== null && !events.every(isClerical))
      throw mergedRejection(state.number, state.mergedInto);
  },
  ownerOf: (state, event) => {
    if (state.status !== 'none') return state.customer;
    return event?.type === 'RequestOpened' ? event.data.customer : undefined;
  },
};

import { Recorded } from '../../../eventing/event';
import { PersonalText } from '../../../eventing/sealed';
import { Classification, ContactDetails, FieldValues } from '../../event-values';
import { RequestEvent, RequestEventOf } from '../../events';
import { withFields } from '../../request';
import { Awaited, Level, Status } from '../../vocabulary';
import { caseProjection } from '../case-projection';

/** The case as it stands. Instants are what the events say, RFC 3339 in UTC. */
export interface RequestRow extends Classification {
  readonly status: Status;
  readonly subject: PersonalText;
  readonly description: PersonalText;
  readonly customer: string;
  readonly contact: ContactDetails | null;
  /** Custom fields by id. */
  readonly fields: FieldValues;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly level: Level;
  readonly hold: Hold | null;
  readonly resolution: Resolution | null;
  /** Empty before the opening. */
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  /** Of closing or cancelling. */
  readonly closedAt: string | null;
  /** The latest instant of all events; a step backwards in an imported log does not lower it. */
  readonly updatedAt: string;
  readonly isImported: boolean;
  readonly isIncomplete: boolean;
  readonly responses: number;
  readonly notes: number;
  readonly reopenings: number;
  /** The last that was given. */
  readonly feedback: Feedback | null;
  /** The case that stands for this one. */
  readonly mergedInto: string | null;
  readonly parent: string | null;
  readonly children: number;
  /** Other links than to parent and children. */
  readonly links: number;
  /** Cases that this one stands for. */
  readonly merged: number;
}

export interface Feedback {
  /** 1 to 5, 5 is best. */
  readonly rating: number;
  readonly text: PersonalText | null;
  readonly at: string;
}

export interface Hold {
  readonly waitingFor: Awaited;
  readonly until: string | null;
  readonly reason: PersonalText;
  readonly since: string;
}

export interface Resolution {
  readonly code: string;
  readonly text: PersonalText;
}

const unopened: RequestRow = {
  status: 'open',
  type: '',
  category: null,
  product: null,
  impact: 'low',
  urgency: 'low',
  priority: 'P5',
  subject: '',
  description: '',
  customer: '',
  contact: null,
  fields: {},
  team: null,
  assignee: null,
  level: 'L1',
  hold: null,
  resolution: null,
  openedAt: '',
  resolvedAt: null,
  closedAt: null,
  updatedAt: '',
  isImported: false,
  isIncomplete: false,
  responses: 0,
  notes: 0,
  reopenings: 0,
  feedback: null,
  mergedInto: null,
  parent: null,
  children: 0,
  links: 0,
  merged: 0,
};

type Linked = RequestEventOf<'RequestLinked' | 'RequestUnlinked'>;

const linked = (row: RequestRow, { type, data: { relation, number } }: Linked): RequestRow => {
  const isLinked = type === 'RequestLinked';
  const step = isLinked ? 1 : -1;
  if (relation === 'parent') return { ...row, parent: isLinked ? number : null };
  if (relation === 'child') return { ...row, children: row.children + step };
  return { ...row, links: row.links + step };
};

const opened = ({ data, metadata }: Recorded<RequestEventOf<'RequestOpened'>>): RequestRow => {
  const { type, category, product, impact, urgency, priority, subject, description, customer, team } = data;
  const classification = { type, category, product, impact, urgency, priority };
  return {
    ...unopened,
    ...classification,
    subject,
    description,
    customer,
    contact: data.contact ?? null,
    team,
    openedAt: metadata.occurredAt,
    updatedAt: metadata.occurredAt,
    isImported: metadata.origin.startsWith('import:'),
    isIncomplete: data.incomplete === true,
  };
};

const classified = (row: RequestRow, data: Partial<Classification>): RequestRow => {
  const { type = row.type, category = row.category, product = row.product } = data;
  const { impact = row.impact, urgency = row.urgency, priority = row.priority } = data;
  return { ...row, type, category, product, impact, urgency, priority };
};

const later = (left: string, right: string): string => (Date.parse(right) > Date.parse(left) ? right : left);

/** Total: imported histories hold steps that no decider would have allowed. No row before the opening. */
export const evolveRequestRow = (before: RequestRow, event: Recorded<RequestEvent>): RequestRow | null => {
  const at = event.metadata.occurredAt;
  if (event.type === 'RequestOpened') return opened(event);
  if (before.openedAt === '') return null;
  const row = { ...before, updatedAt: later(before.updatedAt, at) };
  switch (event.type) {
    case 'RequestClassified':
      return classified(row, event.data);
    case 'RequestFieldsFilled':
      return { ...row, fields: withFields(row.fields, event.data.fields) };
    case 'RequestAssigned':
      return { ...row, team: event.data.team, assignee: event.data.assignee };
    case 'RequestEscalated':
      return { ...row, level: event.data.to };
    case 'RequestHeld': {
      const { waitingFor, until, reason } = event.data;
      return { ...row, status: 'held', hold: { waitingFor, until, reason, since: at } };
    }
    case 'RequestResumed':
      return { ...row, status: 'open', hold: null };
    case 'RequestReopened': {
      const again = { resolution: null, resolvedAt: null, closedAt: null, reopenings: row.reopenings + 1 };
      return { ...row, ...again, status: 'open', hold: null };
    }
    case 'RequestResolved': {
      const { code, resolution } = event.data;
      return { ...row, status: 'resolved', hold: null, resolution: { code, text: resolution }, resolvedAt: at };
    }
    case 'RequestClosed':
      return { ...row, status: 'closed', hold: null, closedAt: at };
    case 'RequestCancelled':
      return { ...row, status: 'cancelled', hold: null, closedAt: at };
    case 'RequestResponded':
      return { ...row, responses: row.responses + 1 };
    case 'RequestFeedbackGiven': {
      const { rating, text = null } = event.data;
      return { ...row, feedback: { rating, text, at } };
    }
    case 'RequestNoted':
      return { ...row, notes: row.notes + 1 };
    case 'RequestLinked':
    case 'RequestUnlinked':
      return linked(row, event);
    case 'RequestMerged':
      return { ...row, mergedInto: event.data.into };
    case 'RequestAbsorbed':
      return { ...row, merged: row.merged + event.data.members.length };
    default:
      return row;
  }
};

export const requestProjection = caseProjection<RequestRow>({
  name: 'request',
  version: 4,
  initial: () => unopened,
  evolve: evolveRequestRow,
  columns: {
    customer: { type: 'text', of: ({ customer }) => customer },
    team: { type: 'text', of: ({ team }) => team },
    assignee: { type: 'text', of: ({ assignee }) => assignee },
    merged_into: { type: 'text', of: ({ mergedInto }) => mergedInto },
  },
  indexes: ['customer, key'],
});

import { Channel } from '../../../channels/channels';
import { Recorded } from '../../../eventing/event';
import { Projection } from '../../../eventing/projections/projection';
import { PersonalText } from '../../../eventing/sealed';
import { exceptionCategory, ExceptionEvent } from '../../events';
import { evolveException, ExistingException, noException } from '../../exception';
import { timersOf } from '../../timers';

const kept = 20;

export interface Notice {
  readonly revision: number;
  readonly at: string;
  readonly by: string;
  readonly channel: Channel;
  readonly text: PersonalText;
}

export interface Feedback {
  readonly at: string;
  readonly from: 'customer' | 'staff';
  readonly rating: number;
  readonly text: PersonalText | null;
}

interface ActionTexts {
  readonly text: PersonalText;
  readonly completion: PersonalText | null;
  readonly verification: PersonalText | null;
}

/** An exception as it stands: its state, and the texts that the rules do not ask for. Instants are RFC 3339 in UTC. */
export interface ExceptionRow {
  /** null before the opening. */
  readonly state: ExistingException | null;
  readonly what: PersonalText;
  readonly why: PersonalText;
  readonly reasoning: PersonalText | null;
  readonly rejection: PersonalText | null;
  readonly prevention: PersonalText | null;
  readonly actions: readonly ActionTexts[];
  /** The newest, the latest last. */
  readonly notices: readonly Notice[];
  readonly feedback: readonly Feedback[];
  readonly feedbackCount: number;
  readonly approvals: number;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly approvedAt: string | null;
  readonly endedAt: string | null;
  readonly updatedAt: string;
}

const unopened: ExceptionRow = {
  ...{ state: null, what: '', why: '', reasoning: null, rejection: null, prevention: null, actions: [] },
  ...{ notices: [], feedback: [], feedbackCount: 0, approvals: 0, openedBy: '', openedAt: '' },
  ...{ approvedAt: null, endedAt: null, updatedAt: '' },
};

const withTexts = (row: ExceptionRow, action: number, change: Partial<ActionTexts>): ExceptionRow => ({
  ...row,
  actions: row.actions.map((each, index) => (index === action - 1 ? { ...each, ...change } : each)),
});

const textsAfter = (row: ExceptionRow, event: Recorded<ExceptionEvent>): ExceptionRow => {
  const { occurredAt: at, actor } = event.metadata;
  switch (event.type) {
    case 'ExceptionOpened':
      return { ...unopened, what: event.data.what, why: event.data.why, openedBy: event.data.by, openedAt: at };
    case 'ExceptionAmended':
      return { ...row, what: event.data.what ?? row.what, why: event.data.why ?? row.why, rejection: null };
    case 'ExceptionAssessed':
      return { ...row, reasoning: event.data.reasoning };
    case 'ExceptionFoundUnneeded':
      return { ...row, reasoning: event.data.reasoning, endedAt: at };
    case 'ExceptionApproved':
      return { ...row, approvals: row.approvals + 1, approvedAt: at };
    case 'ExceptionRejected':
      return { ...row, rejection: event.data.reason };
    case 'ExceptionActionPlanned': {
      const action = { text: event.data.text, completion: null, verification: null };
      return { ...row, actions: [...row.actions, action] };
    }
    case 'ExceptionActionCompleted':
      return withTexts(row, event.data.action, { completion: event.data.text });
    case 'ExceptionActionVerified':
      return withTexts(row, event.data.action, { verification: event.data.text });
    case 'ExceptionCustomerInformed': {
      const { channel, text } = event.data;
      const notice = { revision: event.revision, at, by: actor, channel, text };
      return { ...row, notices: [...row.notices, notice].slice(-kept) };
    }
    case 'ExceptionClosed':
      return { ...row, prevention: event.data.prevention, endedAt: at };
    case 'ExceptionWithdrawn':
      return { ...row, endedAt: at };
    case 'ExceptionFeedbackGiven': {
      const { from, rating, text = null } = event.data;
      const feedback = [...row.feedback, { at, from, rating, text }].slice(-kept);
      return { ...row, feedback, feedbackCount: row.feedbackCount + 1 };
    }
    default:
      return row;
  }
};

/** Total. No row before the opening. */
export const evolveExceptionRow = (before: ExceptionRow, event: Recorded<ExceptionEvent>): ExceptionRow | null => {
  const state = evolveException(before.state ?? noException, event);
  if (state.status === 'none') return null;
  return { ...textsAfter(before, event), state, updatedAt: event.metadata.occurredAt };
};

const column = (of: (state: ExistingException) => string | null) => ({
  type: 'text' as const,
  of: ({ state }: ExceptionRow) => state && of(state),
});

export const exceptionProjection: Projection<ExceptionRow, ExceptionEvent> = {
  name: 'exception',
  version: 2,
  category: exceptionCategory,
  initial: () => unopened,
  evolve: evolveExceptionRow,
  columns: {
    customer: column(({ customer }) => customer),
    status: column(({ status }) => status),
    kind: column(({ kind }) => kind),
    category: column(({ category }) => category),
    product: column(({ product }) => product),
    cause: column(({ cause }) => cause),
    owner: column(({ owner }) => owner),
    class: column(({ assessment }) => assessment && assessment.class),
    opened_at: { type: 'timestamptz', of: ({ openedAt }) => openedAt },
    // Rows of which nothing waits to be carried stand last.
    waiting_since: {
      type: 'text',
      of: ({ state }) => state?.sent.find(({ status }) => status === 'waiting')?.since ?? 'infinity',
    },
    // Rows without a timer stand last, and are not looked at.
    timer_at: { type: 'timestamptz', of: ({ state }) => (state && timersOf(state)[0]?.at) ?? 'infinity' },
  },
  indexes: [
    'customer, status, opened_at, key',
    'status, opened_at, key',
    'opened_at, key',
    'kind, opened_at, key',
    'timer_at, key',
    'waiting_since, key',
    `using gin ((row -> 'state' -> 'requests'))`,
  ],
};

import { carries, EventOf } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';
import { Role } from '../platform/auth/caller';
import { OrderVerb } from '../requests/order-verbs';

/** A bulk job: one order for many cases, as somebody gave it. A stream each, under the job's id. */
export const bulkCategory = 'bulk';

/** `nothing`: it was so already. */
export const itemOutcomes = ['done', 'nothing', 'refused'] as const;
export type ItemOutcome = (typeof itemOutcomes)[number];

export interface BulkItem {
  readonly number: string;
  readonly outcome: ItemOutcome;
  /** Why it was refused: the code that the same order would be refused with by itself. */
  readonly code: string | null;
  /** Of the case afterwards; null where it was refused. */
  readonly revision: number | null;
}

/** What the cases were chosen by; the numbers are those that it gave at the time. */
export interface BulkFilter {
  readonly status?: readonly string[] | undefined;
  readonly priority?: readonly string[] | undefined;
  readonly team?: string | undefined;
  readonly assignee?: string | undefined;
  readonly type?: string | undefined;
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly customer?: string | undefined;
}

const filter = ['status/*', 'priority/*', 'team', 'assignee', 'type', 'category', 'product', 'customer'];

export const bulkEventTypes = {
  BulkStarted: carries<{
    readonly by: string;
    readonly role: Role;
    readonly verb: OrderVerb;
    /** Body of the order as JSON, under the key of whoever gave it. */
    readonly words: PersonalText;
    readonly numbers: readonly string[];
    readonly filter: BulkFilter | null;
  }>({
    schema: 1,
    personal: ['/words'],
    plain: ['/by', '/role', '/verb', '/numbers/*', ...filter.map((name) => `/filter/${name}`)],
  }),
  /** What became of the next ones; `upTo` of all have been gone through by now. */
  BulkItemsDone: carries<{ readonly items: readonly BulkItem[]; readonly upTo: number }>({
    schema: 1,
    personal: [],
    plain: ['/items/*/number', '/items/*/outcome', '/items/*/code'],
  }),
  BulkCompleted: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
  /** What has been done stays done; the rest is left alone. */
  BulkCancelled: carries<{ readonly by: string }>({ schema: 1, personal: [], plain: ['/by'] }),
};

export type BulkEventType = keyof typeof bulkEventTypes;
export type BulkEventOf<T extends BulkEventType> = EventOf<typeof bulkEventTypes, T>;
export type BulkEvent = BulkEventOf<BulkEventType>;

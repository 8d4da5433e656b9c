import { Priority, Status } from '../../vocabulary';
import { Holder } from '../holders';

/** What cases must be to be found; what is left out does not matter. Team, assignee and customer are ids, instants RFC 3339 in UTC. */
export interface SearchFilter {
  readonly number?: string | undefined;
  readonly statuses?: readonly Status[] | undefined;
  readonly priorities?: readonly Priority[] | undefined;
  readonly team?: string | undefined;
  readonly assignee?: string | undefined;
  /** Which of the two nobody has been named for. */
  readonly without?: readonly Holder[] | undefined;
  readonly type?: string | undefined;
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly customer?: string | undefined;
  readonly openedFrom?: string | undefined;
  /** Before this instant. */
  readonly openedTo?: string | undefined;
  readonly resolvedFrom?: string | undefined;
  readonly resolvedTo?: string | undefined;
  readonly dueBefore?: string | undefined;
  readonly dueFrom?: string | undefined;
}

export const searchOrders = ['relevance', 'newest', 'oldest', 'due'] as const;
export type SearchOrder = (typeof searchOrders)[number];

/** Matches up to here are counted exactly, and sorted in any order. */
export const matchesMax = 10_000;
/** Relevance is worked out for so many of the newest matches. */
export const rankedMax = 1_000;
/** Where there are more matches than are counted, so many cases are walked through for a page. */
export const walkedMax = 5_000;

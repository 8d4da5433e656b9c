import { Recorded } from '../../../eventing/event';
import { RequestEvent } from '../../events';
import { Relation } from '../../vocabulary';
import { caseProjection } from '../case-projection';

/** What a case hangs together with, in the order in which it came about. Instants are RFC 3339 in UTC. */
export interface RelationsRow {
  /** Empty before the opening. */
  readonly customer: string;
  readonly links: readonly LinkRow[];
  readonly mergedInto: { readonly number: string; readonly since: string } | null;
  /** What was merged into it, each with what had been merged into that. */
  readonly absorbed: readonly AbsorbedRow[];
  readonly splitFrom: SplitRow | null;
  readonly splitOff: readonly SplitRow[];
  /** The request that had ended for good when the customer wrote about it again. */
  readonly followUpOf: string | null;
  /** The parent that it was resolved with, until it is reopened. */
  readonly resolvedWith: string | null;
}

export interface LinkRow {
  readonly relation: Relation;
  readonly number: string;
  readonly since: string;
}

export interface AbsorbedRow {
  readonly number: string;
  readonly members: readonly string[];
  readonly since: string;
}

export interface SplitRow {
  readonly number: string;
  /** Of the messages, in the case that they come from. */
  readonly revisions: readonly number[];
  readonly since: string;
}

const unopened: RelationsRow = {
  ...{ customer: '', links: [], mergedInto: null, absorbed: [], splitFrom: null, splitOff: [] },
  ...{ followUpOf: null, resolvedWith: null },
};

const isSame = (one: LinkRow, { relation, number }: Pick<LinkRow, 'relation' | 'number'>): boolean =>
  one.relation === relation && one.number === number;

export const evolveRelations = (row: RelationsRow, event: Recorded<RequestEvent>): RelationsRow | null => {
  if (event.type === 'RequestOpened') {
    const { customer, followUpOf = null } = event.data;
    return { ...unopened, customer, followUpOf };
  }
  if (row.customer === '') return null;
  const since = event.metadata.occurredAt;
  switch (event.type) {
    case 'RequestLinked':
      return { ...row, links: [...row.links, { ...event.data, since }] };
    case 'RequestUnlinked':
      return { ...row, links: row.links.filter((each) => !isSame(each, event.data)) };
    case 'RequestMerged':
      return event.data.into === null ? row : { ...row, mergedInto: { number: event.data.into, since } };
    case 'RequestAbsorbed': {
      const { number, members: all } = event.data;
      const members = all.map((each) => each.number);
      return members.includes(number) ? { ...row, absorbed: [...row.absorbed, { number, members, since }] } : row;
    }
    case 'RequestSplitFrom':
      return { ...row, splitFrom: { ...event.data, since } };
    case 'RequestSplitOff': {
      const { into: number, revisions } = event.data;
      return { ...row, splitOff: [...row.splitOff, { number, revisions, since }] };
    }
    case 'RequestResolvedWith':
      return { ...row, resolvedWith: event.data.number };
    case 'RequestReopened':
      return { ...row, resolvedWith: null };
    default:
      return row;
  }
};

export const relationsProjection = caseProjection<RelationsRow>({
  name: 'relations',
  version: 2,
  initial: () => unopened,
  evolve: evolveRelations,
  columns: {
    customer: { type: 'text', of: ({ customer }) => customer },
    follow_up_of: { type: 'text', of: ({ followUpOf }) => followUpOf },
  },
  indexes: ['follow_up_of, key'],
});

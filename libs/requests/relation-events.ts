import { PersonalText } from '../eventing/sealed';
import { carries } from './event-class';
import { AbsorbedMember } from './event-values';
import { Relation } from './vocabulary';

interface LinkedTo {
  readonly relation: Relation;
  readonly number: string;
}

/** What hangs together is decided on all requests at once, see `libs/relations`; here stands what it means for one of them. */
export const caseRelationEventTypes = {
  RequestLinked: carries<LinkedTo>({ schema: 1, personal: [], plain: ['/relation', '/number'] }),
  RequestUnlinked: carries<LinkedTo>({ schema: 1, personal: [], plain: ['/relation', '/number'] }),
  /** `into` stands for this one from now on. The fold reads null where that was taken back since. */
  RequestMerged: carries<{ readonly into: string | null; readonly reason: PersonalText | null }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/into'],
    forCustomers: true,
    searched: { reason: 'D' },
  }),
  RequestUnmerged: carries<{ readonly from: string; readonly reason: PersonalText | null }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/from'],
    forCustomers: true,
    searched: { reason: 'D' },
  }),
  /** It stands for another one from now on, and for all `members` that had been merged into that one. */
  RequestAbsorbed: carries<{ readonly number: string; readonly members: readonly AbsorbedMember[] }>({
    schema: 1,
    personal: [],
    plain: ['/number', '/members/*/number', ...['metric', 'from', 'to'].map((name) => `/members/*/waits/*/${name}`)],
  }),
  RequestSeparated: carries<{ readonly number: string; readonly members: readonly string[] }>({
    schema: 1,
    personal: [],
    plain: ['/number', '/members/*'],
  }),
  /** Messages of this one have become another request. */
  RequestSplitOff: carries<{ readonly into: string; readonly revisions: readonly number[] }>({
    schema: 1,
    personal: [],
    plain: ['/into'],
    forCustomers: true,
  }),
  RequestSplitFrom: carries<{ readonly number: string; readonly revisions: readonly number[] }>({
    schema: 1,
    personal: [],
    plain: ['/number'],
    forCustomers: true,
  }),
  /** A message as it stands in the request that this one was split from. */
  RequestMessageCopied: carries<{
    readonly number: string;
    readonly revision: number;
    readonly text: PersonalText;
    readonly by: 'staff' | 'customer';
    readonly author: string;
    /** RFC 3339, UTC, milliseconds. */
    readonly writtenAt: string;
  }>({
    schema: 1,
    personal: ['/text'],
    plain: ['/number', '/by', '/author', '/writtenAt'],
    correctable: ['text'],
    forCustomers: true,
    searched: { text: 'C' },
  }),
  /** How it was resolved is how its open children are. */
  RequestResolutionShared: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
  /** It was resolved because this parent of it was. */
  RequestResolvedWith: carries<{ readonly number: string }>({ schema: 1, personal: [], plain: ['/number'] }),
};

import { Evolution } from '../eventing/decider';
import { always, Held, heldAt } from '../eventing/effective';
import { Recorded } from '../eventing/event';
import { ownMember } from '../eventing/own-member';
import { Calendar, CalendarBody } from './calendar-definition';
import { BookEvent, serviceLevelCategory } from './events';
import { learnTerms } from './known-terms';
import { matchedBy } from './match';
import { PolicyBody, PolicyMatch, Priority, ServiceLevelPolicy, TermsKey } from './policy';
import { seededCalendars, standardPolicy } from './seeds';

export interface CalendarEntry {
  readonly draft: CalendarBody | null;
  readonly revisions: readonly Held<Calendar>[];
}

export interface PolicyEntry {
  readonly draft: { readonly rank: number; readonly body: PolicyBody } | null;
  /** Of the newest revision. */
  readonly rank: number;
  readonly revisions: readonly Held<ServiceLevelPolicy>[];
  readonly retiredFrom: number | null;
}

/** All policies and calendars as their events make them. */
export interface Book {
  readonly calendars: Readonly<Record<string, CalendarEntry>>;
  readonly policies: Readonly<Record<string, PolicyEntry>>;
}

/** Behind all others: what holds for a case that nothing else matches. */
export const standardRank = 1_000_000;

export const initialBook: Book = {
  calendars: Object.fromEntries(
    seededCalendars.map((calendar) => [calendar.id, { draft: null, revisions: [always(calendar)] }]),
  ),
  policies: {
    [standardPolicy.id]: { draft: null, rank: standardRank, revisions: [always(standardPolicy)], retiredFrom: null },
  },
};

const noCalendar: CalendarEntry = { draft: null, revisions: [] };
const noPolicy: PolicyEntry = { draft: null, rank: 0, revisions: [], retiredFrom: null };

export const calendarEntry = ({ calendars }: Book, id: string): CalendarEntry => ownMember(calendars, id) ?? noCalendar;
export const policyEntry = ({ policies }: Book, id: string): PolicyEntry => ownMember(policies, id) ?? noPolicy;

const withCalendar = (book: Book, id: string, change: Partial<CalendarEntry>): Book => ({
  ...book,
  calendars: { ...book.calendars, [id]: { ...calendarEntry(book, id), ...change } },
});

const withPolicy = (book: Book, id: string, change: Partial<PolicyEntry>): Book => ({
  ...book,
  policies: { ...book.policies, [id]: { ...policyEntry(book, id), ...change } },
});

export const evolveBook = (book: Book, { type, data }: Recorded<BookEvent>): Book => {
  switch (type) {
    case 'CalendarDrafted':
      return withCalendar(book, data.id, { draft: data.body });
    case 'CalendarActivated': {
      const { id, revision, body, from, corrects } = data;
      const held = { value: { ...body, id, revision }, from: Date.parse(from), corrects };
      return withCalendar(book, id, { draft: null, revisions: [...calendarEntry(book, id).revisions, held] });
    }
    case 'PolicyDrafted':
      return withPolicy(book, data.id, { draft: { rank: data.rank, body: data.body } });
    case 'PolicyActivated': {
      const { id, revision, rank, body, from, corrects } = data;
      const held = { value: { ...body, id, revision }, from: Date.parse(from), corrects };
      const revisions = [...policyEntry(book, id).revisions, held];
      return withPolicy(book, id, { draft: null, rank, revisions, retiredFrom: null });
    }
    case 'PolicyRetired':
      return withPolicy(book, data.id, { retiredFrom: Date.parse(data.from) });
  }
};

export const bookEvolution: Evolution<Book, BookEvent> = {
  category: serviceLevelCategory,
  initialState: initialBook,
  evolve: evolveBook,
  ownerOf: () => undefined,
};

export const calendarsAt = ({ calendars }: Book, at: number): readonly Calendar[] =>
  Object.values(calendars).flatMap(({ revisions }) => heldAt(revisions, at) ?? []);

/** What a policy asks of a case. */
export interface MatchFacts {
  readonly type: string;
  readonly category: string | null;
  readonly product: string | null;
  readonly customerSegment: string | null;
  /** Id. */
  readonly team: string | null;
  readonly priority: Priority;
}

const asked = [
  ['types', 'type'],
  ['categories', 'category'],
  ['products', 'product'],
  ['customerSegments', 'customerSegment'],
  ['teams', 'team'],
  ['priorities', 'priority'],
] as const satisfies readonly (readonly [keyof PolicyMatch, keyof MatchFacts])[];

/** What of a case a policy was chosen by; null when it does not match. */
export const matchOf = (match: PolicyMatch, facts: MatchFacts): string | null => matchedBy(asked, match, facts);

/** The policy that holds for a case, as an event's metadata names it. */
export interface Choice {
  readonly policy: string;
  readonly calendar: string;
  readonly policyMatch: string;
  readonly terms: TermsKey;
}

export const nameOf = ({ id, revision }: { readonly id: string; readonly revision: number }): string =>
  `${id}@${revision}`;

/** Names a policy together with the revisions of its calendars that hold at an instant. */
export const choiceOf = (book: Book, policy: ServiceLevelPolicy, policyMatch: string, at: number): Choice => {
  const named = new Set(policy.clocks.flatMap(({ targets }) => Object.values(targets).map(({ calendar }) => calendar)));
  const calendars = [...named].sort().flatMap((id) => heldAt(calendarEntry(book, id).revisions, at) ?? []);
  const terms = learnTerms({ policy, calendars });
  return { policy: nameOf(policy), calendar: calendars.map(nameOf).join(' '), policyMatch, terms };
};

/** Policies that hold at an instant, the first one first. */
export const policiesAt = ({ policies }: Book, at: number): readonly ServiceLevelPolicy[] =>
  Object.entries(policies)
    .filter(([, { retiredFrom }]) => retiredFrom === null || retiredFrom > at)
    .sort(([a, one], [b, other]) => one.rank - other.rank || (a < b ? -1 : 1))
    .flatMap(([, { revisions }]) => heldAt(revisions, at) ?? []);

/** The first policy that matches. Every book has one that matches everything. */
export const choose = (book: Book, facts: MatchFacts, at: number): Choice => {
  for (const policy of policiesAt(book, at)) {
    const match = matchOf(policy.match, facts);
    if (match !== null) return choiceOf(book, policy, match, at);
  }
  return choiceOf(book, standardPolicy, 'everything', at);
};

/** The last instant, not after another, at which other policies or calendars began to hold; 0 when there was none. */
export const switchBefore = ({ policies, calendars }: Book, at: number): number => {
  let last = 0;
  for (const { retiredFrom } of Object.values(policies))
    if (retiredFrom !== null && retiredFrom <= at) last = Math.max(last, retiredFrom);
  for (const { revisions } of [...Object.values(policies), ...Object.values(calendars)])
    for (const { from } of revisions) if (from <= at) last = Math.max(last, from);
  return last;
};

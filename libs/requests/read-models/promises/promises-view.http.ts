import { ApiProperty } from '@nestjs/swagger';
import { Held, heldAt } from '../../../eventing/effective';
import { Book, CalendarEntry, PolicyEntry } from '../../../service-levels/book';
import { CalendarBody } from '../../../service-levels/calendar-definition';
import { PolicyBody } from '../../../service-levels/policy';

const instant = { type: String, format: 'date-time' } as const;
const anything = { type: 'object', additionalProperties: true } as const;

export class RevisionView {
  @ApiProperty({ example: 2 }) readonly revision: number;
  @ApiProperty({ ...instant, description: 'since when it holds for cases that are decided on' }) readonly from: string;
  @ApiProperty({ type: Number, nullable: true, description: 'the revision that was wrong, for which it stands in' })
  readonly corrects: number | null;
  @ApiProperty({ ...anything, description: 'all of it, as it was activated' }) readonly body: object;
}

export class CalendarView {
  @ApiProperty({ example: 'office' }) readonly id: string;
  @ApiProperty({ type: Number, nullable: true, description: 'the revision that holds now' })
  readonly holds: number | null;
  @ApiProperty({ ...anything, nullable: true, description: 'what it is to become' }) readonly draft: object | null;
  @ApiProperty({ type: [RevisionView] }) readonly revisions: readonly RevisionView[];
}

export class PolicyView extends CalendarView {
  @ApiProperty({ example: 10, description: 'of several that match, the one with the lowest is taken' })
  readonly rank: number;
  @ApiProperty({ ...instant, nullable: true }) readonly retiredFrom: string | null;
}

export class CalendarsAnswer {
  @ApiProperty({ type: [CalendarView] }) readonly items: readonly CalendarView[];
}

export class PoliciesAnswer {
  @ApiProperty({ type: [PolicyView], description: 'in the order in which they are tried' })
  readonly items: readonly PolicyView[];
}

/** How many cases a draft is for. Nobody is put under it by this. */
export class PreviewAnswer {
  @ApiProperty({ example: 'gold' }) readonly id: string;
  @ApiProperty({ description: 'open or held cases that it matches' }) readonly open: number;
  @ApiProperty({ description: 'all cases that it matches' }) readonly total: number;
  @ApiProperty({ type: [String], description: 'some of those, open ones first' }) readonly numbers: readonly string[];
}

const iso = (at: number): string => new Date(at).toISOString();

type Named<Body> = Body & { readonly id: string; readonly revision: number };

const revisionView = ({
  value: { id: _id, revision, ...body },
  from,
  corrects,
}: Held<Named<object>>): RevisionView => ({
  ...{ revision, from: iso(from), corrects, body },
});

const shared = <Body extends CalendarBody | PolicyBody>(
  id: string,
  draft: object | null,
  revisions: readonly Held<Named<Body>>[],
  now: number,
): CalendarView => ({
  ...{ id, draft, holds: heldAt(revisions, now)?.revision ?? null },
  revisions: revisions.map(revisionView),
});

export const calendarView = (id: string, { draft, revisions }: CalendarEntry, now: number): CalendarView =>
  shared(id, draft, revisions, now);

export const policyView = (
  id: string,
  { draft, rank, revisions, retiredFrom }: PolicyEntry,
  now: number,
): PolicyView => {
  const isRetired = retiredFrom !== null && retiredFrom <= now;
  const view = shared(id, draft && { rank: draft.rank, ...draft.body }, revisions, now);
  return {
    ...view,
    holds: isRetired ? null : view.holds,
    rank,
    retiredFrom: retiredFrom === null ? null : iso(retiredFrom),
  };
};

export const calendarViews = ({ calendars }: Book, now: number): readonly CalendarView[] =>
  Object.entries(calendars)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, entry]) => calendarView(id, entry, now));

export const policyViews = ({ policies }: Book, now: number): readonly PolicyView[] =>
  Object.entries(policies)
    .sort(([a, one], [b, other]) => one.rank - other.rank || (a < b ? -1 : 1))
    .map(([id, entry]) => policyView(id, entry, now));

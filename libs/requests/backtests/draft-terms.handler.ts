import { Injectable } from '@nestjs/common';
import { heldAt } from '../../eventing/effective';
import { refuseFaulty, Rejection } from '../../eventing/rejection';
import { calendarsAt, policyEntry } from '../../service-levels/book';
import { ServiceLevelBook } from '../../service-levels/book.adapter';
import { Calendar, calendarFaults } from '../../service-levels/calendar-definition';
import { calendarOf, DraftCalendarBody } from '../../service-levels/calendar-body.http';
import { fault, under } from '../../service-levels/fault';
import { PolicyBody, ServiceLevelPolicy, Terms } from '../../service-levels/policy';
import { DraftPolicyBody, policyOf } from '../../service-levels/policy-body.http';
import { policyFaults } from '../../service-levels/policy-faults';
import { Directory } from '../../teams/directory.adapter';

/** What is tried out: a policy of the book (its draft, if it has one) or one that is written out; and calendars in place of others. */
export interface Trial {
  readonly policy: string | DraftPolicyBody;
  /** By the id that policies name them with. */
  readonly calendars: Readonly<Record<string, DraftCalendarBody>>;
}

/** A number that no revision of the book has: it stands for what is not in it. */
const draftRevision = 0;
const writtenOut = 'trial';

@Injectable()
export class DraftTerms {
  constructor(
    private readonly book: ServiceLevelBook,
    private readonly directory: Directory,
  ) {}

  /** @throws Rejection POLICY_INVALID, CALENDAR_INVALID, NOTHING_ACTIVE, with a pointer to each fault */
  async of({ policy, calendars }: Trial, now: Date): Promise<Terms> {
    const book = await this.book.refresh();
    const tried = await Promise.all(Object.entries(calendars).map(([id, body]) => this.calendar(id, body, now)));
    const ids = new Set(tried.map(({ id }) => id));
    const all = [...calendarsAt(book, now.getTime()).filter(({ id }) => !ids.has(id)), ...tried];
    const chosen = typeof policy === 'string' ? await this.known(policy, now) : await this.written(policy);
    assertTriable(chosen, all);
    const named = new Set(
      chosen.clocks.flatMap(({ targets }) => Object.values(targets).map(({ calendar }) => calendar)),
    );
    return { policy: chosen, calendars: all.filter(({ id }) => named.has(id)) };
  }

  private async known(id: string, now: Date): Promise<ServiceLevelPolicy> {
    const { draft, revisions } = policyEntry(await this.book.current(), id);
    if (draft) return { ...draft.body, id, revision: draftRevision };
    const held = heldAt(revisions, now.getTime());
    if (!held) throw new Rejection('NOTHING_ACTIVE', `there is no policy ${id}`);
    return held;
  }

  private async written(body: DraftPolicyBody): Promise<ServiceLevelPolicy> {
    const policy = await policyOf(body, (team, pointer) => this.directory.knownTeam(team, pointer));
    return { ...policy, id: writtenOut, revision: draftRevision };
  }

  private async calendar(id: string, body: DraftCalendarBody, now: Date): Promise<Calendar> {
    const at = `/calendars/${id}`;
    const calendar = { ...(await calendarOf(body, now, at)), id, revision: draftRevision };
    refuseFaulty('CALENDAR_INVALID', `calendar ${id}`, under(at, calendarFaults(calendar)));
    return calendar;
  }
}

const assertTriable = (policy: PolicyBody & { readonly id: string }, calendars: readonly Calendar[]): void => {
  const faults = [
    ...policyFaults(policy, calendars),
    // The log says of a case who the customer is, not which segment they were in at the time.
    ...(policy.match.customerSegments === undefined
      ? []
      : [fault('/match/customerSegments', 'NOT_IN_THE_LOG', 'a back-test cannot match by it')]),
  ];
  refuseFaulty('POLICY_INVALID', `policy ${policy.id}`, faults);
};

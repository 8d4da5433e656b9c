import { Controller, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { NotFound } from '../../../eventing/failures';
import { ownMember } from '../../../eventing/own-member';
import { Rejection } from '../../../eventing/rejection';
import { readers } from '../../../platform/auth/caller';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { QueryOf, ReadRoute } from '../read-route.http';
import { PreviewQuery } from './preview.query';
import {
  CalendarsAnswer,
  CalendarView,
  calendarView,
  calendarViews,
  PoliciesAnswer,
  PolicyView,
  policyView,
  policyViews,
  PreviewAnswer,
} from './promises-view.http';

const found = <T>(entry: T | undefined): T => {
  if (entry === undefined) throw new NotFound();
  return entry;
};

/** What is promised, read from the book itself: it is small, and one stream. */
@Controller('v1/calendars')
export class CalendarsController {
  constructor(private readonly book: ServiceLevelBook) {}

  @ReadRoute('', readers)
  @ApiOperation({ operationId: 'getCalendars', summary: 'By which calendars time is counted.' })
  @ApiOkResponse({ type: CalendarsAnswer })
  async all(@QueryOf() _query: object): Promise<CalendarsAnswer> {
    return { items: calendarViews(await this.book.refresh(), Date.now()) };
  }

  @ReadRoute(':id', readers)
  @ApiOperation({ operationId: 'getCalendar', summary: 'One calendar with all its revisions and its draft.' })
  @ApiParam({ name: 'id', type: String, example: 'office' })
  @ApiOkResponse({ type: CalendarView })
  async one(@Param('id') id: string, @QueryOf() _query: object): Promise<CalendarView> {
    const { calendars } = await this.book.refresh();
    return calendarView(id, found(ownMember(calendars, id)), Date.now());
  }
}

@Controller('v1/service-level-policies')
export class PoliciesController {
  constructor(
    private readonly book: ServiceLevelBook,
    private readonly previews: PreviewQuery,
  ) {}

  @ReadRoute('', readers)
  @ApiOperation({ operationId: 'getPolicies', summary: 'What is promised, in the order in which it is tried.' })
  @ApiOkResponse({ type: PoliciesAnswer })
  async all(@QueryOf() _query: object): Promise<PoliciesAnswer> {
    return { items: policyViews(await this.book.refresh(), Date.now()) };
  }

  @ReadRoute(':id', readers)
  @ApiOperation({ operationId: 'getPolicy', summary: 'One policy with all its revisions and its draft.' })
  @ApiParam({ name: 'id', type: String, example: 'gold' })
  @ApiOkResponse({ type: PolicyView })
  async one(@Param('id') id: string, @QueryOf() _query: object): Promise<PolicyView> {
    return policyView(id, await this.entry(id), Date.now());
  }

  @ReadRoute(':id/preview', readers)
  @ApiOperation({ operationId: 'previewPolicy', summary: 'How many cases the draft of a policy is for.' })
  @ApiParam({ name: 'id', type: String, example: 'gold' })
  @ApiOkResponse({ type: PreviewAnswer })
  async preview(@Param('id') id: string, @QueryOf() _query: object): Promise<PreviewAnswer> {
    const { draft } = await this.entry(id);
    if (!draft) throw new Rejection('NOTHING_DRAFTED', `policy ${id} has no draft`);
    return { id, ...(await this.previews.of(draft.body.match)) };
  }

  private async entry(id: string) {
    const { policies } = await this.book.refresh();
    return found(ownMember(policies, id));
  }
}

import { Controller, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiQuery } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { CurrentCaller } from '../../platform/auth/auth.guard';
import { Caller, Scope } from '../../platform/auth/caller';
import { flag, wholeNumber } from '../../platform/http/query-parameters';
import { CallerScope, QueryOf, ReadPosition, readRoute, ValuesOf } from '../../platform/http/read-route.http';
import { DirectoryQuery } from '../../requests/read-models/directory/directory.query';
import { olderOf } from '../../requests/read-models/older-position';
import { ViewFilter, ViewList, viewLists } from '../events';
import { addressOf, Counted, CountedViews, ViewLists } from '../lists.query';
import { mayView } from '../permissions';
import { ViewReaders } from '../readers.handler';
import { mayChange } from '../view';
import { FoundView, ViewQuery } from './views.query';

// As many as one statement counts in the time that it has.
const viewsMax = 100;
const viewsUsual = 50;
const offsetMax = 100_000;
const parameters = { counts: flag, limit: wholeNumber(1, viewsMax), offset: wholeNumber(0, offsetMax) };

export class ViewView {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
  @ApiProperty({ example: '0' }) readonly revision: string;
  @ApiProperty({ example: 'Urgent and ours' }) readonly name: string;
  @ApiProperty({ enum: viewLists }) readonly list: ViewList;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { priority: 'P1,P2' } })
  readonly filter: ViewFilter;
  @ApiProperty({ example: '/v1/queue?priority=P1%2CP2', description: 'where its cases are; sort and limit may follow' })
  readonly address: string;
  @ApiProperty({ description: 'handle, or the id of one who is not known' }) readonly owner: string;
  @ApiProperty({ type: String, nullable: true, description: 'handle of the team that it is shared with' })
  readonly team: string | null;
  @ApiProperty({ description: 'whether the caller may change it' }) readonly mayChange: boolean;
  @ApiPropertyOptional({ type: 'integer', description: 'its cases, if asked for: what the list gives as its total' })
  readonly total?: number;
  @ApiPropertyOptional({ type: Boolean, description: 'there are more than are counted' })
  readonly totalIsAtLeast?: boolean;
}

export class ViewsAnswer {
  @ApiProperty({ type: [ViewView], description: 'by name' }) readonly items: readonly ViewView[];
  @ApiProperty({ description: 'views in all pages together' }) readonly total: number;
  @ApiProperty({ type: Number, nullable: true, description: 'null on the last page' })
  readonly nextOffset: number | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

const uncounted: CountedViews = { counts: [], position: undefined };

@Controller('v1/views')
export class ViewsController {
  constructor(
    private readonly views: ViewQuery,
    private readonly lists: ViewLists,
    private readonly readers: ViewReaders,
    private readonly directory: DirectoryQuery,
  ) {}

  /** The caller's own views, and those that are shared with their team. */
  @readRoute('', { roles: mayView, tag: 'views', missing: 'there is nothing here' })
  @ApiOperation({
    operationId: 'getViews',
    summary: 'One’s own saved views and those of one’s team, with their counts.',
  })
  @ApiQuery({ name: 'counts', required: false, description: 'true: with the number of their cases' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: viewsMax } })
  @ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', minimum: 0, maximum: offsetMax } })
  @ApiOkResponse({ type: ViewsAnswer })
  async all(
    @CurrentCaller() caller: Caller,
    @CallerScope() scope: Scope,
    @QueryOf(parameters) query: ValuesOf<typeof parameters> & { readonly after?: bigint },
    @ReadPosition() position: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ViewsAnswer> {
    const { counts = false, limit = viewsUsual, offset = 0, after } = query;
    const reader = await this.readers.of(caller);
    const { views, total } = await this.views.page(reader, limit, offset);
    if (counts && after !== undefined && !(await this.lists.upToDate())) void reply.header('casefold-stale', 'true');
    const rows = views.map(({ row }) => row);
    const [counted, owners, teams] = await Promise.all([
      counts ? this.lists.count(scope, rows) : uncounted,
      this.directory.staffHandles(rows.map(({ owner }) => owner)),
      this.directory.teamHandles(rows.flatMap(({ team }) => team ?? [])),
    ]);
    const viewOf = ({ id, revision, row }: FoundView, count: Counted | undefined): ViewView => {
      const { name, list, filter, owner, team } = row;
      return {
        ...{ id, revision, name, list, filter, address: addressOf(row), owner: owners.get(owner) ?? owner },
        ...{ team: team && (teams.get(team) ?? team), mayChange: mayChange(row, reader), ...count },
      };
    };
    const reached = olderOf(position, counted.position);
    if (reached !== position) void reply.header('casefold-position', reached);
    return {
      items: views.map((view, index) => viewOf(view, counted.counts[index])),
      ...{ total, nextOffset: offset + limit < total ? offset + limit : null, position: reached },
    };
  }
}

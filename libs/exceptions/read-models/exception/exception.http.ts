import { Controller, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { readers, readersAndCustomer, Role, Scope } from '../../../platform/auth/caller';
import { Problem } from '../../../platform/http/problem';
import { shortText, someOf, wholeNumber } from '../../../platform/http/query-parameters';
import { CallerScope, QueryOf, readRoute, ReadPosition, ValuesOf } from '../../../platform/http/read-route.http';
import { KnownCases } from '../../../requests/known-cases.adapter';
import { DirectoryQuery } from '../../../requests/read-models/directory/directory.query';
import { ExceptionNumber } from '../../number.http';
import { exceptionClasses, exceptionStatuses } from '../../vocabulary';
import { exceptionSummary, ExceptionSummary, exceptionView, ExceptionView, peopleIn } from './exception-view.http';
import { ExceptionQuery, FoundException, FoundPage, Likeness, Page } from './exception.query';

const itemsMax = 200;
const itemsUsual = 50;
const recurrencesShown = 5;
const offsetMax = 100_000;
const wordCharactersMax = 80;

const paging = { limit: wholeNumber(1, itemsMax), offset: wholeNumber(0, offsetMax) };
const likeness = {
  kind: shortText(wordCharactersMax),
  category: shortText(wordCharactersMax),
  product: shortText(wordCharactersMax),
  cause: shortText(wordCharactersMax),
};
const filters = {
  ...likeness,
  status: someOf(exceptionStatuses),
  class: someOf(exceptionClasses),
  owner: shortText(wordCharactersMax),
  customer: shortText(wordCharactersMax),
  ...paging,
};
const similar = { ...likeness, ...paging };

export class ExceptionPage {
  @ApiProperty({ type: [ExceptionSummary], description: 'the newest first' })
  readonly items: readonly ExceptionSummary[];
  @ApiProperty({ description: 'exceptions in all pages together' }) readonly total: number;
  @ApiProperty({ type: Number, nullable: true, description: 'offset of the next page' }) readonly nextOffset:
    number | null;
  @ApiProperty({ example: '81745', description: 'the answer is at least as new as this' }) readonly position: string;
}

const pageOf = ({ limit = itemsUsual, offset = 0 }: ValuesOf<typeof paging>): Page => ({ limit, offset });

const ApiPaging = (target: object, name: string | symbol, descriptor: PropertyDescriptor): void => {
  const schema = { type: 'integer', minimum: 1, maximum: itemsMax, default: itemsUsual } as const;
  ApiQuery({ name: 'limit', required: false, schema })(target, name, descriptor);
  ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', minimum: 0, maximum: offsetMax } })(
    target,
    name,
    descriptor,
  );
};

const reading = (roles: readonly Role[]) => ({
  roles,
  tag: 'read models',
  missing: 'there is no such exception, or none that the caller may see',
});

@Controller('v1/exceptions')
export class ExceptionReadController {
  constructor(
    private readonly exceptions: ExceptionQuery,
    private readonly people: DirectoryQuery,
  ) {}

  @readRoute('', reading(readers))
  @ApiOperation({
    operationId: 'getExceptions',
    summary: 'Exceptions by status, class, kind, owner and more; the newest first.',
  })
  @ApiQuery({ name: 'status', required: false, example: 'opened,assessed' })
  @ApiQuery({ name: 'class', required: false, example: 'E1,E2' })
  @ApiQuery({ name: 'kind', required: false })
  @ApiQuery({ name: 'category', required: false })
  @ApiQuery({ name: 'product', required: false })
  @ApiQuery({ name: 'cause', required: false })
  @ApiQuery({ name: 'owner', required: false, description: 'handle or id' })
  @ApiQuery({ name: 'customer', required: false, description: 'id' })
  @ApiPaging
  @ApiOkResponse({ type: ExceptionPage })
  async list(
    @CallerScope() scope: Scope,
    @QueryOf(filters) query: ValuesOf<typeof filters> & { readonly after?: bigint },
    @ReadPosition() position: string,
  ): Promise<ExceptionPage> {
    const { limit, offset, after: _after, owner, ...filter } = query;
    const ownerId = owner === undefined ? undefined : await this.people.staffId(owner, '/owner');
    const page = pageOf({ limit, offset });
    return this.answer(scope, await this.exceptions.list(scope, { ...filter, owner: ownerId }, page), page, position);
  }

  /** Others like one that is about to be opened, or is. */
  @readRoute('recurrence', reading(readers))
  @ApiOperation({ operationId: 'getRecurrence', summary: 'Past exceptions like one that is about to be opened.' })
  @ApiQuery({ name: 'kind', required: true })
  @ApiQuery({ name: 'category', required: false })
  @ApiQuery({ name: 'product', required: false })
  @ApiQuery({ name: 'cause', required: false })
  @ApiPaging
  @ApiOkResponse({ type: ExceptionPage })
  async recurrence(
    @CallerScope() scope: Scope,
    @QueryOf(similar) query: ValuesOf<typeof similar>,
    @ReadPosition() position: string,
  ): Promise<ExceptionPage> {
    const { kind, category = null, product = null, cause = null } = query;
    if (kind === undefined) throw kindNeeded;
    const page = pageOf(query);
    const found = await this.exceptions.recurrences(scope, { kind, category, product, cause }, '', page);
    return this.answer(scope, found, page, position);
  }

  @readRoute(':number', reading(readersAndCustomer))
  @ApiOperation({ operationId: 'getException', summary: 'An exception as it stands, with others like it.' })
  @ApiParam({ name: 'number', type: String, example: 'CER-7K3-M9Q-XA4' })
  @ApiOkResponse({ type: ExceptionView })
  async one(
    @CallerScope() scope: Scope,
    @ExceptionNumber() number: string,
    @QueryOf() _query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExceptionView> {
    const found = await this.exceptions.find(scope, number);
    const like = scope.internal ? await this.alike(scope, found) : undefined;
    const handles = await this.people.staffHandles([...peopleIn(found), ...(like?.items.flatMap(peopleIn) ?? [])]);
    const recurrence = like && {
      total: like.total,
      items: like.items.map((each) => exceptionSummary(scope, each, handles)),
    };
    void reply.header('etag', `"${found.revision}"`);
    return exceptionView(scope, found, handles, recurrence);
  }

  private async alike(scope: Scope, { number, row }: FoundException): Promise<FoundPage> {
    if (!row.state) return { items: [], total: 0 };
    const like: Likeness = row.state;
    return this.exceptions.recurrences(scope, like, number, { offset: 0, limit: recurrencesShown });
  }

  private async answer(scope: Scope, found: FoundPage, page: Page, position: string): Promise<ExceptionPage> {
    return pageAnswer(scope, found, page, position, await this.people.staffHandles(found.items.flatMap(peopleIn)));
  }
}

const pageAnswer = (
  scope: Scope,
  { items, total }: FoundPage,
  { offset, limit }: Page,
  position: string,
  handles: ReadonlyMap<string, string>,
): ExceptionPage => ({
  items: items.map((each) => exceptionSummary(scope, each, handles)),
  total,
  nextOffset: offset + limit < total ? offset + limit : null,
  position,
});

const kindNeeded = new Problem('VALIDATION_FAILED', 'Say which kind.', {
  errors: [{ pointer: '/kind', code: 'REQUIRED', detail: 'is required' }],
});

@Controller('v1/requests')
export class RequestExceptionsController {
  constructor(
    private readonly exceptions: ExceptionQuery,
    private readonly people: DirectoryQuery,
    private readonly cases: KnownCases,
  ) {}

  /** Exceptions that are about one request. */
  @readRoute(':number/exceptions', reading(readersAndCustomer))
  @ApiOperation({ operationId: 'getRequestExceptions', summary: 'Exceptions that are about one request.' })
  @ApiParam({ name: 'number', type: String, example: 'CSR-7K3-M9Q-XA4' })
  @ApiPaging
  @ApiOkResponse({ type: ExceptionPage })
  async ofRequest(
    @CallerScope() scope: Scope,
    @Param('number') text: string,
    @QueryOf(paging) query: ValuesOf<typeof paging>,
    @ReadPosition() position: string,
  ): Promise<ExceptionPage> {
    const { number: request } = await this.cases.visible(text, scope.customer);
    const page = pageOf(query);
    const found = await this.exceptions.list(scope, { request }, page);
    return pageAnswer(scope, found, page, position, await this.people.staffHandles(found.items.flatMap(peopleIn)));
  }
}

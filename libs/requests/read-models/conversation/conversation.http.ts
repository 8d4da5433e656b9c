import { Controller, createParamDecorator, ExecutionContext, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { Attachments, Unreadable } from '../../../attachments/attachments.adapter';
import { asAttachment } from '../../../attachments/file-name';
import { NotFound } from '../../../eventing/failures';
import { readersAndCustomer, Scope, staffAndCustomer } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Problem } from '../../../platform/http/problem';
import { flag, wholeNumber } from '../../../platform/http/query-parameters';
import { RequestNumber } from '../../number.http';
import { CaseRows } from '../case-row.query';
import { DirectoryQuery } from '../directory/directory.query';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { ConversationAnswer, exchangeView, stateOf, workedView } from './conversation-view.http';
import { conversationProjection } from './conversation.projection';
import { ConversationQuery } from './conversation.query';

const exchangesMax = 200;
const exchangesUsual = 50;
const cursorMax = 1e15 - 1;
const parameters = { limit: wholeNumber(1, exchangesMax), cursor: wholeNumber(0, cursorMax), merged: flag };

// Nest's own would stand before the number in the contract.
export const FileId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    context.switchToHttp().getRequest<{ readonly params: { readonly id: string } }>().params.id,
);

const unreadable: Readonly<Record<Unreadable, () => Problem>> = {
  erased: () => new Problem('ATTACHMENT_ERASED', 'Its key was destroyed.'),
  missing: () => new Problem('ATTACHMENT_MISSING', 'It was taken in, and is not there any more.'),
  damaged: () => new Problem('ATTACHMENT_DAMAGED', 'What lies there is not what was taken in.'),
};

@Controller('v1/requests')
export class ConversationController {
  constructor(
    private readonly engine: Engine,
    private readonly conversation: ConversationQuery,
    private readonly directory: DirectoryQuery,
    private readonly cases: CaseRows,
    private readonly attachments: Attachments,
  ) {}

  @ReadRoute(':number/conversation', readersAndCustomer)
  @ApiOperation({ operationId: 'getConversation', summary: 'Everything that was said about it, on every channel.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: exchangesMax } })
  @ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before' })
  @ApiQuery({
    name: 'merged',
    required: false,
    description: 'true: with what was said in the cases that it stands for, in the order of the log',
  })
  @ApiOkResponse({ type: ConversationAnswer })
  async exchanges(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(parameters) { cursor = -1, limit = exchangesUsual, merged = false }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
  ): Promise<ConversationAnswer> {
    const wanted = { after: cursor, eventsMax: limit, merged };
    const { revision, rows, utterances, total, next } = await this.conversation.page(scope, number, wanted);
    const cases = [...rows.values()];
    const staff = [...utterances.map(({ actor }) => actor), ...cases.flatMap(({ worked }) => Object.keys(worked))];
    const handles = await this.directory.staffHandles(scope.internal ? staff : []);
    return {
      number,
      revision: String(revision),
      items: utterances.flatMap((each) => {
        const row = rows.get(each.number);
        return row ? [exchangeView(scope, row, each, handles)] : [];
      }),
      total,
      nextCursor: next === undefined ? null : String(next),
      ...(scope.internal ? workedView(cases, handles) : {}),
      position,
    };
  }

  @ApiParam({ name: 'id', example: '7' })
  @ApiOperation({ operationId: 'getAttachment', summary: 'The bytes of one file, to be saved.' })
  // Who may not read what is personal has no use for the files themselves.
  @ReadRoute(':number/attachments/:id', staffAndCustomer)
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' }, description: 'the bytes, to be saved' })
  async attachment(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @FileId() id: string,
    @QueryOf({}) _query: object,
  ): Promise<StreamableFile> {
    const { row } = await this.cases.find(scope, conversationProjection, number);
    const file = row.files.find((each) => String(each.revision) === id && (scope.internal || each.isPublic));
    if (!file) throw new NotFound();
    if (stateOf(file) === 'quarantined')
      throw new Problem('ATTACHMENT_QUARANTINED', 'The scanner refused it; it is not given out.');
    const { name } = await this.engine.unsealer.open({ name: file.name }, scope.personal);
    const pieces = await this.attachments.give(number, file.content);
    if (typeof pieces === 'string') throw unreadable[pieces]();
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), {
      type: file.mediaType,
      disposition: asAttachment(name),
      length: file.content.bytes,
    });
  }
}

import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { streamOf } from '../../../eventing/event';
import { NotFound } from '../../../eventing/failures';
import { readers, Scope } from '../../../platform/auth/caller';
import { wholeNumber } from '../../../platform/http/query-parameters';
import { CallerScope, QueryOf, readRoute, ReadPosition, ValuesOf } from '../../../platform/http/read-route.http';
import { DirectoryQuery } from '../../../requests/read-models/directory/directory.query';
import { exceptionCategory } from '../../events';
import { ExceptionNumber } from '../../number.http';
import { PersonView } from '../exception/exception-view.http';
import { LoggedPage, StreamEvents } from './stream-events.query';

const eventsMax = 1_000;
const eventsUsual = 500;
const revisionMax = 1_000_000;
const parameters = { limit: wholeNumber(1, eventsMax), cursor: wholeNumber(0, revisionMax) };

const instant = { type: String, format: 'date-time' } as const;

export class ExceptionEventView {
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ example: '1207', description: 'place among all events' }) readonly sequence: string;
  @ApiProperty({ example: 'ExceptionApproved' }) readonly type: string;
  @ApiProperty({ type: PersonView }) readonly actor: PersonView;
  @ApiProperty({ ...instant, description: 'when it was written down' }) readonly recordedAt: string;
  @ApiProperty({ ...instant, description: 'when it happened' }) readonly occurredAt: string;
  @ApiProperty({ type: Object, description: 'the facts, as they were recorded' }) readonly data: object;
  @ApiProperty() readonly commandId: string;
  @ApiProperty() readonly causationId: string;
  @ApiProperty({ description: 'end of the chain of hashes up to here' }) readonly hash: string;
}

export class ExceptionHistory {
  @ApiProperty({ example: 'CER-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ type: [ExceptionEventView] }) readonly events: readonly ExceptionEventView[];
  @ApiProperty({ description: 'events of the whole history' }) readonly total: number;
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' }) readonly nextCursor:
    string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

@Controller('v1/exceptions')
export class ExceptionHistoryController {
  constructor(
    private readonly events: StreamEvents,
    private readonly directory: DirectoryQuery,
  ) {}

  @readRoute(':number/history', {
    roles: readers,
    tag: 'read models',
    missing: 'there is no such exception',
  })
  @ApiOperation({ operationId: 'getExceptionHistory', summary: 'Every event of an exception, in order.' })
  @ApiParam({ name: 'number', type: String, example: 'CER-7K3-M9Q-XA4' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: eventsMax } })
  @ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before' })
  @ApiOkResponse({ type: ExceptionHistory })
  async history(
    @CallerScope() scope: Scope,
    @ExceptionNumber() number: string,
    @QueryOf(parameters) { cursor = -1, limit = eventsUsual }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
  ): Promise<ExceptionHistory> {
    const page = await this.events.page(streamOf(exceptionCategory, number), cursor, limit, scope.personal);
    if (!page.total) throw new NotFound();
    const handles = await this.directory.staffHandles(page.events.map(({ event }) => event.metadata.actor));
    const next = page.next === undefined ? null : String(page.next);
    return {
      number,
      events: page.events.map((each) => view(each, handles)),
      total: page.total,
      nextCursor: next,
      position,
    };
  }
}

const view = (
  { event, sequence }: LoggedPage['events'][number],
  handles: ReadonlyMap<string, string>,
): ExceptionEventView => {
  const { revision, type, data, metadata } = event;
  const { actor, recordedAt, occurredAt, commandId, $causationId: causationId, hash } = metadata;
  return {
    ...{ revision: String(revision), sequence: String(sequence), type, recordedAt, occurredAt, data },
    ...{ actor: { id: actor, handle: handles.get(actor) ?? null }, commandId, causationId, hash },
  };
};

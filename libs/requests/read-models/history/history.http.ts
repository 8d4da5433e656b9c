import { keyOf } from '../../../eventing/event';
import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiQuery } from '@nestjs/swagger';
import { readersAndCustomer, Scope } from '../../../platform/auth/caller';
import { flag, wholeNumber } from '../../../platform/http/query-parameters';
import { RequestNumber } from '../../number.http';
import { ApiRecordedAsOf, AsOfPoint, recordedAsOfParameters } from '../as-of/as-of.http';
import { AsOf } from '../as-of/as-of.query';
import { DirectoryQuery } from '../directory/directory.query';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { HistoryPage, HistoryQuery } from './history.query';

const eventsMax = 1_000;
const eventsUsual = 500;
const cursorMax = 1e15 - 1;
const parameters = {
  limit: wholeNumber(1, eventsMax),
  cursor: wholeNumber(0, cursorMax),
  merged: flag,
  ...recordedAsOfParameters,
};

const instant = { type: String, format: 'date-time' } as const;
const textOrNull = { type: String, nullable: true } as const;

export class ActorView {
  @ApiProperty({ ...textOrNull, description: 'null: one of the staff, whom customers are not told' })
  readonly id: string | null;
  @ApiProperty(textOrNull) readonly handle: string | null;
}

export class HistoryEventView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4', description: 'of the case whose event it is' }) readonly number: string;
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ example: '1207', description: 'place among all events' }) readonly sequence: string;
  @ApiProperty({ example: 'RequestAssigned' }) readonly type: string;
  @ApiProperty({ type: ActorView }) readonly actor: ActorView;
  @ApiProperty({ ...instant, description: 'when it was written down' }) readonly recordedAt: string;
  @ApiProperty({ ...instant, description: 'when it happened' }) readonly occurredAt: string;
  @ApiProperty({ example: 'live', description: 'live, or import:<batch>:<row>' }) readonly origin: string;
  @ApiPropertyOptional({ description: 'of an imported event: the step in the log it came from' })
  readonly sourceActivity?: string | undefined;
  @ApiProperty({ type: [String], description: 'what is known to be missing or odd' }) readonly flags: readonly string[];
  @ApiProperty({ ...textOrNull, description: 'why, in the words of who did it' }) readonly reason: string | null;
  @ApiProperty({ type: Object, description: 'the facts, as they were recorded' }) readonly data: object;
  @ApiPropertyOptional({ description: 'of a correction: revision of the event that was wrong' })
  readonly corrects?: string | undefined;
  @ApiPropertyOptional({ type: Object, description: 'of a correction: the values that held until then' })
  readonly replaced?: object | undefined;
  @ApiProperty({ type: [String], description: 'revisions of the corrections of this event' })
  readonly correctedBy: readonly string[];
  @ApiPropertyOptional({ description: 'for staff only' }) readonly commandId?: string | undefined;
  @ApiPropertyOptional({ description: 'for staff only' }) readonly causationId?: string | undefined;
  @ApiPropertyOptional({ description: 'end of the chain of hashes up to here; for staff only' })
  readonly hash?: string | undefined;
}

export class HistoryAnswer {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3', description: 'of the newest event' }) readonly revision: string;
  @ApiProperty({ type: [HistoryEventView] }) readonly events: readonly HistoryEventView[];
  @ApiProperty({ ...textOrNull, description: 'null on the last page' }) readonly nextCursor: string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

@Controller('v1/requests')
export class HistoryController {
  constructor(
    private readonly history: HistoryQuery,
    private readonly directory: DirectoryQuery,
  ) {}

  @ReadRoute(':number/history', readersAndCustomer)
  @ApiOperation({ operationId: 'getHistory', summary: 'Every event of a request, in order.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: eventsMax } })
  @ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before' })
  @ApiQuery({
    name: 'merged',
    required: false,
    description: 'true: with the events of the cases that it stands for, in the order of the log',
  })
  @ApiRecordedAsOf()
  @ApiOkResponse({ type: HistoryAnswer })
  async events(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(parameters) { cursor = -1, limit = eventsUsual, merged = false }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
    @AsOfPoint() asOf: AsOf | undefined,
  ): Promise<HistoryAnswer> {
    const page = await this.history.page(scope, number, { after: cursor, eventsMax: limit, cut: asOf?.cut, merged });
    const actors = page.events.map(({ event }) => event.metadata.actor);
    const handles = await this.directory.staffHandles(scope.internal ? actors : []);
    return {
      number,
      revision: String(page.revision),
      events: page.events.map((each) => eventView(scope, page.customer, each, handles)),
      nextCursor: page.next === undefined ? null : String(page.next),
      position,
    };
  }
}

type Shown = HistoryPage['events'][number];

const amongStaff = ({ commandId, $causationId, hash }: Shown['event']['metadata']) => ({
  commandId,
  causationId: $causationId,
  hash,
});

const eventView = (
  { internal }: Scope,
  customer: string,
  { event, sequence, replaced, correctedBy }: Shown,
  handles: ReadonlyMap<string, string>,
): HistoryEventView => {
  const { revision, type, data, metadata } = event;
  const { actor, recordedAt, occurredAt, origin, sourceActivity, flags } = metadata;
  return {
    number: keyOf(event.stream),
    revision: String(revision),
    sequence: String(sequence),
    type,
    actor: { id: internal || actor === customer ? actor : null, handle: handles.get(actor) ?? null },
    recordedAt,
    occurredAt,
    origin,
    sourceActivity,
    flags: flags?.split(' ') ?? [],
    reason: 'reason' in data ? data.reason : null,
    data,
    corrects: 'corrects' in data ? String(data.corrects) : undefined,
    replaced,
    correctedBy: correctedBy.map(String),
    ...(internal ? amongStaff(metadata) : {}),
  };
};

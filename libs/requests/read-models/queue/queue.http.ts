import { Controller, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { readers, Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { ApiPage, pageParameters, pageRowsUsual } from '../../../platform/http/page-parameters.http';
import { oneOf } from '../../../platform/http/query-parameters';
import { Level, levels, priorities, Priority, Status, statuses } from '../../vocabulary';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf } from '../as-of/as-of.query';
import { DirectoryQuery } from '../directory/directory.query';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { PastQueueQuery } from './past-queue.query';
import { writeCursor } from '../page-cursor';
import { placeOf } from '../page-cursor.http';
import { QueueTotal } from './queue-total.query';
import { ApiQueueFilter, queueFilterOf, queueFilterParameters } from './queue-parameters.http';
import { queueCount, QueueEntry, QueueQuery } from './queue.query';

const parameters = {
  ...queueFilterParameters,
  sort: oneOf('due'),
  ...pageParameters,
  ...asOfParameters,
};

const textOrNull = { type: String, nullable: true } as const;

export class CustomerReference {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
}

export class QueueItem {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty() readonly subject: string;
  @ApiProperty({ enum: statuses }) readonly status: Status;
  @ApiProperty({ enum: priorities }) readonly priority: Priority;
  @ApiProperty({ ...textOrNull, description: 'handle, or the id of a team that is not known' })
  readonly team: string | null;
  @ApiProperty(textOrNull) readonly teamId: string | null;
  @ApiProperty({ ...textOrNull, description: 'handle, or the id of one who is not known' })
  readonly assignee: string | null;
  @ApiProperty(textOrNull) readonly assigneeId: string | null;
  @ApiProperty({ enum: levels }) readonly level: Level;
  @ApiProperty({ ...textOrNull, format: 'date-time', description: 'null when no clock runs' })
  readonly dueAt: string | null;
  @ApiProperty({ ...textOrNull, example: 'resolution', description: 'what is due then' }) readonly dueMetric:
    string | null;
  @ApiProperty({ type: String, format: 'date-time' }) readonly openedAt: string;
  @ApiProperty({ type: CustomerReference }) readonly customer: CustomerReference;
}

export class QueueAnswer {
  @ApiProperty({ type: [QueueItem], description: 'by due instant, then number' }) readonly items: readonly QueueItem[];
  @ApiProperty({ description: 'cases in all pages together' }) readonly total: number;
  @ApiProperty({ ...textOrNull, description: 'null on the last page' }) readonly nextCursor: string | null;
  @ApiProperty({ example: '81745', description: 'the answer is at least as new as this' }) readonly position: string;
}

const itemOf = (entry: QueueEntry): QueueItem => ({
  number: entry.number,
  subject: entry.subject,
  status: entry.status,
  priority: entry.priority,
  team: entry.teamHandle ?? entry.team,
  teamId: entry.team,
  assignee: entry.assigneeHandle ?? entry.assignee,
  assigneeId: entry.assignee,
  level: entry.level,
  dueAt: entry.dueAt?.toISOString() ?? null,
  dueMetric: entry.dueMetric,
  openedAt: entry.openedAt,
  customer: { id: entry.customer },
});

const answerOf = (
  entries: readonly QueueEntry[],
  total: number,
  nextCursor: string | undefined,
  position: string,
): QueueAnswer => ({ items: entries.map(itemOf), total, nextCursor: nextCursor ?? null, position });

@Controller('v1/queue')
export class QueueController {
  constructor(
    private readonly engine: Engine,
    private readonly queue: QueueQuery,
    private readonly past: PastQueueQuery,
    private readonly total: QueueTotal,
    private readonly directory: DirectoryQuery,
  ) {}

  @ReadRoute('', readers)
  @ApiOperation({
    operationId: 'getQueue',
    summary: 'What to do next: requests by the instant at which something is due.',
  })
  @ApiQueueFilter()
  @ApiQuery({ name: 'sort', required: false, enum: ['due'] })
  @ApiPage()
  @ApiAsOf()
  @ApiOkResponse({ type: QueueAnswer })
  async page(
    @CallerScope() scope: Scope,
    @QueryOf(parameters) query: ValuesOf<typeof parameters> & { readonly after?: bigint },
    @ReadPosition() position: string,
    @AsOfPoint() asOf: AsOf | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueueAnswer> {
    const filter = await queueFilterOf(this.directory, query);
    const context = JSON.stringify([this.engine.installation, scope.customer, filter, asOf?.cut]);
    const [from, limit] = [placeOf(query.cursor, context), query.limit ?? pageRowsUsual];
    if (asOf) {
      const { entries, next, total, isStale } = await this.past.page(scope, filter, from, limit, asOf.cut);
      if (isStale) void reply.header('casefold-stale', 'true');
      return answerOf(entries, total, next && writeCursor(next, context), position);
    }
    const [{ entries, next }, total] = await Promise.all([
      this.queue.page(scope, filter, from, limit),
      this.total.of(queueCount(scope, filter), position, query.after),
    ]);
    return answerOf(entries, total, next && writeCursor(next, context), position);
  }
}

import { Controller, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { NotFound } from '../../../eventing/failures';
import { someOf, wholeNumber } from '../../../platform/http/query-parameters';
import { QueryOf, readRoute, ReadPosition, ValuesOf } from '../../../platform/http/read-route.http';
import { DirectoryQuery } from '../../../requests/read-models/directory/directory.query';
import { itemsMax } from '../../bulk';
import { bulkId } from '../../bulk-answer.http';
import { mayReadBulk } from '../../permissions';
import { BulkRow } from './bulk.projection';
import { BulkQuery } from './bulk.query';

const itemsUsual = 100;
const jobsMax = 200;
const jobsUsual = 50;
const offsetMax = 100_000;
const outcomes = ['done', 'nothing', 'refused', 'pending'] as const;
const statuses = ['running', 'completed', 'cancelled'] as const;

const ofItems = { outcome: someOf(outcomes), limit: wholeNumber(1, itemsMax), offset: wholeNumber(0, itemsMax) };
const ofJobs = { limit: wholeNumber(1, jobsMax), offset: wholeNumber(0, offsetMax) };
const textOrNull = { type: String, nullable: true } as const;

export class BulkItemView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ enum: outcomes, description: 'nothing: it was so already' })
  readonly outcome: (typeof outcomes)[number];
  @ApiProperty({ ...textOrNull, example: 'REQUEST_NOT_OPEN', description: 'why it was refused' })
  readonly code: string | null;
  @ApiProperty({ ...textOrNull, description: 'of the request afterwards' }) readonly revision: string | null;
}

export class BulkSummary {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
  @ApiProperty({ enum: statuses }) readonly status: BulkRow['status'];
  @ApiProperty() readonly verb: string;
  @ApiProperty() readonly startedBy: string;
  @ApiProperty(textOrNull) readonly startedByHandle: string | null;
  @ApiProperty({ type: String, format: 'date-time' }) readonly startedAt: string;
  @ApiProperty({ ...textOrNull, format: 'date-time' }) readonly endedAt: string | null;
  @ApiProperty({ description: 'requests that it is for' }) readonly requests: number;
  @ApiProperty() readonly done: number;
  @ApiProperty() readonly nothing: number;
  @ApiProperty() readonly refused: number;
  @ApiProperty({ description: 'still to come; of a cancelled job, left alone' }) readonly pending: number;
}

export class BulkView extends BulkSummary {
  @ApiProperty({ type: Object, nullable: true, description: 'what they were chosen by' }) readonly filter:
    object | null;
  @ApiProperty({ type: [BulkItemView] }) readonly items: readonly BulkItemView[];
  @ApiProperty({ description: 'items in all pages together' }) readonly total: number;
  @ApiProperty({ type: Number, nullable: true }) readonly nextOffset: number | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

export class BulkPage {
  @ApiProperty({ type: [BulkSummary], description: 'the newest first' }) readonly items: readonly BulkSummary[];
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: Number, nullable: true }) readonly nextOffset: number | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

const reading = { roles: mayReadBulk, tag: 'bulk', missing: 'there is no such job' };
const nextOf = (offset: number, limit: number, total: number): number | null =>
  offset + limit < total ? offset + limit : null;

const itemsOf = ({ numbers, items }: BulkRow): readonly BulkItemView[] => [
  ...items.map(({ revision, ...item }) => ({ ...item, revision: revision === null ? null : String(revision) })),
  ...numbers.slice(items.length).map((number) => ({ number, outcome: 'pending' as const, code: null, revision: null })),
];

const summaryOf = (key: string, row: BulkRow, handles: ReadonlyMap<string, string>): BulkSummary => {
  const { status, verb, by, startedAt, endedAt, numbers, items, counts } = row;
  return {
    ...{ id: key, status, verb, startedBy: by, startedByHandle: handles.get(by) ?? null, startedAt, endedAt },
    ...{ requests: numbers.length, ...counts, pending: numbers.length - items.length },
  };
};

@Controller('v1/bulk')
export class BulkReadController {
  constructor(
    private readonly jobs: BulkQuery,
    private readonly directory: DirectoryQuery,
  ) {}

  @readRoute('', reading)
  @ApiOperation({ operationId: 'getBulkJobs', summary: 'The bulk jobs that there have been; the newest first.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: jobsMax } })
  @ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', minimum: 0, maximum: offsetMax } })
  @ApiOkResponse({ type: BulkPage })
  async list(
    @QueryOf(ofJobs) { limit = jobsUsual, offset = 0 }: ValuesOf<typeof ofJobs>,
    @ReadPosition() position: string,
  ): Promise<BulkPage> {
    const { jobs, total } = await this.jobs.page(limit, offset);
    const handles = await this.directory.staffHandles(jobs.map(({ row }) => row.by));
    const items = jobs.map(({ key, row }) => summaryOf(key, row, handles));
    return { items, total, nextOffset: nextOf(offset, limit, total), position };
  }

  @readRoute(':id', reading)
  @ApiOperation({ operationId: 'getBulk', summary: 'How far a bulk job is, and what became of each request.' })
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiQuery({ name: 'outcome', required: false, example: 'refused,pending' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: itemsMax } })
  @ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', minimum: 0, maximum: itemsMax } })
  @ApiOkResponse({ type: BulkView })
  async one(
    @Param('id', bulkId) key: string,
    @QueryOf(ofItems) { outcome = outcomes, limit = itemsUsual, offset = 0 }: ValuesOf<typeof ofItems>,
    @ReadPosition() position: string,
  ): Promise<BulkView> {
    const row = await this.jobs.find(key.toLowerCase());
    if (!row) throw new NotFound();
    const wanted = itemsOf(row).filter((item) => outcome.includes(item.outcome));
    return {
      ...summaryOf(key, row, await this.directory.staffHandles([row.by])),
      ...{ filter: row.filter, items: wanted.slice(offset, offset + limit), total: wanted.length },
      ...{ nextOffset: nextOf(offset, limit, wanted.length), position },
    };
  }
}

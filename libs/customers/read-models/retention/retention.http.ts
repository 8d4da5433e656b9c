import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { Engine } from '../../../platform/engine/engine';
import { shortText, wholeNumber } from '../../../platform/http/query-parameters';
import { QueryOf, ReadPosition, ValuesOf } from '../../../platform/http/read-route.http';
import { mayReadRetention } from '../../permissions';
import {
  cutoffsAt,
  retentionDaysMax,
  retentionEvolution,
  retentionKey,
  RetentionRule,
  withRule,
} from '../../retention';
import { CustomerReadRoute } from '../read-route.http';
import { DueCustomer, RetentionQuery } from './retention.query';

const rowsUsual = 50;
const rowsMax = 500;
const codeCharactersMax = 80;
const parameters = {
  category: shortText(codeCharactersMax),
  days: wholeNumber(0, retentionDaysMax),
  limit: wholeNumber(1, rowsMax),
  cursor: shortText(codeCharactersMax),
};

export class RetentionRuleView implements RetentionRule {
  @ApiProperty({ type: String, nullable: true, description: 'null: of all that have no rule of their own' })
  readonly category: string | null;
  @ApiProperty() readonly days: number;
}

export class RetentionAnswer {
  @ApiProperty({ type: [RetentionRuleView] }) readonly rules: readonly RetentionRuleView[];
  @ApiProperty({ example: '3', description: 'of the rules; -1 before the first of them' }) readonly revision: string;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

export class DueCustomerView implements DueCustomer {
  @ApiProperty({ format: 'uuid' }) readonly customer: string;
  @ApiProperty({ type: [String], description: 'all records that are merged, its own among them' })
  readonly customers: readonly string[];
  @ApiProperty() readonly cases: number;
  @ApiProperty({ format: 'date-time', description: 'when the last of their cases ended' }) readonly endedAt: string;
  @ApiProperty({ description: 'a legal hold keeps them' }) readonly isHeld: boolean;
}

export class RetentionPreviewAnswer {
  @ApiProperty({ type: [DueCustomerView] }) readonly items: readonly DueCustomerView[];
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor: string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

@Controller('v1/retention')
export class RetentionController {
  constructor(
    private readonly retention: RetentionQuery,
    private readonly engine: Engine,
  ) {}

  /** How long customers are kept. */
  @CustomerReadRoute('', mayReadRetention)
  @ApiOperation({ operationId: 'getRetention', summary: 'How long customers are kept.' })
  @ApiOkResponse({ type: RetentionAnswer })
  async rules(@QueryOf({}) _query: object, @ReadPosition() position: string): Promise<RetentionAnswer> {
    const { state, revision } = await this.engine.runner.load(retentionEvolution, retentionKey);
    return { rules: state.rules, revision: String(revision), position };
  }

  /** Who would be erased now, under the rules as they are or with one of them as it might be. Nobody is. */
  @CustomerReadRoute('preview', mayReadRetention)
  @ApiOperation({ operationId: 'previewRetention', summary: 'Who would be erased now; nobody is.' })
  @ApiQuery({ name: 'days', required: false, schema: { type: 'integer', minimum: 0, maximum: retentionDaysMax } })
  @ApiQuery({ name: 'category', required: false, description: 'what `days` would be for; left out: the general rule' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: rowsMax } })
  @ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before' })
  @ApiOkResponse({ type: RetentionPreviewAnswer })
  async preview(
    @QueryOf(parameters) { category, days, limit = rowsUsual, cursor = '' }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
  ): Promise<RetentionPreviewAnswer> {
    const { state } = await this.engine.runner.load(retentionEvolution, retentionKey);
    const tried = days === undefined ? state : withRule(state, { category: category ?? null, days });
    const { items, total } = await this.retention.due(cutoffsAt(tried, this.engine.now().getTime()), cursor, limit);
    const last = items.length === limit ? items.at(-1) : undefined;
    return { items, total, nextCursor: last?.customer ?? null, position };
  }
}

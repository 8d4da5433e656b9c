import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../platform/auth/auth.guard';
import { Engine } from '../../../platform/engine/engine';
import { shortText, wholeNumber } from '../../../platform/http/query-parameters';
import { QueryOf, readRoute, ReadPosition, ValuesOf } from '../../../platform/http/read-route.http';
import { KnownCases } from '../../../requests/known-cases.adapter';
import { RequestOrders } from '../../../requests/orders.adapter';
import { calendarsAt } from '../../../service-levels/book';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { mayReadRules, mayRule } from '../../permissions';
import { Rehearsal } from '../../rehearsal/rehearsal.query';
import { ruleOf, SaveRuleBody } from '../../rule-body.http';
import { AutomationRules } from '../../rules.adapter';
import { FiringsQuery } from './firings.query';

const itemsMax = 200;
const itemsUsual = 50;
const offsetMax = 100_000;
const wordCharactersMax = 80;
const parameters = {
  rule: shortText(wordCharactersMax),
  number: shortText(wordCharactersMax),
  limit: wholeNumber(1, itemsMax),
  offset: wholeNumber(0, offsetMax),
};

export class RuleView {
  @ApiProperty({ example: 'close-quiet' }) readonly id: string;
  @ApiProperty() readonly revision: number;
  @ApiProperty() readonly enabled: boolean;
  @ApiProperty({ type: Object }) readonly when: object;
  @ApiProperty({ type: [Object] }) readonly conditions: readonly object[];
  @ApiProperty({ type: Object }) readonly then: object;
}

export class RulesAnswer {
  @ApiProperty({ type: [RuleView], description: 'by id' }) readonly items: readonly RuleView[];
  @ApiProperty() readonly total: number;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

export class FiringView {
  @ApiProperty({ type: String, format: 'date-time' }) readonly at: string;
  @ApiProperty({ example: 'close-quiet@3', description: 'rule and revision' }) readonly rule: string;
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ format: 'uuid', description: 'event that it followed from' }) readonly cause: string;
  @ApiProperty({ type: [String], description: 'what it recorded in the request' }) readonly events: readonly string[];
  @ApiProperty({ type: String, nullable: true, description: 'why it was refused' }) readonly code: string | null;
}

export class FiringsAnswer {
  @ApiProperty({ type: [FiringView], description: 'the newest first' }) readonly items: readonly FiringView[];
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: Number, nullable: true }) readonly nextOffset: number | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

export class RehearsedFiring {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ type: String, format: 'date-time' }) readonly at: string;
  @ApiProperty({ example: 'RequestOpened', description: 'event that it would have followed from' })
  readonly cause: string;
}

export class RehearsalAnswer {
  @ApiProperty({ description: 'how often it would have fired' }) readonly total: number;
  @ApiProperty({ type: [RehearsedFiring], description: 'the first of them' })
  readonly items: readonly RehearsedFiring[];
  @ApiProperty({ description: 'events that were looked at' }) readonly events: number;
  @ApiProperty({ description: 'whether that was the whole past' }) readonly complete: boolean;
}

@Controller('v1/automation')
export class AutomationReadController {
  constructor(
    private readonly engine: Engine,
    private readonly rules: AutomationRules,
    private readonly firings: FiringsQuery,
    private readonly cases: KnownCases,
    private readonly orders: RequestOrders,
    private readonly book: ServiceLevelBook,
    private readonly rehearsal: Rehearsal,
  ) {}

  @readRoute('rules', { roles: mayReadRules, tag: 'automation', missing: 'there is no such rule' })
  @ApiOperation({ operationId: 'getRules', summary: 'The automation rules, enabled or not.' })
  @ApiOkResponse({ type: RulesAnswer })
  async all(@QueryOf() _query: object, @ReadPosition() position: string): Promise<RulesAnswer> {
    const entries = Object.values(await this.rules.refresh());
    const items = entries
      .flatMap(({ revisions, isEnabled: enabled }) => {
        const rule = revisions.at(-1);
        return rule ? [{ ...rule, enabled }] : [];
      })
      .sort((one, other) => (one.id < other.id ? -1 : 1));
    return { items, total: items.length, position };
  }

  /** What rules did, and what they were refused. */
  @readRoute('firings', { roles: mayReadRules, tag: 'automation', missing: 'there is no such rule' })
  @ApiOperation({ operationId: 'getFirings', summary: 'What rules did and why, and what they were refused.' })
  @ApiQuery({ name: 'rule', required: false, example: 'close-quiet' })
  @ApiQuery({ name: 'number', required: false })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: itemsMax } })
  @ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', minimum: 0, maximum: offsetMax } })
  @ApiOkResponse({ type: FiringsAnswer })
  async log(
    @QueryOf(parameters) { rule, number, limit = itemsUsual, offset = 0 }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
  ): Promise<FiringsAnswer> {
    const exact = number === undefined ? undefined : (this.cases.exact(number) ?? number);
    const { rows: items, total } = await this.firings.page(rule, exact, limit, offset);
    return { items, total, nextOffset: offset + limit < total ? offset + limit : null, position };
  }

  /** What a rule would have done so far. Writes nothing; what its own doing would have changed is not in it. */
  @Post('rehearse')
  @ApiOperation({ operationId: 'rehearseRule', summary: 'Tries a rule on the whole past, and writes nothing.' })
  @ApiTags('automation')
  @HttpCode(200)
  @Allow(...mayRule)
  @ApiOkResponse({ type: RehearsalAnswer })
  async rehearse(@Body() body: SaveRuleBody): Promise<RehearsalAnswer> {
    const rule = ruleOf(body, await this.orders.checked(body.then.verb, body.then.body, '/then/body'));
    const now = this.engine.now().getTime();
    return this.rehearsal.run(rule, calendarsAt(await this.book.current(), now), now);
  }
}

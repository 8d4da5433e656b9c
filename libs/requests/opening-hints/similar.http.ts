import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsEmail, IsInt, IsObject, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { FastifyReply } from 'fastify';
import { ContactIndex } from '../../customers/contact-index.adapter';
import { Allow, CurrentCaller } from '../../platform/auth/auth.guard';
import { Caller, Scope, scopeOf, staffAndCustomer } from '../../platform/auth/caller';
import { MayBeAbsent } from '../../platform/http/may-be-absent';
import { wholeNumber } from '../../platform/http/query-parameters';
import { Text } from '../../platform/http/text';
import { RequestNumber } from '../number.http';
import { CallerScope, QueryOf, ReadRoute, ValuesOf } from '../read-models/read-route.http';
import { textLimits } from '../text-limits';
import { SimilarAnswer } from './similar-answer.http';
import { SimilarCases } from './similar-cases.handler';

export const itemsUsual = 10;
const itemsMax = 50;
const parameters = { limit: wholeNumber(1, itemsMax) };

export class SimilarCustomerBody {
  @ApiProperty({ required: false, format: 'uuid' })
  @MayBeAbsent()
  @IsUUID()
  readonly id?: string;

  @ApiProperty({ required: false, format: 'email', maxLength: 254 })
  @MayBeAbsent()
  @IsEmail()
  readonly email?: string;
}

/** What is about to be told. */
export class SimilarBody {
  @Text(textLimits.subject)
  readonly subject: string;

  @Text({ ...textLimits.text, optional: true })
  readonly description?: string;

  @ApiProperty({ type: SimilarCustomerBody, required: false, description: 'customers are taken for themselves' })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => SimilarCustomerBody)
  readonly customer?: SimilarCustomerBody;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: itemsMax, default: itemsUsual, required: false })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(itemsMax)
  readonly limit?: number;
}

@Controller('v1/requests')
export class SimilarController {
  constructor(
    private readonly similar: SimilarCases,
    private readonly contacts: ContactIndex,
  ) {}

  /** Before a case is opened: open ones that may tell of the same. */
  @Post('similar')
  @ApiOperation({
    operationId: 'findSimilarRequests',
    summary: 'Open requests that may tell of what is about to be told.',
  })
  @HttpCode(200)
  @Allow(...staffAndCustomer)
  @ApiTags('read models')
  @ApiOkResponse({ type: SimilarAnswer })
  async before(@CurrentCaller() caller: Caller, @Body() body: SimilarBody): Promise<SimilarAnswer> {
    const { subject, description, customer, limit = itemsUsual } = body;
    const reachable =
      customer?.email === undefined
        ? []
        : await this.contacts.findLately({ channel: 'email', address: customer.email });
    const customers = [...(customer?.id === undefined ? [] : [customer.id.toLowerCase()]), ...reachable];
    return this.similar.to(scopeOf(caller), { subject, description, customers }, limit);
  }

  // They are found by what was said.
  @ReadRoute(':number/similar', staffAndCustomer)
  @ApiOperation({ operationId: 'getSimilarRequests', summary: 'Open requests that are like it, and why.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: itemsMax } })
  @ApiOkResponse({ type: SimilarAnswer })
  async to(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(parameters) { limit = itemsUsual, after }: ValuesOf<typeof parameters> & { readonly after?: bigint },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SimilarAnswer> {
    if (after !== undefined && !(await this.similar.upToDate())) void reply.header('casefold-stale', 'true');
    return this.similar.toCase(scope, number, limit);
  }
}

import { Body, Controller, HttpCode, Post, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { FastifyRequest } from 'fastify';
import { Outcome } from '../../../eventing/command-runner';
import { Allow, CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandAnswer, CommandAnswerInterceptor } from '../../../platform/http/command-answer.http';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { ConfigurationDocuments } from '../../configuration.handler';
import { ConfigurationBook } from '../../configuration-book.adapter';
import { kinds } from '../../definitions';
import { mayConfigure } from '../../permissions';

const anything = { type: 'object', additionalProperties: true } as const;

export class ConfigureBody {
  @ApiProperty({
    ...anything,
    description: `as GET /v1/configuration gives it; of ${kinds.join(', ')} what is left out stays as it is`,
    example: { products: { 'LaserJet 4': { name: 'LaserJet 4' } } },
  })
  @IsObject()
  readonly document: object;

  /** From when it holds; now, when it is left out. */
  @Instant({ optional: true }) readonly from?: string;
}

export class ChangeView {
  @ApiProperty({ enum: kinds }) readonly kind: string;
  @ApiProperty({ type: String, nullable: true, description: 'null for what there is one of' }) readonly id:
    string | null;
  @ApiProperty({ ...anything, nullable: true, description: 'null: it is not there, or retired' })
  readonly before: object | null;
  @ApiProperty({ ...anything, nullable: true, description: 'null: it is retired' }) readonly after: object | null;
}

export class PlanAnswer {
  @ApiProperty({ type: [ChangeView] }) readonly changes: readonly ChangeView[];
  @ApiProperty({ type: [String], description: 'the same in sentences' }) readonly lines: readonly string[];
}

export class ApplyCommand {
  constructor(
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: ConfigureBody,
  ) {}
}

@Controller('v1/configuration')
@ApiTags('configuration')
export class ConfigurationCommandsController {
  constructor(
    private readonly bus: CommandBus,
    private readonly documents: ConfigurationDocuments,
    private readonly engine: Engine,
  ) {}

  @Post('plan')
  @ApiOperation({
    operationId: 'planConfiguration',
    summary: 'What applying a configuration would change; changes nothing.',
  })
  @HttpCode(200)
  @Allow(...mayConfigure)
  @ApiOkResponse({ type: PlanAnswer })
  async plan(@Body() { document, from }: ConfigureBody): Promise<PlanAnswer> {
    const now = this.engine.now().toISOString();
    const since = (from === undefined ? null : parseInstant(from)) ?? now;
    return this.documents.plan(await this.documents.read(document), since, now);
  }

  @Post('apply')
  @ApiOperation({ operationId: 'applyConfiguration', summary: 'Makes a configuration what holds from an instant on.' })
  @HttpCode(200)
  @Allow(...mayConfigure)
  @UseInterceptors(CommandAnswerInterceptor)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiHeader({ name: 'If-Match', required: false, description: 'the revision of the configuration, in quotes' })
  @ApiOkResponse({ type: CommandAnswer })
  apply(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Body() body: ConfigureBody,
  ): Promise<Outcome> {
    return this.bus.execute(new ApplyCommand(caller, commandHeaders(request.headers), body));
  }
}

@CommandHandler(ApplyCommand)
export class ApplyHandler implements ICommandHandler<ApplyCommand, Outcome> {
  constructor(
    private readonly documents: ConfigurationDocuments,
    private readonly book: ConfigurationBook,
    private readonly engine: Engine,
  ) {}

  async execute({ caller, headers, body }: ApplyCommand): Promise<Outcome> {
    const context = contextOf({ caller, target: this.book.stream, headers, now: this.engine.now() });
    const from = body.from === undefined ? undefined : (parseInstant(body.from) ?? undefined);
    return this.documents.apply(await this.documents.read(body.document), from, context);
  }
}

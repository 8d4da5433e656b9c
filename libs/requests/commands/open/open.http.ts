import { Body, Controller, HttpCode, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiHeader, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, IsObject, IsOptional, IsUUID, Matches, ValidateNested } from 'class-validator';
import { FastifyReply, FastifyRequest } from 'fastify';
import { Outcome } from '../../../eventing/command-runner';
import { keyOf } from '../../../eventing/event';
import { Allow, CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { CommandAnswer, CommandAnswerInterceptor } from '../../../platform/http/command-answer.http';
import { CommandHeaders } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { Code, Text } from '../../../platform/http/text';
import { mayCommand } from '../../permissions';
import { textLimits } from '../../text-limits';
import { Impact, impacts, Urgency } from '../../vocabulary';
import { RequestOpening } from './opening.handler';

/** Somebody by id, or somebody described; who is described and known by e-mail is taken for the one that is known. */
export class CustomerBody {
  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  readonly id?: string;

  @Text({ ...textLimits.name, optional: true })
  readonly name?: string;

  @ApiProperty({ required: false, format: 'email', maxLength: 254 })
  @IsOptional()
  @IsEmail()
  readonly email?: string;

  @ApiProperty({ required: false, maxLength: 40 })
  @IsOptional()
  @Matches(/^[+0-9(][0-9 ()./-]{2,39}$/, { message: 'must be a telephone number' })
  readonly phone?: string;
}

export class OpenBody {
  @Text(textLimits.subject)
  readonly subject: string;

  @Text(textLimits.text)
  readonly description: string;

  @Code()
  readonly type: string;

  @ApiProperty({ enum: impacts })
  @IsIn(impacts)
  readonly impact: Impact;

  @ApiProperty({ enum: impacts })
  @IsIn(impacts)
  readonly urgency: Urgency;

  @Code({ optional: true })
  readonly category?: string;

  @Code({ optional: true })
  readonly product?: string;

  @Text({ ...textLimits.handle, optional: true })
  readonly team?: string;

  @ApiProperty({ type: CustomerBody })
  @IsObject()
  @ValidateNested()
  @Type(() => CustomerBody)
  readonly customer: CustomerBody;
}

export class OpenCommand {
  constructor(
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: OpenBody,
  ) {}
}

@Controller('v1/requests')
@ApiTags('requests')
export class OpenController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @HttpCode(201)
  @Allow(...mayCommand.open)
  @UseInterceptors(CommandAnswerInterceptor)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: CommandAnswer })
  async open(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: OpenBody,
  ): Promise<Outcome> {
    const outcome = await this.bus.execute<OpenCommand, Outcome>(
      new OpenCommand(caller, commandHeaders(request.headers), body),
    );
    void reply.header('location', `/v1/requests/${keyOf(outcome.stream)}`);
    return outcome;
  }
}

@CommandHandler(OpenCommand)
export class OpenHandler implements ICommandHandler<OpenCommand, Outcome> {
  constructor(private readonly opening: RequestOpening) {}

  execute({ caller, headers, body }: OpenCommand): Promise<Outcome> {
    return this.opening.open(caller, headers, body, new Date());
  }
}

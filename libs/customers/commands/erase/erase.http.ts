import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Req } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { FastifyRequest } from 'fastify';
import { Allow, CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { malformed } from '../../../platform/http/problem';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { streamOf } from '../../../eventing/event';
import { customerEvolution, requestErasure } from '../../customer';
import { customerCategory, ErasureGround, erasureGrounds } from '../../events';
import { mayErase } from '../../permissions';
import { Erasure } from '../../processes/complete-erasure/complete-erasure.process';

export class EraseBody {
  @ApiProperty({ enum: erasureGrounds })
  @IsIn(erasureGrounds)
  readonly ground: ErasureGround;
}

/** What an erasure did. */
export class ErasureAnswer {
  @ApiProperty({ format: 'uuid' }) readonly customer: string;
  @ApiProperty({
    format: 'date-time',
    description: 'since when nothing about this person can be read in the live system',
  })
  readonly keyDestroyedAt: string;
  @ApiProperty() readonly position: string;
}

export class EraseCommand {
  constructor(
    readonly id: string,
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: EraseBody,
  ) {}
}

const customerId = new ParseUUIDPipe({
  exceptionFactory: () => malformed('MALFORMED_REQUEST', 'The id of a customer is a UUID.'),
});

@Controller('v1/customers/:id')
@ApiTags('customers')
export class EraseController {
  constructor(private readonly bus: CommandBus) {}

  @Post('erase')
  @HttpCode(200)
  @Allow(...mayErase)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiHeader({ name: 'If-Match', required: false, description: 'the revision of the customer, in quotes' })
  @ApiOkResponse({ type: ErasureAnswer })
  erase(
    @Param('id', customerId) id: string,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Body() body: EraseBody,
  ): Promise<ErasureAnswer> {
    return this.bus.execute(new EraseCommand(id.toLowerCase(), caller, commandHeaders(request.headers), body));
  }
}

@CommandHandler(EraseCommand)
export class EraseHandler implements ICommandHandler<EraseCommand, ErasureAnswer> {
  constructor(
    private readonly engine: Engine,
    private readonly erasure: Erasure,
  ) {}

  /** The wish first, then the key, then the proof: a crash in between is finished by the process `complete-erasure`. */
  async execute({ id, caller, headers, body }: EraseCommand): Promise<ErasureAnswer> {
    const context = contextOf({ caller, target: streamOf(customerCategory, id), headers, now: new Date() });
    await this.engine.runner.execute({
      evolution: customerEvolution(id),
      key: id,
      expects: 'existing',
      body,
      context,
      decide: (state) => requestErasure(body, state),
    });
    const { keyDestroyedAt, position } = await this.erasure.complete(id, context.commandId, context.correlationId);
    return { customer: id, keyDestroyedAt, position: String(position) };
  }
}

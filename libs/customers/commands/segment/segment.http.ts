import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { FastifyRequest } from 'fastify';
import { Outcome } from '../../../eventing/command-runner';
import { streamOf } from '../../../eventing/event';
import { Allow, CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandAnswer, CommandAnswerInterceptor } from '../../../platform/http/command-answer.http';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { malformed } from '../../../platform/http/problem';
import { Code } from '../../../platform/http/text';
import { customerEvolution, segmentCustomer } from '../../customer';
import { customerCategory } from '../../events';
import { maySegment } from '../../permissions';

export class SegmentBody {
  /** Left out, it takes the segment away. */
  @Code({ optional: true }) readonly segment?: string;
}

export class SegmentCommand {
  constructor(
    readonly id: string,
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: SegmentBody,
  ) {}
}

const customerId = new ParseUUIDPipe({
  exceptionFactory: () => malformed('MALFORMED_REQUEST', 'The id of a customer is a UUID.'),
});

@Controller('v1/customers/:id')
@ApiTags('customers')
export class SegmentController {
  constructor(private readonly bus: CommandBus) {}

  @Post('segment')
  @HttpCode(200)
  @Allow(...maySegment)
  @UseInterceptors(CommandAnswerInterceptor)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiHeader({ name: 'If-Match', required: false, description: 'the revision of the customer, in quotes' })
  @ApiOkResponse({ type: CommandAnswer })
  segment(
    @Param('id', customerId) id: string,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Body() body: SegmentBody,
  ): Promise<Outcome> {
    return this.bus.execute(new SegmentCommand(id.toLowerCase(), caller, commandHeaders(request.headers), body));
  }
}

@CommandHandler(SegmentCommand)
export class SegmentHandler implements ICommandHandler<SegmentCommand, Outcome> {
  constructor(private readonly engine: Engine) {}

  execute({ id, caller, headers, body }: SegmentCommand): Promise<Outcome> {
    return this.engine.runner.execute({
      ...{ evolution: customerEvolution(id), key: id, expects: 'existing', body },
      context: contextOf({ caller, target: streamOf(customerCategory, id), headers, now: new Date() }),
      decide: (state) => segmentCustomer({ segment: body.segment ?? null }, state),
    });
  }
}

import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { FastifyReply, FastifyRequest } from 'fastify';
import { Outcome } from '../../../eventing/command-runner';
import { keyOf } from '../../../eventing/event';
import { CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller, staffAndCustomer } from '../../../platform/auth/caller';
import { openingRoute } from '../../../platform/http/command-route.http';
import { CommandHeaders } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { Engine } from '../../../platform/engine/engine';
import { WithOpeningHints } from '../../opening-hints/opening-hints.http';
import { OpeningAnswer } from '../../opening-hints/similar-answer.http';
import { OpenBody } from './open-body.http';
import { RequestOpening } from './opening.handler';

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

  @openingRoute(staffAndCustomer, OpeningAnswer)
  @ApiOperation({ operationId: 'openRequest', summary: 'Opens a request and gives it its number.' })
  // What stands below wraps what stands above.
  @WithOpeningHints()
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
  constructor(
    private readonly opening: RequestOpening,
    private readonly engine: Engine,
  ) {}

  execute({ caller, headers, body }: OpenCommand): Promise<Outcome> {
    return this.opening.open(caller, headers, body, this.engine.now());
  }
}

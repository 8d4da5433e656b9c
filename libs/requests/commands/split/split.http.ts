import { Body, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { Outcome } from '../../../eventing/command-runner';
import { keyOf } from '../../../eventing/event';
import { staff } from '../../../platform/auth/caller';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommand } from '../../request-commands.handler';
import { SplitBody } from './split-body.http';
import { RequestSplitting } from './splitting.handler';

export class SplitCommand extends RequestCommand<SplitBody> {}

@RequestController()
export class SplitController {
  constructor(private readonly bus: CommandBus) {}

  /** Answers with the number of the new request. */
  @RequestRoute('split', staff)
  @ApiOperation({ operationId: 'splitRequest', summary: 'Makes a new request of some of its messages.' })
  async split(
    @Target() target: CommandTarget,
    @Body() body: SplitBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Outcome> {
    const outcome = await this.bus.execute<SplitCommand, Outcome>(new SplitCommand(target, body));
    void reply.header('location', `/v1/requests/${keyOf(outcome.stream)}`);
    return outcome;
  }
}

@CommandHandler(SplitCommand)
export class SplitHandler implements ICommandHandler<SplitCommand, Outcome> {
  constructor(private readonly splitting: RequestSplitting) {}

  execute({ target, body }: SplitCommand): Promise<Outcome> {
    return this.splitting.split(target, body);
  }
}

import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';

import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { resume } from './resume';

export class ResumeBody {}

export class ResumeCommand extends RequestCommand<ResumeBody> {}

@RequestController()
export class ResumeController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('resume', mayOrder.resume)
  @ApiOperation({ operationId: 'resumeRequest', summary: 'Goes on with it after a wait.' })
  resume(@Target() target: CommandTarget, @Body() body: ResumeBody): Promise<Outcome> {
    return this.bus.execute(new ResumeCommand(target, body));
  }
}

@CommandHandler(ResumeCommand)
export class ResumeHandler implements ICommandHandler<ResumeCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: ResumeCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) => resume(body, state));
  }
}

import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';

import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { close } from './close';

export class CloseBody {}

export class CloseCommand extends RequestCommand<CloseBody> {}

@RequestController()
export class CloseController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('close', mayOrder.close)
  @ApiOperation({ operationId: 'closeRequest', summary: 'Puts a resolved one away.' })
  close(@Target() target: CommandTarget, @Body() body: CloseBody): Promise<Outcome> {
    return this.bus.execute(new CloseCommand(target, body));
  }
}

@CommandHandler(CloseCommand)
export class CloseHandler implements ICommandHandler<CloseCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: CloseCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) => close(body, state));
  }
}

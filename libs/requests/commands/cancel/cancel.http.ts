import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { cancel } from './cancel';

export class CancelBody {
  @Text(textLimits.reason)
  readonly reason: string;
}

export class CancelCommand extends RequestCommand<CancelBody> {}

@RequestController()
export class CancelController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('cancel', mayOrder.cancel)
  @ApiOperation({ operationId: 'cancelRequest', summary: 'Ends one that needs no work.' })
  cancel(@Target() target: CommandTarget, @Body() body: CancelBody): Promise<Outcome> {
    return this.bus.execute(new CancelCommand(target, body));
  }
}

@CommandHandler(CancelCommand)
export class CancelHandler implements ICommandHandler<CancelCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: CancelCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) => cancel(body, state));
  }
}

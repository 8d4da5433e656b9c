import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Engine } from '../../../platform/engine/engine';
import { Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { Reopening } from '../../reopening';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { reopen } from './reopen';

export class ReopenBody {
  @Text(textLimits.reason)
  readonly reason: string;
}

export class ReopenCommand extends RequestCommand<ReopenBody> {}

@RequestController()
export class ReopenController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('reopen', mayOrder.reopen)
  @ApiOperation({ operationId: 'reopenRequest', summary: 'Takes a resolved or closed one up again.' })
  reopen(@Target() target: CommandTarget, @Body() body: ReopenBody): Promise<Outcome> {
    return this.bus.execute(new ReopenCommand(target, body));
  }
}

@CommandHandler(ReopenCommand)
export class ReopenHandler implements ICommandHandler<ReopenCommand, Outcome> {
  constructor(
    private readonly requests: RequestCommands,
    private readonly reopening: Reopening,
    private readonly engine: Engine,
  ) {}

  execute({ target, body }: ReopenCommand): Promise<Outcome> {
    const at = this.engine.now().getTime();
    const within = target.caller.role === 'customer' ? { reopening: this.reopening, at } : undefined;
    return this.requests.run(target, body, (state) => reopen({ ...body, within }, state));
  }
}

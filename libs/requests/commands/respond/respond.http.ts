import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { respond } from './respond';

export class RespondBody {
  @Text(textLimits.text)
  readonly text: string;
}

export class RespondCommand extends RequestCommand<RespondBody> {}

@RequestController()
export class RespondController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('respond')
  respond(@Target('respond') target: CommandTarget, @Body() body: RespondBody): Promise<Outcome> {
    return this.bus.execute(new RespondCommand(target, body));
  }
}

@CommandHandler(RespondCommand)
export class RespondHandler implements ICommandHandler<RespondCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: RespondCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) =>
      respond({ text: body.text, by: target.caller.role === 'customer' ? 'customer' : 'staff' }, state),
    );
  }
}

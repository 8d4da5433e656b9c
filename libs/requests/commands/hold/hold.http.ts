import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Awaited, awaited } from '../../vocabulary';
import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { hold } from './hold';

export class HoldBody {
  @Text(textLimits.reason)
  readonly reason: string;

  @ApiProperty({ enum: awaited })
  @IsIn(awaited)
  readonly waitingFor: Awaited;

  @Instant({ optional: true })
  readonly until?: string;
}

export class HoldCommand extends RequestCommand<HoldBody> {}

@RequestController()
export class HoldController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('hold', mayOrder.hold)
  @ApiOperation({ operationId: 'holdRequest', summary: 'Lets it wait, and says for whom.' })
  hold(@Target() target: CommandTarget, @Body() body: HoldBody): Promise<Outcome> {
    return this.bus.execute(new HoldCommand(target, body));
  }
}

@CommandHandler(HoldCommand)
export class HoldHandler implements ICommandHandler<HoldCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: HoldCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) =>
      hold({ ...body, until: body.until === undefined ? null : parseInstant(body.until) }, state),
    );
  }
}

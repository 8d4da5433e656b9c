import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Level, levels } from '../../vocabulary';
import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { escalate } from './escalate';

export class EscalateBody {
  @ApiProperty({ enum: levels })
  @IsIn(levels)
  readonly to: Level;

  @Text(textLimits.reason)
  readonly reason: string;
}

export class EscalateCommand extends RequestCommand<EscalateBody> {}

@RequestController()
export class EscalateController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('escalate', mayOrder.escalate)
  @ApiOperation({ operationId: 'escalateRequest', summary: 'Raises it to a higher support level.' })
  escalate(@Target() target: CommandTarget, @Body() body: EscalateBody): Promise<Outcome> {
    return this.bus.execute(new EscalateCommand(target, body));
  }
}

@CommandHandler(EscalateCommand)
export class EscalateHandler implements ICommandHandler<EscalateCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: EscalateCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) => escalate(body, state));
  }
}

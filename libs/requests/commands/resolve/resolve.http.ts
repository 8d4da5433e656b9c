import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Code, Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { resolve } from '../../resolving';

export class ResolveBody {
  @Code()
  readonly code: string;

  @Text(textLimits.text)
  readonly resolution: string;

  @ApiProperty({ type: Boolean, required: false, description: 'its open children are resolved with it, and theirs' })
  @MayBeAbsent()
  @IsBoolean()
  readonly resolveChildren?: boolean;
}

export class ResolveCommand extends RequestCommand<ResolveBody> {}

@RequestController()
export class ResolveController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('resolve', mayOrder.resolve)
  @ApiOperation({ operationId: 'resolveRequest', summary: 'Ends the work on it, and says how.' })
  resolve(@Target() target: CommandTarget, @Body() body: ResolveBody): Promise<Outcome> {
    return this.bus.execute(new ResolveCommand(target, body));
  }
}

@CommandHandler(ResolveCommand)
export class ResolveHandler implements ICommandHandler<ResolveCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: ResolveCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state, standing) => resolve(body, state, standing));
  }
}

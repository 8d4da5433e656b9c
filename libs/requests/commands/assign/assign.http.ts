import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { Text } from '../../../platform/http/text';
import { Directory } from '../../../teams/directory.adapter';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { assign } from './assign';

export class AssignBody {
  /** Handle or id. */
  @Text(textLimits.handle)
  readonly team: string;

  @Text({ ...textLimits.handle, optional: true })
  readonly assignee?: string;
}

export class AssignCommand extends RequestCommand<AssignBody> {}

@RequestController()
export class AssignController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('assign', mayOrder.assign)
  @ApiOperation({ operationId: 'assignRequest', summary: 'Gives it to a team, or to one of its people.' })
  assign(@Target() target: CommandTarget, @Body() body: AssignBody): Promise<Outcome> {
    return this.bus.execute(new AssignCommand(target, body));
  }
}

@CommandHandler(AssignCommand)
export class AssignHandler implements ICommandHandler<AssignCommand, Outcome> {
  constructor(
    private readonly requests: RequestCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: AssignCommand): Promise<Outcome> {
    const [team, assignee] = await Promise.all([
      this.directory.activeTeam(body.team, '/team'),
      body.assignee === undefined ? null : this.directory.activeStaff(body.assignee, '/assignee'),
    ]);
    return this.requests.run(target, body, (state) => assign({ team, assignee }, state));
  }
}

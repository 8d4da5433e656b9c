import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Text } from '../../../platform/http/text';
import { Relations } from '../../../relations/relations.adapter';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { RelationCommands } from '../../relation-commands.handler';
import { CommandTarget, RequestCommand } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';

export class UnmergeBody {
  @Text(textLimits.reason)
  readonly reason: string;
}

export class UnmergeCommand extends RequestCommand<UnmergeBody> {}

@RequestController()
export class UnmergeController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('unmerge', staff)
  @ApiOperation({
    operationId: 'unmergeRequest',
    summary: 'Lets it stand for itself again, as if it had never been merged.',
  })
  unmerge(@Target() target: CommandTarget, @Body() body: UnmergeBody): Promise<Outcome> {
    return this.bus.execute(new UnmergeCommand(target, body));
  }
}

@CommandHandler(UnmergeCommand)
export class UnmergeHandler implements ICommandHandler<UnmergeCommand, Outcome> {
  constructor(
    private readonly commands: RelationCommands,
    private readonly relations: Relations,
  ) {}

  execute({ target, body }: UnmergeCommand): Promise<Outcome> {
    return this.commands.run({
      ...{ target, body },
      give: (_, command) => this.relations.unmerge(target.number, body.reason, command),
    });
  }
}

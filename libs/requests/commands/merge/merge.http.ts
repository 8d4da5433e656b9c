import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { Rejection } from '../../../eventing/rejection';
import { staff } from '../../../platform/auth/caller';
import { Text } from '../../../platform/http/text';
import { Relations } from '../../../relations/relations.adapter';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { RelationCommands } from '../../relation-commands.handler';
import { Request } from '../../request';
import { CommandTarget, RequestCommand } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';

export class MergeBody {
  @Text(textLimits.number)
  readonly into: string;

  @Text(textLimits.reason)
  readonly reason: string;
}

export class MergeCommand extends RequestCommand<MergeBody> {}

@RequestController()
export class MergeController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('merge', staff)
  @ApiOperation({
    operationId: 'mergeRequest',
    summary: 'Lets another request stand for it, until that is taken back.',
  })
  merge(@Target() target: CommandTarget, @Body() body: MergeBody): Promise<Outcome> {
    return this.bus.execute(new MergeCommand(target, body));
  }
}

@CommandHandler(MergeCommand)
export class MergeHandler implements ICommandHandler<MergeCommand, Outcome> {
  constructor(
    private readonly commands: RelationCommands,
    private readonly relations: Relations,
  ) {}

  execute({ target, body: { into, reason } }: MergeCommand): Promise<Outcome> {
    return this.commands.run({
      ...{ target, body: { into, reason }, other: { text: into, pointer: '/into' } },
      admit: (_, survivor) => assertAlive(survivor),
      give: (survivor, command) => this.relations.merge({ source: target.number, survivor, reason }, command),
    });
  }
}

/** Nobody works on what was closed or cancelled: a case merged into it would be lost sight of. */
const assertAlive = (survivor: Request): void => {
  if (survivor.status !== 'closed' && survivor.status !== 'cancelled') return;
  const detail = `request ${survivor.number} is ${survivor.status}`;
  throw new Rejection('REQUEST_NOT_OPEN', detail, [{ pointer: '/into', code: 'REQUEST_NOT_OPEN', detail }]);
};

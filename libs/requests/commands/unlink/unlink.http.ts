import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Text } from '../../../platform/http/text';
import { LinkKind, linkKinds } from '../../../relations/events';
import { Relations } from '../../../relations/relations.adapter';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { RelationCommands } from '../../relation-commands.handler';
import { CommandTarget, RequestCommand } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';

export class UnlinkBody {
  @ApiProperty({ enum: linkKinds, description: 'what the other request is to this one' })
  @IsIn(linkKinds)
  readonly kind: LinkKind;

  @Text(textLimits.number)
  readonly to: string;
}

export class UnlinkCommand extends RequestCommand<UnlinkBody> {}

@RequestController()
export class UnlinkController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('unlink', staff)
  @ApiOperation({ operationId: 'unlinkRequest', summary: 'Takes back what another request was to it.' })
  unlink(@Target() target: CommandTarget, @Body() body: UnlinkBody): Promise<Outcome> {
    return this.bus.execute(new UnlinkCommand(target, body));
  }
}

@CommandHandler(UnlinkCommand)
export class UnlinkHandler implements ICommandHandler<UnlinkCommand, Outcome> {
  constructor(
    private readonly commands: RelationCommands,
    private readonly relations: Relations,
  ) {}

  execute({ target, body }: UnlinkCommand): Promise<Outcome> {
    return this.commands.run({
      ...{ target, body, other: { text: body.to, pointer: '/to' } },
      admit: (merges) => merges.assertStands(target.number),
      give: (to, command) => this.relations.unlink({ kind: body.kind, from: target.number, to }, command),
    });
  }
}

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

export class LinkBody {
  @ApiProperty({ enum: linkKinds, description: 'what the other request is to this one' })
  @IsIn(linkKinds)
  readonly kind: LinkKind;

  @Text(textLimits.number)
  readonly to: string;
}

export class LinkCommand extends RequestCommand<LinkBody> {}

@RequestController()
export class LinkController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('link', staff)
  @ApiOperation({ operationId: 'linkRequest', summary: 'Says what another request is to it.' })
  link(@Target() target: CommandTarget, @Body() body: LinkBody): Promise<Outcome> {
    return this.bus.execute(new LinkCommand(target, body));
  }
}

@CommandHandler(LinkCommand)
export class LinkHandler implements ICommandHandler<LinkCommand, Outcome> {
  constructor(
    private readonly commands: RelationCommands,
    private readonly relations: Relations,
  ) {}

  execute({ target, body }: LinkCommand): Promise<Outcome> {
    return this.commands.run({
      ...{ target, body, other: { text: body.to, pointer: '/to' } },
      admit: (merges, other) => {
        merges.assertStands(target.number);
        if (other.status !== 'none') merges.assertStands(other.number, '/to');
      },
      give: (to, command) => this.relations.link({ kind: body.kind, from: target.number, to }, command),
    });
  }
}

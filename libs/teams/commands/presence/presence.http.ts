import { Body, Controller } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { forbidden } from '../../../platform/http/problem';
import { Directory } from '../../directory.adapter';
import { DirectoryCommands } from '../../directory-commands.handler';
import { Presence } from '../../events';
import { maySignIn } from '../../permissions';
import { DirectoryCommand, DirectoryRoute, DirectoryTarget, Target } from '../../team-command.http';
import { changePresence } from './presence';

export class PresenceBody {}

export class PresenceCommand extends DirectoryCommand<PresenceBody> {
  constructor(
    target: DirectoryTarget,
    readonly presence: Presence,
  ) {
    super(target, {});
  }
}

@Controller('v1/staff')
export class PresenceController {
  constructor(private readonly bus: CommandBus) {}

  @DirectoryRoute('available', maySignIn)
  @ApiOperation({ operationId: 'becomeAvailable', summary: 'Says that somebody is there for work.' })
  available(@Target() target: DirectoryTarget, @Body() _body: PresenceBody): Promise<Outcome> {
    return this.bus.execute(new PresenceCommand(target, 'available'));
  }

  @DirectoryRoute('away', maySignIn)
  @ApiOperation({ operationId: 'goAway', summary: 'Says that somebody is not there for further work.' })
  away(@Target() target: DirectoryTarget, @Body() _body: PresenceBody): Promise<Outcome> {
    return this.bus.execute(new PresenceCommand(target, 'away'));
  }
}

@CommandHandler(PresenceCommand)
export class PresenceHandler implements ICommandHandler<PresenceCommand, Outcome> {
  constructor(
    private readonly commands: DirectoryCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, presence }: PresenceCommand): Promise<Outcome> {
    const { role, id } = target.caller;
    if (role === 'agent' && this.directory.staffId(target.id) !== id) throw forbidden();
    return this.commands.staff(target, { verb: presence }, (state) => changePresence(presence, state));
  }
}

import { Body, Controller } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { Text } from '../../../platform/http/text';
import { Directory } from '../../directory.adapter';
import { DirectoryCommands } from '../../directory-commands.handler';
import { assertHandle } from '../../handles';
import { mayStaff } from '../../permissions';
import { registerStaff } from '../../staff';
import { registerTeam } from '../../team';
import { DirectoryCommand, DirectoryRoute, DirectoryTarget, Target } from '../../team-command.http';
import { renameTeam } from './rename';

const nameCharactersMax = 200;
const handleCharactersMax = 63;

export class NameBody {
  @Text({ charactersMax: nameCharactersMax })
  readonly name: string;
}

export class MemberBody extends NameBody {
  /** Handle or id. */
  @Text({ charactersMax: handleCharactersMax, optional: true })
  readonly team?: string;
}

export class RegisterStaffCommand extends DirectoryCommand<MemberBody> {}
export class RegisterTeamCommand extends DirectoryCommand<NameBody> {}
export class RenameTeamCommand extends DirectoryCommand<NameBody> {}

@Controller('v1/staff')
export class RegisterStaffController {
  constructor(private readonly bus: CommandBus) {}

  @DirectoryRoute('register', mayStaff)
  @ApiOperation({ operationId: 'registerStaff', summary: 'Makes somebody known under a handle.' })
  register(@Target() target: DirectoryTarget, @Body() body: MemberBody): Promise<Outcome> {
    return this.bus.execute(new RegisterStaffCommand(target, body));
  }
}

@Controller('v1/teams')
export class RegisterTeamController {
  constructor(private readonly bus: CommandBus) {}

  @DirectoryRoute('register', mayStaff)
  @ApiOperation({ operationId: 'registerTeam', summary: 'Makes a team known under a handle.' })
  register(@Target() target: DirectoryTarget, @Body() body: NameBody): Promise<Outcome> {
    return this.bus.execute(new RegisterTeamCommand(target, body));
  }

  @DirectoryRoute('rename', mayStaff)
  @ApiOperation({ operationId: 'renameTeam', summary: 'Gives a team another name; its handle stays.' })
  rename(@Target() target: DirectoryTarget, @Body() body: NameBody): Promise<Outcome> {
    return this.bus.execute(new RenameTeamCommand(target, body));
  }
}

@CommandHandler(RegisterStaffCommand)
export class RegisterStaffHandler implements ICommandHandler<RegisterStaffCommand, Outcome> {
  constructor(
    private readonly commands: DirectoryCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body: { name, team: named } }: RegisterStaffCommand): Promise<Outcome> {
    const team = named === undefined ? null : await this.directory.activeTeam(named, '/team');
    const handle = assertHandle(target.id);
    return this.commands.staff(target, { name, team }, (state) => registerStaff({ handle, name, team }, state));
  }
}

@CommandHandler(RegisterTeamCommand)
export class RegisterTeamHandler implements ICommandHandler<RegisterTeamCommand, Outcome> {
  constructor(private readonly commands: DirectoryCommands) {}

  async execute({ target, body: { name } }: RegisterTeamCommand): Promise<Outcome> {
    const handle = assertHandle(target.id);
    return this.commands.team(target, { verb: 'register', name }, (state) => registerTeam({ handle, name }, state));
  }
}

@CommandHandler(RenameTeamCommand)
export class RenameTeamHandler implements ICommandHandler<RenameTeamCommand, Outcome> {
  constructor(private readonly commands: DirectoryCommands) {}

  execute({ target, body: { name } }: RenameTeamCommand): Promise<Outcome> {
    return this.commands.team(target, { verb: 'rename', name }, (state) => renameTeam(name, state));
  }
}

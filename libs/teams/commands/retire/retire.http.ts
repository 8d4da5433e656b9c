import { Body, Controller } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { rulesNaming } from '../../../configuration/configuration';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { Outcome } from '../../../eventing/command-runner';
import { Engine } from '../../../platform/engine/engine';
import { Directory } from '../../directory.adapter';
import { DirectoryCommands } from '../../directory-commands.handler';
import { mayStaff } from '../../permissions';
import { DirectoryCommand, DirectoryRoute, DirectoryTarget, Target } from '../../team-command.http';
import { reinstateStaff, reinstateTeam, retireStaff, retireTeam } from './retire';

export class RetirementBody {}

type Verb = 'retire' | 'reinstate';

abstract class RetirementCommand extends DirectoryCommand<RetirementBody> {
  constructor(
    target: DirectoryTarget,
    readonly verb: Verb,
  ) {
    super(target, {});
  }
}
export class RetireStaffCommand extends RetirementCommand {}
export class RetireTeamCommand extends RetirementCommand {}

@Controller('v1/staff')
export class RetireStaffController {
  constructor(private readonly bus: CommandBus) {}

  @DirectoryRoute('retire', mayStaff)
  @ApiOperation({
    operationId: 'retireStaff',
    summary: 'Gives somebody no more work; what they have goes back to their teams.',
  })
  retire(@Target() target: DirectoryTarget, @Body() _body: RetirementBody): Promise<Outcome> {
    return this.bus.execute(new RetireStaffCommand(target, 'retire'));
  }

  @DirectoryRoute('reinstate', mayStaff)
  @ApiOperation({ operationId: 'reinstateStaff', summary: 'Lets somebody who was retired work again.' })
  reinstate(@Target() target: DirectoryTarget, @Body() _body: RetirementBody): Promise<Outcome> {
    return this.bus.execute(new RetireStaffCommand(target, 'reinstate'));
  }
}

@Controller('v1/teams')
export class RetireTeamController {
  constructor(private readonly bus: CommandBus) {}

  @DirectoryRoute('retire', mayStaff)
  @ApiOperation({ operationId: 'retireTeam', summary: 'Gives a team no more work; what it has stays with it.' })
  retire(@Target() target: DirectoryTarget, @Body() _body: RetirementBody): Promise<Outcome> {
    return this.bus.execute(new RetireTeamCommand(target, 'retire'));
  }

  @DirectoryRoute('reinstate', mayStaff)
  @ApiOperation({ operationId: 'reinstateTeam', summary: 'Lets a retired team take work again.' })
  reinstate(@Target() target: DirectoryTarget, @Body() _body: RetirementBody): Promise<Outcome> {
    return this.bus.execute(new RetireTeamCommand(target, 'reinstate'));
  }
}

@CommandHandler(RetireStaffCommand)
export class RetireStaffHandler implements ICommandHandler<RetireStaffCommand, Outcome> {
  constructor(private readonly commands: DirectoryCommands) {}

  execute({ target, verb }: RetireStaffCommand): Promise<Outcome> {
    return this.commands.staff(target, { verb }, verb === 'retire' ? retireStaff : reinstateStaff);
  }
}

@CommandHandler(RetireTeamCommand)
export class RetireTeamHandler implements ICommandHandler<RetireTeamCommand, Outcome> {
  constructor(
    private readonly commands: DirectoryCommands,
    private readonly directory: Directory,
    private readonly configuration: ConfigurationBook,
    private readonly engine: Engine,
  ) {}

  async execute({ target, verb }: RetireTeamCommand): Promise<Outcome> {
    const standing = await this.configuration.standing(this.engine.now().getTime());
    const rules = rulesNaming(standing, this.directory.teamId(target.id));
    return this.commands.team(target, { verb }, (state) =>
      verb === 'retire' ? retireTeam(rules, state) : reinstateTeam(state),
    );
  }
}

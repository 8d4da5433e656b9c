import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DistributeController, DistributeHandler } from './commands/distribute/distribute.http';
import { PresenceController, PresenceHandler } from './commands/presence/presence.http';
import {
  RegisterStaffController,
  RegisterStaffHandler,
  RegisterTeamController,
  RegisterTeamHandler,
  RenameTeamHandler,
} from './commands/register/register.http';
import {
  RetireStaffController,
  RetireStaffHandler,
  RetireTeamController,
  RetireTeamHandler,
} from './commands/retire/retire.http';
import { RosterController, RosterHandler } from './commands/roster/roster.http';
import { DirectoryCommands } from './directory-commands.handler';

/** The write side of teams and staff. */
@Module({
  imports: [CqrsModule],
  controllers: [
    ...[RegisterStaffController, RegisterTeamController],
    ...[RosterController, PresenceController, DistributeController],
    ...[RetireStaffController, RetireTeamController],
  ],
  providers: [
    DirectoryCommands,
    ...[RegisterStaffHandler, RegisterTeamHandler, RenameTeamHandler],
    ...[RosterHandler, PresenceHandler, DistributeHandler],
    ...[RetireStaffHandler, RetireTeamHandler],
  ],
})
export class TeamsModule {}

import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { BookCommands } from './book-commands.handler';
import {
  ActivateCalendarHandler,
  CalendarCommandsController,
  CorrectCalendarHandler,
  DraftCalendarHandler,
} from './commands/calendar/calendar.http';
import {
  ActivatePolicyHandler,
  CorrectPolicyHandler,
  DraftPolicyHandler,
  PolicyCommandsController,
  RetirePolicyHandler,
} from './commands/policy/policy.http';

/** The write side of policies and calendars. */
@Module({
  imports: [CqrsModule],
  controllers: [PolicyCommandsController, CalendarCommandsController],
  providers: [
    BookCommands,
    DraftPolicyHandler,
    ActivatePolicyHandler,
    CorrectPolicyHandler,
    RetirePolicyHandler,
    DraftCalendarHandler,
    ActivateCalendarHandler,
    CorrectCalendarHandler,
  ],
})
export class ServiceLevelsModule {}

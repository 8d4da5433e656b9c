import { Body, Controller } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { parseInstant } from '../../../platform/http/instant';
import { Book, calendarEntry } from '../../book';
import { BookCommand, BookRoute, BookTarget, Target } from '../../book-command.http';
import { BookCommands } from '../../book-commands.handler';
import { ActivateBody, CorrectRevisionBody } from '../../activation-body.http';
import { activateCalendar, draftCalendar } from './calendar';
import { calendarOf, DraftCalendarBody } from '../../calendar-body.http';

export class DraftCalendarCommand extends BookCommand<DraftCalendarBody> {}
export class ActivateCalendarCommand extends BookCommand<ActivateBody> {}
export class CorrectCalendarCommand extends BookCommand<CorrectRevisionBody> {}

@Controller('v1/calendars')
export class CalendarCommandsController {
  constructor(private readonly bus: CommandBus) {}

  @BookRoute('draft')
  @ApiOperation({ operationId: 'draftCalendar', summary: 'Saves what a calendar is to become.' })
  draft(@Target('draft-calendar') target: BookTarget, @Body() body: DraftCalendarBody): Promise<Outcome> {
    return this.bus.execute(new DraftCalendarCommand(target, body));
  }

  @BookRoute('activate')
  @ApiOperation({
    operationId: 'activateCalendar',
    summary: 'Makes the draft the revision that holds from an instant on.',
  })
  activate(@Target('activate-calendar') target: BookTarget, @Body() body: ActivateBody): Promise<Outcome> {
    return this.bus.execute(new ActivateCalendarCommand(target, body));
  }

  @BookRoute('correct')
  @ApiOperation({
    operationId: 'correctCalendar',
    summary: 'Lets the draft stand in for a revision that was wrong all along.',
  })
  correct(@Target('correct-calendar') target: BookTarget, @Body() body: CorrectRevisionBody): Promise<Outcome> {
    return this.bus.execute(new CorrectCalendarCommand(target, body));
  }
}

@CommandHandler(DraftCalendarCommand)
export class DraftCalendarHandler implements ICommandHandler<DraftCalendarCommand, Outcome> {
  constructor(private readonly book: BookCommands) {}

  async execute({ target, body }: DraftCalendarCommand): Promise<Outcome> {
    const calendar = await calendarOf(body, new Date());
    return this.book.run(target, body, (book) => draftCalendar(target.id, calendar, book));
  }
}

@CommandHandler(ActivateCalendarCommand)
export class ActivateCalendarHandler implements ICommandHandler<ActivateCalendarCommand, Outcome> {
  constructor(private readonly book: BookCommands) {}

  execute({ target: { id, ...target }, body }: ActivateCalendarCommand): Promise<Outcome> {
    return this.book.run({ id, ...target }, body, (book, now) => {
      const from = (body.from === undefined ? null : parseInstant(body.from)) ?? now;
      return activateCalendar({ id, from, corrects: null, reason: null }, book);
    });
  }
}

/** A correction holds since when the wrong one did. */
const since = (book: Book, id: string, revision: number, now: string): string => {
  const wrong = calendarEntry(book, id).revisions.find(({ value }) => value.revision === revision);
  return wrong ? new Date(wrong.from).toISOString() : now;
};

@CommandHandler(CorrectCalendarCommand)
export class CorrectCalendarHandler implements ICommandHandler<CorrectCalendarCommand, Outcome> {
  constructor(private readonly book: BookCommands) {}

  execute({ target, body: { revision, reason } }: CorrectCalendarCommand): Promise<Outcome> {
    const { id } = target;
    return this.book.run(target, { revision, reason }, (book, now) =>
      activateCalendar({ id, from: since(book, id, revision, now), corrects: revision, reason }, book),
    );
  }
}

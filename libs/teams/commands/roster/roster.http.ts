import { Body, Controller } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { ownMember } from '../../../eventing/own-member';
import { Rejection } from '../../../eventing/rejection';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Code, Codes, Text } from '../../../platform/http/text';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { Directory } from '../../directory.adapter';
import { DirectoryCommands } from '../../directory-commands.handler';
import { mayStaff } from '../../permissions';
import { DirectoryCommand, DirectoryRoute, DirectoryTarget, Target } from '../../team-command.http';
import { rosterStaff } from './roster';

const capacityMax = 10_000;
const handleCharactersMax = 63;

export class RosterBody {
  /** Handle or id. */
  @Text({ charactersMax: handleCharactersMax, optional: true })
  readonly team?: string;

  @Codes({ optional: true })
  readonly skills?: readonly string[];

  /** Id of a calendar: the hours in which they work. `always` is one. */
  @Code({ optional: true })
  readonly calendar?: string;

  @ApiProperty({ required: false, minimum: 0, maximum: capacityMax, description: 'what their work may weigh together' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(capacityMax)
  readonly capacity?: number;

  /** From when it holds; now, when it is left out. */
  @Instant({ optional: true }) readonly from?: string;
}

export class RosterCommand extends DirectoryCommand<RosterBody> {}

@Controller('v1/staff')
export class RosterController {
  constructor(private readonly bus: CommandBus) {}

  @DirectoryRoute('roster', mayStaff)
  @ApiOperation({ operationId: 'rosterStaff', summary: 'Says what somebody can do, when, and how much at once.' })
  roster(@Target() target: DirectoryTarget, @Body() body: RosterBody): Promise<Outcome> {
    return this.bus.execute(new RosterCommand(target, body));
  }
}

@CommandHandler(RosterCommand)
export class RosterHandler implements ICommandHandler<RosterCommand, Outcome> {
  constructor(
    private readonly commands: DirectoryCommands,
    private readonly directory: Directory,
    private readonly book: ServiceLevelBook,
  ) {}

  async execute({ target, body }: RosterCommand): Promise<Outcome> {
    const { team, skills, calendar, capacity, from } = body;
    if (calendar !== undefined) await this.assertKnown(calendar);
    const roster = {
      ...{ skills, calendar, capacity },
      team: team === undefined ? undefined : await this.directory.activeTeam(team, '/team'),
    };
    return this.commands.staff(target, { verb: 'roster', ...body }, (state, now) =>
      rosterStaff({ roster, from: (from === undefined ? null : parseInstant(from)) ?? now }, state),
    );
  }

  private async assertKnown(calendar: string): Promise<void> {
    const { calendars } = await this.book.current();
    if (ownMember(calendars, calendar)?.revisions.length) return;
    const detail = 'no calendar is active under this id';
    throw new Rejection('UNKNOWN_CALENDAR', detail, [{ pointer: '/calendar', code: 'UNKNOWN_CALENDAR', detail }]);
  }
}

import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { unprocessable } from '../../../platform/http/problem';
import { Revision } from '../../../platform/http/revision';
import { Code, Text } from '../../../platform/http/text';
import { Directory } from '../../../teams/directory.adapter';
import { ClassificationBody } from '../../classification-body.http';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CorrectedValues } from '../../event-values';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { Awaited, awaited, Level, levels } from '../../vocabulary';
import { correct } from './correct';

export class CorrectBody extends ClassificationBody {
  @Revision()
  readonly revision: number;

  @Text(textLimits.reason)
  readonly reason: string;

  @Text({ ...textLimits.subject, optional: true })
  readonly subject?: string;

  @Text({ ...textLimits.text, optional: true })
  readonly description?: string;

  @Text({ ...textLimits.text, optional: true })
  readonly text?: string;

  @Text({ ...textLimits.text, optional: true })
  readonly resolution?: string;

  @Text({ ...textLimits.handle, optional: true })
  readonly team?: string;

  @Text({ ...textLimits.handle, optional: true })
  readonly assignee?: string;

  @ApiProperty({ enum: levels, required: false })
  @MayBeAbsent()
  @IsIn(levels)
  readonly to?: Level;

  @ApiProperty({ enum: awaited, required: false })
  @MayBeAbsent()
  @IsIn(awaited)
  readonly waitingFor?: Awaited;

  @Code({ optional: true })
  readonly code?: string;

  @Instant({ optional: true })
  readonly occurredAt?: string;
}

/** Time goes on: what is refused now may be right later, and what was taken once is never refused to a retry. */
const assertPast = (occurredAt: string | undefined): void => {
  if (occurredAt === undefined || Date.parse(occurredAt) <= Date.now()) return;
  throw unprocessable([{ pointer: '/occurredAt', code: 'IN_THE_FUTURE', detail: 'has not come yet' }]);
};

export class CorrectCommand extends RequestCommand<CorrectBody> {}

@RequestController()
export class CorrectController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('correct', staff)
  @ApiOperation({
    operationId: 'correctRequest',
    summary: 'Puts right what an earlier event said; both stay readable.',
  })
  correct(@Target() target: CommandTarget, @Body() body: CorrectBody): Promise<Outcome> {
    return this.bus.execute(new CorrectCommand(target, body));
  }
}

@CommandHandler(CorrectCommand)
export class CorrectHandler implements ICommandHandler<CorrectCommand, Outcome> {
  constructor(
    private readonly requests: RequestCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: CorrectCommand): Promise<Outcome> {
    const { revision, reason, ...given } = body;
    assertPast(given.occurredAt);
    const values: CorrectedValues = {
      ...given,
      team: given.team && (await this.directory.knownTeam(given.team, '/team')),
      assignee: given.assignee && (await this.directory.knownStaff(given.assignee, '/assignee')),
      occurredAt: given.occurredAt && (parseInstant(given.occurredAt) ?? undefined),
    };
    return this.requests.run(target, body, (state, { configuration }) =>
      correct({ revision, reason, values }, state, configuration),
    );
  }
}

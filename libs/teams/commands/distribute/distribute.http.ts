import { Body, Controller } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, Max, Min, ValidateNested } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { DirectoryCommands } from '../../directory-commands.handler';
import { strategies, Strategy, weighedPriorities, Weights } from '../../events';
import { mayStaff } from '../../permissions';
import { DirectoryCommand, DirectoryRoute, DirectoryTarget, Target } from '../../team-command.http';
import { distributeWork } from './distribute';

const weightMax = 1_000;

const Weight = (): PropertyDecorator => (target, name) => {
  ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: weightMax })(target, name);
  for (const decorate of [MayBeAbsent(), IsInt(), Min(1), Max(weightMax)]) decorate(target, name);
};

export class WeightsBody implements Partial<Weights> {
  @Weight() readonly P1?: number;
  @Weight() readonly P2?: number;
  @Weight() readonly P3?: number;
  @Weight() readonly P4?: number;
  @Weight() readonly P5?: number;
}

export class DistributeBody {
  @ApiProperty({ enum: strategies, required: false, description: 'manual: nobody is given anything' })
  @MayBeAbsent()
  @IsIn(strategies)
  readonly strategy?: Strategy;

  @ApiProperty({ type: WeightsBody, required: false, description: `of a request by ${weighedPriorities.join(', ')}` })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => WeightsBody)
  readonly weights?: WeightsBody;

  /** From when it holds; now, when it is left out. */
  @Instant({ optional: true }) readonly from?: string;
}

export class DistributeCommand extends DirectoryCommand<DistributeBody> {}

@Controller('v1/teams')
export class DistributeController {
  constructor(private readonly bus: CommandBus) {}

  @DirectoryRoute('distribute', mayStaff)
  @ApiOperation({
    operationId: 'distributeWork',
    summary: "Says how a team's work finds somebody, and what it weighs.",
  })
  distribute(@Target() target: DirectoryTarget, @Body() body: DistributeBody): Promise<Outcome> {
    return this.bus.execute(new DistributeCommand(target, body));
  }
}

@CommandHandler(DistributeCommand)
export class DistributeHandler implements ICommandHandler<DistributeCommand, Outcome> {
  constructor(private readonly commands: DirectoryCommands) {}

  execute({ target, body: { from, ...body } }: DistributeCommand): Promise<Outcome> {
    return this.commands.team(target, { verb: 'distribute', ...body, from }, (state, now) =>
      distributeWork({ ...body, from: (from === undefined ? null : parseInstant(from)) ?? now }, state),
    );
  }
}

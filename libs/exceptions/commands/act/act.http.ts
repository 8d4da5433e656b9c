import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { Text } from '../../../platform/http/text';
import { Directory } from '../../../teams/directory.adapter';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { actionsMax } from '../../vocabulary';
import { completeAction, planAction, verifyAction } from './act';

export class PlanActionBody {
  @Text(exceptionTexts.text)
  readonly text: string;

  /** Handle or id; left out, it is whoever plans it. */
  @Text({ ...exceptionTexts.handle, optional: true })
  readonly responsible?: string;

  @Instant({ optional: true })
  readonly dueAt?: string;
}

export class CompleteActionBody {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: actionsMax, description: 'its place among the actions, from 1' })
  @IsInt()
  @Min(1)
  @Max(actionsMax)
  readonly action: number;

  @Text(exceptionTexts.text)
  readonly text: string;
}

export class VerifyActionBody extends CompleteActionBody {
  @ApiProperty({ type: Boolean, description: 'false: it is to be done again' })
  @IsBoolean()
  readonly effective: boolean;
}

export class PlanActionCommand extends ExceptionCommand<PlanActionBody> {}
export class CompleteActionCommand extends ExceptionCommand<CompleteActionBody> {}
export class VerifyActionCommand extends ExceptionCommand<VerifyActionBody> {}

@ExceptionController()
export class CorrectiveActionController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('plan-action', staff)
  @ApiOperation({ operationId: 'planCorrectiveAction', summary: 'Says what is to be done about it.' })
  plan(@Target() target: ExceptionTarget, @Body() body: PlanActionBody): Promise<Outcome> {
    return this.bus.execute(new PlanActionCommand(target, body));
  }

  @ExceptionRoute('complete-action', staff)
  @ApiOperation({ operationId: 'completeCorrectiveAction', summary: 'Says that it is done.' })
  complete(@Target() target: ExceptionTarget, @Body() body: CompleteActionBody): Promise<Outcome> {
    return this.bus.execute(new CompleteActionCommand(target, body));
  }

  @ExceptionRoute('verify-action', staff)
  @ApiOperation({ operationId: 'verifyCorrectiveAction', summary: 'Says, as another, whether it works.' })
  verify(@Target() target: ExceptionTarget, @Body() body: VerifyActionBody): Promise<Outcome> {
    return this.bus.execute(new VerifyActionCommand(target, body));
  }
}

@CommandHandler(PlanActionCommand)
export class PlanActionHandler implements ICommandHandler<PlanActionCommand, Outcome> {
  constructor(
    private readonly exceptions: ExceptionCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: PlanActionCommand): Promise<Outcome> {
    const { text, responsible: who, dueAt: due } = body;
    const responsible = who === undefined ? target.caller.id : await this.directory.activeStaff(who, '/responsible');
    const dueAt = due === undefined ? null : parseInstant(due);
    return this.exceptions.run(target, body, (state) => planAction({ text, responsible, dueAt }, state));
  }
}

@CommandHandler(CompleteActionCommand)
export class CompleteActionHandler implements ICommandHandler<CompleteActionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body: { action, text } }: CompleteActionCommand): Promise<Outcome> {
    return this.exceptions.run(target, { action, text }, (state, { by }) =>
      completeAction({ action, text, by }, state),
    );
  }
}

@CommandHandler(VerifyActionCommand)
export class VerifyActionHandler implements ICommandHandler<VerifyActionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body: { action, text, effective } }: VerifyActionCommand): Promise<Outcome> {
    return this.exceptions.run(target, { action, text, effective }, (state, { by }) =>
      verifyAction({ action, text, effective, by }, state),
    );
  }
}

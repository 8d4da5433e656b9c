import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staff, staffAndCustomer } from '../../../platform/auth/caller';
import { Text } from '../../../platform/http/text';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { ratingMax } from '../../vocabulary';
import { closeException, giveFeedback, withdrawException } from './end';

export class CloseExceptionBody {
  /** How to keep it from happening again. */
  @Text(exceptionTexts.text)
  readonly prevention: string;
}

export class WithdrawExceptionBody {
  @Text(exceptionTexts.reason)
  readonly reason: string;
}

export class FeedbackBody {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: ratingMax, description: '5 is best' })
  @IsInt()
  @Min(1)
  @Max(ratingMax)
  readonly rating: number;

  @Text({ ...exceptionTexts.text, optional: true })
  readonly text?: string;
}

export class CloseExceptionCommand extends ExceptionCommand<CloseExceptionBody> {}
export class WithdrawExceptionCommand extends ExceptionCommand<WithdrawExceptionBody> {}
export class FeedbackCommand extends ExceptionCommand<FeedbackBody> {}

@ExceptionController()
export class EndExceptionController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('close', staff)
  @ApiOperation({ operationId: 'closeException', summary: 'Puts away one that has run its course.' })
  close(@Target() target: ExceptionTarget, @Body() body: CloseExceptionBody): Promise<Outcome> {
    return this.bus.execute(new CloseExceptionCommand(target, body));
  }

  @ExceptionRoute('withdraw', staff)
  @ApiOperation({ operationId: 'withdrawException', summary: 'Takes back what was asked for.' })
  withdraw(@Target() target: ExceptionTarget, @Body() body: WithdrawExceptionBody): Promise<Outcome> {
    return this.bus.execute(new WithdrawExceptionCommand(target, body));
  }

  @ExceptionRoute('feedback', staffAndCustomer)
  @ApiOperation({ operationId: 'giveExceptionFeedback', summary: 'Says how it was for those concerned.' })
  feedback(@Target() target: ExceptionTarget, @Body() body: FeedbackBody): Promise<Outcome> {
    return this.bus.execute(new FeedbackCommand(target, body));
  }
}

@CommandHandler(CloseExceptionCommand)
export class CloseExceptionHandler implements ICommandHandler<CloseExceptionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body: { prevention } }: CloseExceptionCommand): Promise<Outcome> {
    return this.exceptions.run(target, { prevention }, (state) => closeException({ prevention }, state));
  }
}

@CommandHandler(WithdrawExceptionCommand)
export class WithdrawExceptionHandler implements ICommandHandler<WithdrawExceptionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body: { reason } }: WithdrawExceptionCommand): Promise<Outcome> {
    return this.exceptions.run(target, { reason }, (state) => withdrawException({ reason }, state));
  }
}

@CommandHandler(FeedbackCommand)
export class FeedbackHandler implements ICommandHandler<FeedbackCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body: { rating, text } }: FeedbackCommand): Promise<Outcome> {
    const from = target.caller.role === 'customer' ? 'customer' : 'staff';
    return this.exceptions.run(target, { rating, text }, (state) => giveFeedback({ from, rating, text }, state));
  }
}

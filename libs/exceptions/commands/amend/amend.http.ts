import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { Code, Text } from '../../../platform/http/text';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { amend } from './amend';

/** What is said anew; what is left out stays. */
export class AmendExceptionBody {
  @Code({ optional: true })
  readonly kind?: string;

  @Text({ ...exceptionTexts.text, optional: true })
  readonly what?: string;

  @Text({ ...exceptionTexts.text, optional: true })
  readonly why?: string;

  @Code({ optional: true })
  readonly category?: string;

  @Code({ optional: true })
  readonly product?: string;

  @Code({ optional: true })
  readonly cause?: string;

  @Instant({ optional: true })
  readonly until?: string;
}

export class AmendExceptionCommand extends ExceptionCommand<AmendExceptionBody> {}

@ExceptionController()
export class AmendExceptionController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('amend', staff)
  @ApiOperation({
    operationId: 'amendException',
    summary: 'Says anew what deviates or why; it is to be approved again.',
  })
  amend(@Target() target: ExceptionTarget, @Body() body: AmendExceptionBody): Promise<Outcome> {
    return this.bus.execute(new AmendExceptionCommand(target, body));
  }
}

@CommandHandler(AmendExceptionCommand)
export class AmendExceptionHandler implements ICommandHandler<AmendExceptionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body }: AmendExceptionCommand): Promise<Outcome> {
    const { until, ...words } = body;
    const wanted = until === undefined ? words : { ...words, until: parseInstant(until) };
    return this.exceptions.run(target, body, (state, given) => amend({ ...wanted, ...given }, state));
  }
}

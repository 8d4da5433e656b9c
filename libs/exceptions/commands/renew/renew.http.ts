import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { Text } from '../../../platform/http/text';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { renew } from './renew';

export class RenewExceptionBody {
  @Instant()
  readonly until: string;

  @Text(exceptionTexts.reason)
  readonly reason: string;
}

export class RenewExceptionCommand extends ExceptionCommand<RenewExceptionBody> {}

@ExceptionController()
export class RenewExceptionController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('renew', staff)
  @ApiOperation({ operationId: 'renewException', summary: 'Asks for more time, which is to be approved anew.' })
  renew(@Target() target: ExceptionTarget, @Body() body: RenewExceptionBody): Promise<Outcome> {
    return this.bus.execute(new RenewExceptionCommand(target, body));
  }
}

@CommandHandler(RenewExceptionCommand)
export class RenewExceptionHandler implements ICommandHandler<RenewExceptionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body: { until, reason } }: RenewExceptionCommand): Promise<Outcome> {
    const end = parseInstant(until) ?? until;
    return this.exceptions.run(target, { until, reason }, (state, given) =>
      renew({ until: end, reason, ...given }, state),
    );
  }
}

import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, ValidateIf } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Text } from '../../../platform/http/text';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { ExceptionImpact, exceptionImpacts, severities, Severity } from '../../vocabulary';
import { assess, findUnneeded } from './assess';

const isNeeded = ({ needed = true }: AssessExceptionBody): boolean => needed;

export class AssessExceptionBody {
  @ApiProperty({ type: Boolean, required: false, default: true, description: 'false: no exception is needed' })
  @MayBeAbsent()
  @IsBoolean()
  readonly needed?: boolean;

  @ApiProperty({ enum: severities, required: false, description: 'of one that is needed' })
  @ValidateIf((body: AssessExceptionBody) => isNeeded(body) || body.severity !== undefined)
  @IsIn(severities)
  readonly severity?: Severity;

  @ApiProperty({ enum: exceptionImpacts, required: false, description: 'of one that is needed' })
  @ValidateIf((body: AssessExceptionBody) => isNeeded(body) || body.impact !== undefined)
  @IsIn(exceptionImpacts)
  readonly impact?: ExceptionImpact;

  @Text(exceptionTexts.text)
  readonly reasoning: string;
}

export class AssessExceptionCommand extends ExceptionCommand<AssessExceptionBody> {}

@ExceptionController()
export class AssessExceptionController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('assess', staff)
  @ApiOperation({ operationId: 'assessException', summary: 'Says how grave it is, or that none is needed.' })
  assess(@Target() target: ExceptionTarget, @Body() body: AssessExceptionBody): Promise<Outcome> {
    return this.bus.execute(new AssessExceptionCommand(target, body));
  }
}

@CommandHandler(AssessExceptionCommand)
export class AssessExceptionHandler implements ICommandHandler<AssessExceptionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body }: AssessExceptionCommand): Promise<Outcome> {
    const { severity, impact, reasoning } = body;
    return this.exceptions.run(target, body, (state, { by }) =>
      isNeeded(body) && severity && impact
        ? assess({ severity, impact, reasoning, by }, state)
        : findUnneeded({ reasoning, by }, state),
    );
  }
}

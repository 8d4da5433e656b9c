import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { Text } from '../../../platform/http/text';
import { Directory } from '../../../teams/directory.adapter';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { assign } from './assign';

/** What is left out stays. */
export class AssignExceptionBody {
  /** Handle or id. */
  @Text({ ...exceptionTexts.handle, optional: true })
  readonly owner?: string;

  @Instant({ optional: true })
  readonly dueAt?: string;
}

export class AssignExceptionCommand extends ExceptionCommand<AssignExceptionBody> {}

@ExceptionController()
export class AssignExceptionController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('assign', staff)
  @ApiOperation({ operationId: 'assignException', summary: 'Says who sees to it and until when.' })
  assign(@Target() target: ExceptionTarget, @Body() body: AssignExceptionBody): Promise<Outcome> {
    return this.bus.execute(new AssignExceptionCommand(target, body));
  }
}

@CommandHandler(AssignExceptionCommand)
export class AssignExceptionHandler implements ICommandHandler<AssignExceptionCommand, Outcome> {
  constructor(
    private readonly exceptions: ExceptionCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: AssignExceptionCommand): Promise<Outcome> {
    const owner = body.owner === undefined ? undefined : await this.directory.activeStaff(body.owner, '/owner');
    const dueAt = body.dueAt === undefined ? undefined : parseInstant(body.dueAt);
    return this.exceptions.run(target, body, (state) => assign({ owner, dueAt }, state));
  }
}

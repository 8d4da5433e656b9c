import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { Text } from '../../../platform/http/text';
import { Directory } from '../../../teams/directory.adapter';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { deciders, hasAuthority } from '../../permissions';
import { exceptionTexts } from '../../text-limits';
import { approve, delegate, reject, revokeDelegation, withdrawApproval } from './approve';

export class ApproveExceptionBody {
  /** Handle or id of whoever gave their place. */
  @Text({ ...exceptionTexts.handle, optional: true })
  readonly behalfOf?: string;
}

export class ReasonedBody {
  @Text(exceptionTexts.reason)
  readonly reason: string;
}

export class DelegateBody {
  /** Handle or id. */
  @Text(exceptionTexts.handle)
  readonly to: string;
}

export class ApproveExceptionCommand extends ExceptionCommand<ApproveExceptionBody> {}
export class RejectExceptionCommand extends ExceptionCommand<ReasonedBody> {}
export class WithdrawApprovalCommand extends ExceptionCommand<ReasonedBody> {}
export class DelegateApprovalCommand extends ExceptionCommand<DelegateBody> {}
export class RevokeDelegationCommand extends ExceptionCommand<DelegateBody> {}

@ExceptionController()
export class DecideExceptionController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('approve', deciders)
  @ApiOperation({ operationId: 'approveException', summary: 'Gives one of the two approvals that it takes.' })
  approve(@Target() target: ExceptionTarget, @Body() body: ApproveExceptionBody): Promise<Outcome> {
    return this.bus.execute(new ApproveExceptionCommand(target, body));
  }

  @ExceptionRoute('reject', deciders)
  @ApiOperation({ operationId: 'rejectException', summary: 'Refuses it, or more time for it.' })
  reject(@Target() target: ExceptionTarget, @Body() body: ReasonedBody): Promise<Outcome> {
    return this.bus.execute(new RejectExceptionCommand(target, body));
  }

  @ExceptionRoute('withdraw-approval', deciders)
  @ApiOperation({ operationId: 'withdrawApproval', summary: 'Takes back an approval; it no longer holds.' })
  withdrawApproval(@Target() target: ExceptionTarget, @Body() body: ReasonedBody): Promise<Outcome> {
    return this.bus.execute(new WithdrawApprovalCommand(target, body));
  }

  @ExceptionRoute('delegate', deciders)
  @ApiOperation({ operationId: 'delegateApproval', summary: 'Puts somebody in one’s place for this exception.' })
  delegate(@Target() target: ExceptionTarget, @Body() body: DelegateBody): Promise<Outcome> {
    return this.bus.execute(new DelegateApprovalCommand(target, body));
  }

  @ExceptionRoute('revoke-delegation', deciders)
  @ApiOperation({ operationId: 'revokeDelegation', summary: 'Takes the place back that one gave.' })
  revoke(@Target() target: ExceptionTarget, @Body() body: DelegateBody): Promise<Outcome> {
    return this.bus.execute(new RevokeDelegationCommand(target, body));
  }
}

@CommandHandler(ApproveExceptionCommand)
export class ApproveExceptionHandler implements ICommandHandler<ApproveExceptionCommand, Outcome> {
  constructor(
    private readonly exceptions: ExceptionCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: ApproveExceptionCommand): Promise<Outcome> {
    const behalfOf = body.behalfOf === undefined ? null : await this.directory.activeStaff(body.behalfOf, '/behalfOf');
    const decider = { behalfOf, hasAuthority: hasAuthority(target.caller.role) };
    return this.exceptions.run(target, body, (state, given) => approve({ ...decider, ...given }, state));
  }
}

@CommandHandler(RejectExceptionCommand)
export class RejectExceptionHandler implements ICommandHandler<RejectExceptionCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body }: RejectExceptionCommand): Promise<Outcome> {
    return this.exceptions.run(target, body, (state, { by }) =>
      reject({ by, hasAuthority: hasAuthority(target.caller.role), reason: body.reason }, state),
    );
  }
}

@CommandHandler(WithdrawApprovalCommand)
export class WithdrawApprovalHandler implements ICommandHandler<WithdrawApprovalCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body }: WithdrawApprovalCommand): Promise<Outcome> {
    return this.exceptions.run(target, body, (state, { by }) => withdrawApproval({ by, ...body }, state));
  }
}

@CommandHandler(DelegateApprovalCommand)
export class DelegateApprovalHandler implements ICommandHandler<DelegateApprovalCommand, Outcome> {
  constructor(
    private readonly exceptions: ExceptionCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: DelegateApprovalCommand): Promise<Outcome> {
    const to = await this.directory.activeStaff(body.to, '/to');
    return this.exceptions.run(target, body, (state, { by }) =>
      delegate({ by, to, hasAuthority: hasAuthority(target.caller.role) }, state),
    );
  }
}

@CommandHandler(RevokeDelegationCommand)
export class RevokeDelegationHandler implements ICommandHandler<RevokeDelegationCommand, Outcome> {
  constructor(
    private readonly exceptions: ExceptionCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: RevokeDelegationCommand): Promise<Outcome> {
    const to = await this.directory.knownStaff(body.to, '/to');
    return this.exceptions.run(target, body, (state, { by }) => revokeDelegation({ by, to }, state));
  }
}

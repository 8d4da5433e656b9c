import { Body, Controller } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { parseInstant } from '../../../platform/http/instant';
import { Directory } from '../../../teams/directory.adapter';
import { Book, policyEntry } from '../../book';
import { BookCommand, BookRoute, BookTarget, Target } from '../../book-command.http';
import { BookCommands } from '../../book-commands.handler';
import { ActivateBody, CorrectRevisionBody } from '../../activation-body.http';
import { activatePolicy, draftPolicy, retirePolicy } from './policy';
import { DraftPolicyBody, policyOf } from '../../policy-body.http';

export class DraftPolicyCommand extends BookCommand<DraftPolicyBody> {}
export class ActivatePolicyCommand extends BookCommand<ActivateBody> {}
export class CorrectPolicyCommand extends BookCommand<CorrectRevisionBody> {}
export class RetirePolicyCommand extends BookCommand<ActivateBody> {}

@Controller('v1/service-level-policies')
export class PolicyCommandsController {
  constructor(private readonly bus: CommandBus) {}

  @BookRoute('draft')
  @ApiOperation({ operationId: 'draftPolicy', summary: 'Saves what a policy is to become.' })
  draft(@Target('draft-policy') target: BookTarget, @Body() body: DraftPolicyBody): Promise<Outcome> {
    return this.bus.execute(new DraftPolicyCommand(target, body));
  }

  @BookRoute('activate')
  @ApiOperation({
    operationId: 'activatePolicy',
    summary: 'Makes the draft the revision that holds from an instant on.',
  })
  activate(@Target('activate-policy') target: BookTarget, @Body() body: ActivateBody): Promise<Outcome> {
    return this.bus.execute(new ActivatePolicyCommand(target, body));
  }

  @BookRoute('correct')
  @ApiOperation({
    operationId: 'correctPolicy',
    summary: 'Lets the draft stand in for a revision that was wrong all along.',
  })
  correct(@Target('correct-policy') target: BookTarget, @Body() body: CorrectRevisionBody): Promise<Outcome> {
    return this.bus.execute(new CorrectPolicyCommand(target, body));
  }

  @BookRoute('retire')
  @ApiOperation({ operationId: 'retirePolicy', summary: 'Puts no further case under a policy.' })
  retire(@Target('retire-policy') target: BookTarget, @Body() body: ActivateBody): Promise<Outcome> {
    return this.bus.execute(new RetirePolicyCommand(target, body));
  }
}

@CommandHandler(DraftPolicyCommand)
export class DraftPolicyHandler implements ICommandHandler<DraftPolicyCommand, Outcome> {
  constructor(
    private readonly book: BookCommands,
    private readonly directory: Directory,
  ) {}

  async execute({ target, body }: DraftPolicyCommand): Promise<Outcome> {
    const policy = await policyOf(body, (team, pointer) => this.directory.activeTeam(team, pointer));
    const { id } = target;
    return this.book.run(target, body, (book, now) =>
      draftPolicy({ id, rank: body.rank, body: policy, at: Date.parse(now) }, book),
    );
  }
}

const instantOr = (from: string | undefined, otherwise: string): string =>
  (from === undefined ? null : parseInstant(from)) ?? otherwise;

@CommandHandler(ActivatePolicyCommand)
export class ActivatePolicyHandler implements ICommandHandler<ActivatePolicyCommand, Outcome> {
  constructor(private readonly book: BookCommands) {}

  execute({ target, body }: ActivatePolicyCommand): Promise<Outcome> {
    return this.book.run(target, body, (book, now) =>
      activatePolicy({ id: target.id, from: instantOr(body.from, now), corrects: null, reason: null }, book),
    );
  }
}

/** A correction holds since when the wrong one did. */
const since = (book: Book, id: string, revision: number, now: string): string => {
  const wrong = policyEntry(book, id).revisions.find(({ value }) => value.revision === revision);
  return wrong ? new Date(wrong.from).toISOString() : now;
};

@CommandHandler(CorrectPolicyCommand)
export class CorrectPolicyHandler implements ICommandHandler<CorrectPolicyCommand, Outcome> {
  constructor(private readonly book: BookCommands) {}

  execute({ target, body: { revision, reason } }: CorrectPolicyCommand): Promise<Outcome> {
    const { id } = target;
    return this.book.run(target, { revision, reason }, (book, now) =>
      activatePolicy({ id, from: since(book, id, revision, now), corrects: revision, reason }, book),
    );
  }
}

@CommandHandler(RetirePolicyCommand)
export class RetirePolicyHandler implements ICommandHandler<RetirePolicyCommand, Outcome> {
  constructor(private readonly book: BookCommands) {}

  execute({ target, body }: RetirePolicyCommand): Promise<Outcome> {
    return this.book.run(target, body, (book, now) =>
      retirePolicy({ id: target.id, from: instantOr(body.from, now) }, book),
    );
  }
}

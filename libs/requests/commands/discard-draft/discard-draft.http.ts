import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { streamOf } from '../../../eventing/event';
import { staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { draftEvolution, Drafts } from '../../drafts/draft';
import { draftCategory, DraftEvent } from '../../drafts/events';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { discardDraft } from './discard-draft';

export class DiscardDraftBody {}

export class DiscardDraftCommand extends RequestCommand<DiscardDraftBody> {}

@RequestController()
export class DiscardDraftController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('discard-draft', staff)
  @ApiOperation({ operationId: 'discardDraft', summary: 'Throws away what one was writing.' })
  discard(@Target() target: CommandTarget, @Body() body: DiscardDraftBody): Promise<Outcome> {
    return this.bus.execute(new DiscardDraftCommand(target, body));
  }
}

@CommandHandler(DiscardDraftCommand)
export class DiscardDraftHandler implements ICommandHandler<DiscardDraftCommand, Outcome> {
  constructor(
    private readonly requests: RequestCommands,
    private readonly engine: Engine,
  ) {}

  async execute({ target: { number, verb, caller, headers } }: DiscardDraftCommand): Promise<Outcome> {
    await this.requests.load(number, caller);
    return this.engine.runner.execute<Drafts, DraftEvent>({
      ...{ evolution: draftEvolution, key: number, expects: 'any' as const, body: { verb } },
      context: contextOf({ caller, target: streamOf(draftCategory, number), headers, now: this.engine.now() }),
      decide: (state) => discardDraft(caller.id, state),
    });
  }
}

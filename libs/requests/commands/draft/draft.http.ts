import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { streamOf } from '../../../eventing/event';
import { staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { Text } from '../../../platform/http/text';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { draftEvolution, Drafts } from '../../drafts/draft';
import { OpenedDrafts } from '../../drafts/drafts.handler';
import { draftCategory, DraftEvent } from '../../drafts/events';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { saveDraft } from './draft';

export class DraftBody {
  @Text(textLimits.text)
  readonly text: string;
}

export class DraftCommand extends RequestCommand<DraftBody> {}

@RequestController()
export class DraftController {
  constructor(private readonly bus: CommandBus) {}

  /** The revision that it answers with is what an answer sends it by. */
  @RequestRoute('draft', staff)
  @ApiOperation({ operationId: 'saveDraft', summary: 'Keeps what one is writing as an answer, for oneself alone.' })
  draft(@Target() target: CommandTarget, @Body() body: DraftBody): Promise<Outcome> {
    return this.bus.execute(new DraftCommand(target, body));
  }
}

@CommandHandler(DraftCommand)
export class DraftHandler implements ICommandHandler<DraftCommand, Outcome> {
  private readonly drafts: OpenedDrafts;

  constructor(
    private readonly requests: RequestCommands,
    private readonly engine: Engine,
  ) {
    this.drafts = new OpenedDrafts(engine);
  }

  async execute({ target: { number, verb, caller, headers }, body }: DraftCommand): Promise<Outcome> {
    const { text } = body;
    const [request, own] = await Promise.all([this.requests.load(number, caller), this.drafts.of(number, caller.id)]);
    const same = own?.text === text ? own.revision : undefined;
    return this.engine.runner.execute<Drafts, DraftEvent>({
      ...{ evolution: draftEvolution, key: number, expects: 'any' as const, body: { verb, ...body } },
      context: contextOf({ caller, target: streamOf(draftCategory, number), headers, now: this.engine.now() }),
      decide: (state) => saveDraft({ by: caller.id, text, same }, request, state),
    });
  }
}

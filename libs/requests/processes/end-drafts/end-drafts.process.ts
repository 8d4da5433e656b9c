import { keyOf, Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { draftEvolution, Drafts, endDraft } from '../../drafts/draft';
import { DraftEvent } from '../../drafts/events';
import { RequestEventOf } from '../../events';

const processName = 'process:end-drafts';

const isAnswer = (event: Recorded): event is Recorded<RequestEventOf<'RequestResponded'>> =>
  event.type === 'RequestResponded';

/** Ends drafts that were sent: the answer itself says which. */
export class DraftEnding {
  constructor(private readonly engine: Engine) {}

  process(): Process {
    return {
      name: 'end-drafts',
      types: ['RequestResponded'],
      react: async (event) => {
        if (isAnswer(event) && event.data.draft !== undefined) await this.end(event, event.data.draft);
      },
    };
  }

  private async end(event: Recorded<RequestEventOf<'RequestResponded'>>, draft: number): Promise<void> {
    const { actor: by } = event.metadata;
    await this.engine.runner.execute<Drafts, DraftEvent>({
      ...{ evolution: draftEvolution, key: keyOf(event.stream), expects: 'existing', body: { by, draft } },
      context: reactionContext(processName, event, this.engine.now()),
      decide: (state) => endDraft({ by, draft, answer: event.revision }, state),
    });
  }
}

import { keyOf, Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { RequestEvent, RequestEventOf } from '../../events';
import { Request, requestEvolution } from '../../request';

const processName = 'process:complete-split';

const isSplit = (event: Recorded): event is Recorded<RequestEventOf<'RequestSplitFrom'>> =>
  event.type === 'RequestSplitFrom';

/** Says in the history of a request that another one was made of its messages. */
export class SplitCompletion {
  constructor(private readonly engine: Engine) {}

  process(): Process {
    return {
      name: 'complete-split',
      types: ['RequestSplitFrom'],
      react: async (event) => {
        if (isSplit(event)) await this.complete(event);
      },
    };
  }

  private async complete(event: Recorded<RequestEventOf<'RequestSplitFrom'>>): Promise<void> {
    const { number, revisions } = event.data;
    const { actor, occurredAt } = event.metadata;
    await this.engine.runner.execute<Request, RequestEvent>({
      ...{ evolution: requestEvolution, key: number, expects: 'existing', body: { revisions } },
      context: { ...reactionContext(processName, event, this.engine.now()), actor },
      decide: () => [
        { type: 'RequestSplitOff', data: { into: keyOf(event.stream), revisions }, notes: { occurredAt } },
      ],
    });
  }
}

import { CommandContext } from '../../../eventing/command-runner';
import { keyOf } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Rejection } from '../../../eventing/rejection';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { requestEvolution } from '../../request';
import { carryOut, isTelling, Order, ordersFor, TellingEvent, tellingTypes } from './reaction';

const processName = 'process:escalate-service-levels';

/** A case that was ended, put on hold or erased meanwhile needs no raising; the order is then void, not late. */
const unlessRefused = (error: unknown): void => {
  if (!(error instanceof Rejection)) throw error;
};

const contextOf = (event: TellingEvent, step: number, now: Date): CommandContext => ({
  ...reactionContext(processName, { id: `${event.id}/${step}`, metadata: event.metadata }, now),
  causationId: event.id,
});

/** The escalation chain: tells people, raises the level or hands the case over when a clock warns, breaks or stays broken. */
export class EscalationChain {
  constructor(private readonly engine: Engine) {}

  process(): Process {
    return {
      name: 'escalate-service-levels',
      types: tellingTypes,
      react: async (event) => {
        if (!isTelling(event)) return;
        for (const order of ordersFor(event)) await this.give(order, event).catch(unlessRefused);
      },
    };
  }

  private async give({ step, action }: Order, event: TellingEvent): Promise<void> {
    await this.engine.runner.execute({
      evolution: requestEvolution,
      key: keyOf(event.stream),
      expects: 'existing',
      body: { step, ...action },
      context: contextOf(event, step, this.engine.now()),
      decide: (state) => carryOut(action, event, state),
    });
  }
}

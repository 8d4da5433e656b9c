import { CommandContext } from '../../../eventing/command-runner';
import { commandIdOf } from '../../../eventing/envelope';
import { streamOf } from '../../../eventing/event';
import { RevisionMismatch } from '../../../eventing/failures';
import { DueKey, Timers } from '../../../eventing/processes/timer-runner';
import { Engine } from '../../../platform/engine/engine';
import { requestCategory, RequestEvent } from '../../events';
import { Request, requestEvolution } from '../../request';
import { returnWork } from './return-work';
import { workOfRetired } from './work-of-retired.query';

const actor = 'process:return-work';

/**
 * Gives the work of people who work here no more back to their teams.
 *
 * Guarantee: nothing that is still to do stays with them, also what was given to them at the moment they went: it is looked for in
 * the read models again and again, not once when they go. The append at the revision that was read decides.
 */
export class WorkReturn {
  constructor(private readonly engine: Engine) {}

  timers(): Timers {
    return {
      name: 'return-work',
      due: (_now, after, keysMax) => workOfRetired(this.engine.pool, after, keysMax),
      next: async () => undefined,
      fire: (due, now) => this.giveBack(due, now),
    };
  }

  private async giveBack({ key }: DueKey, now: Date): Promise<bigint | undefined> {
    const [number = '', staff = ''] = key.split(' ');
    const { revision } = await this.engine.runner.load(requestEvolution, number);
    try {
      const { position, events } = await this.engine.runner.execute<Request, RequestEvent>({
        ...{ evolution: requestEvolution, key: number, expects: 'existing', body: {} },
        context: contextOf(number, revision, now),
        decide: (state) => returnWork(staff, state),
      });
      return events.length ? position : undefined;
    } catch (error) {
      // Something happened to the case in between: it is looked at again.
      if (error instanceof RevisionMismatch) return undefined;
      throw error;
    }
  }
}

const contextOf = (number: string, revision: number, now: Date): CommandContext => {
  const commandId = commandIdOf(actor, streamOf(requestCategory, number), `return ${revision}`);
  return {
    ...{ actor, commandId, fresh: false, correlationId: commandId, causationId: commandId },
    ...{ recordedAt: now.toISOString(), origin: 'live', ifMatch: revision },
  };
};

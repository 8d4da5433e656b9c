import { CommandContext } from '../../../eventing/command-runner';
import { commandIdOf } from '../../../eventing/envelope';
import { streamOf } from '../../../eventing/event';
import { dueTimers, nextTimer } from '../../../eventing/processes/due-timers.query';
import { DueKey, Timers } from '../../../eventing/processes/timer-runner';
import { tableOf } from '../../../eventing/projections/projection';
import { Engine } from '../../../platform/engine/engine';
import { exceptionCategory } from '../../events';
import { exceptionEvolution } from '../../exception';
import { exceptionProjection } from '../../read-models/exception/exception.projection';
import { ExceptionTimer, goneOff, tell } from '../../timers';

const processName = 'process:expire-exceptions';
const served = tableOf(exceptionProjection);

/**
 * Records that an exception has expired or is overdue when its instant has come. The id of its command is made from exception, kind
 * and instant: whoever fires a timer again, after a crash or on another worker, gives the same command.
 */
export class ExceptionTimers {
  constructor(private readonly engine: Engine) {}

  timers(): Timers {
    const { pool } = this.engine;
    return {
      name: 'expire-exceptions',
      due: (now, after, keysMax) => dueTimers(pool, now, after, keysMax, served),
      next: () => nextTimer(pool, served),
      fire: (due, now) => this.fire(due, now),
    };
  }

  private async fire({ key }: DueKey, now: Date): Promise<bigint | undefined> {
    const { state } = await this.engine.runner.load(exceptionEvolution, key);
    let last: bigint | undefined;
    for (const timer of goneOff(state, now.getTime())) last = (await this.tell(key, timer, now)) ?? last;
    return last;
  }

  private async tell(number: string, timer: ExceptionTimer, now: Date): Promise<bigint | undefined> {
    const { position, events } = await this.engine.runner.execute({
      ...{ evolution: exceptionEvolution, key: number, expects: 'existing', body: { ...timer } },
      context: contextOf(number, timer, now),
      decide: (state) => tell(timer, now.getTime(), state),
    });
    return events.length ? position : undefined;
  }
}

const contextOf = (number: string, { type, at }: ExceptionTimer, now: Date): CommandContext => {
  const commandId = commandIdOf(processName, streamOf(exceptionCategory, number), `${type} ${at}`);
  return {
    ...{ actor: processName, commandId, fresh: false, correlationId: commandId, causationId: commandId },
    ...{ recordedAt: now.toISOString(), origin: 'live' },
  };
};

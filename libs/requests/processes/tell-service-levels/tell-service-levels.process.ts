import { CommandContext } from '../../../eventing/command-runner';
import { commandIdOf } from '../../../eventing/envelope';
import { streamOf } from '../../../eventing/event';
import { dueTimers, nextTimer } from '../../../eventing/processes/due-timers.query';
import { DueKey, Timers } from '../../../eventing/processes/timer-runner';
import { tableOf } from '../../../eventing/projections/projection';
import { Engine } from '../../../platform/engine/engine';
import { requestCategory } from '../../events';
import { requestEvolution } from '../../request';
import { serviceLevelsProjection } from '../../read-models/service-levels/service-levels.projection';
import { keyOf, Timer } from '../../timers';
import { goneOff, tellServiceLevel } from './tell';

const processName = 'process:tell-service-levels';
const served = tableOf(serviceLevelsProjection);

/**
 * Records warnings and breaches when their instant has come.
 *
 * The id of its command is made from case, clock, cycle, kind and due instant: whoever fires a timer again, after a crash or on
 * another worker, gives the same command, and the stream holds it once.
 */
export class ServiceLevelTimers {
  constructor(private readonly engine: Engine) {}

  timers(): Timers {
    const { pool } = this.engine;
    return {
      name: 'tell-service-levels',
      due: (now, after, keysMax) => dueTimers(pool, now, after, keysMax, served),
      next: () => nextTimer(pool, served),
      fire: (due, now) => this.fire(due, now),
    };
  }

  private async fire({ key }: DueKey, now: Date): Promise<bigint | undefined> {
    const { state } = await this.engine.runner.load(requestEvolution, key);
    if (state.status === 'none') return undefined;
    let last: bigint | undefined;
    for (const timer of goneOff(state.time, now.getTime())) last = (await this.tell(key, timer, now)) ?? last;
    return last;
  }

  private async tell(number: string, timer: Timer, now: Date): Promise<bigint | undefined> {
    const { position, events } = await this.engine.runner.execute({
      evolution: requestEvolution,
      key: number,
      expects: 'existing',
      body: { timer: keyOf(timer) },
      context: contextOf(number, timer, now),
      decide: (state) => tellServiceLevel({ key: keyOf(timer), now: now.getTime() }, state),
    });
    return events.length ? position : undefined;
  }
}

const contextOf = (number: string, timer: Timer, now: Date): CommandContext => {
  const commandId = commandIdOf(processName, streamOf(requestCategory, number), keyOf(timer));
  return {
    actor: processName,
    commandId,
    fresh: false,
    ...{ correlationId: commandId, causationId: commandId },
    recordedAt: now.toISOString(),
    origin: 'live',
  };
};

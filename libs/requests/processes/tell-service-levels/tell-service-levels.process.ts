import { CommandContext } from '../../../eventing/command-runner';
import { commandIdOf } from '../../../eventing/envelope';
import { streamOf } from '../../../eventing/event';
import { dueTimers, nextTimer } from '../../../eventing/processes/due-timers.query';
import { DueKey, Timers } from '../../../eventing/processes/timer-runner';
import { tableOf } from '../../../eventing/projections/projection';
import { readStreams } from '../../../eventing/projections/projection-store.adapter';
import { Engine } from '../../../platform/engine/engine';
import { requestCategory } from '../../events';
import { serviceLevelsProjection } from '../../read-models/service-levels/service-levels.projection';
import { ExistingRequest, Request, requestEvolution } from '../../request';
import { keyOf, Timer } from '../../timers';
import { goneOff, tellServiceLevels } from './tell';

const processName = 'process:tell-service-levels';
const served = tableOf(serviceLevelsProjection);

/**
 * Records warnings and breaches when their instant has come, all of one case that have gone off in one append.
 *
 * The id of its command is made from case, clock, cycle, kind and due instant: whoever fires a timer again, after a crash or on
 * another worker, gives the same command, and the stream holds it once. What several timers tell together under another id, the
 * rule refuses to tell again.
 */
export class ServiceLevelTimers {
  constructor(private readonly engine: Engine) {}

  timers(): Timers {
    const { pool } = this.engine;
    return {
      name: 'tell-service-levels',
      due: (now, after, keysMax) => dueTimers(pool, now, after, keysMax, served),
      next: () => nextTimer(pool, served),
      prepare: (due) => this.prepare(due),
      fire: (due, now) => this.fire(due, now),
    };
  }

  /** The cases from the mirror and the keys of their customers, each in one round trip, where one a case would be asked for. */
  private async prepare(due: readonly DueKey[]): Promise<void> {
    const { pool, runner, keys } = this.engine;
    const streams = due.map(({ key }) => streamOf(requestCategory, key));
    runner.remember(requestEvolution, await readStreams(pool, streams));
    await keys.find('person_key', [...new Set(due.flatMap(({ key }) => this.remembered(key)?.customer ?? []))]);
  }

  private async fire({ key }: DueKey, now: Date): Promise<bigint | undefined> {
    const known = this.goneOff(this.remembered(key), now);
    const gone = known.length ? known : this.goneOff(await this.load(key), now);
    return gone.length ? this.tell(key, gone.map(keyOf), now) : undefined;
  }

  private goneOff(state: ExistingRequest | undefined, now: Date): readonly Timer[] {
    return state ? goneOff(state.time, now.getTime()) : [];
  }

  private remembered(key: string): ExistingRequest | undefined {
    return existing(this.engine.runner.remembered(requestEvolution, key));
  }

  private async load(key: string): Promise<ExistingRequest | undefined> {
    return existing((await this.engine.runner.load(requestEvolution, key)).state);
  }

  private async tell(number: string, keys: readonly string[], now: Date): Promise<bigint | undefined> {
    const name = keys.join(', ');
    const { position, events } = await this.engine.runner.execute({
      evolution: requestEvolution,
      key: number,
      expects: 'existing',
      body: { timer: name },
      context: contextOf(number, name, now),
      decide: (state) => tellServiceLevels({ keys, now: now.getTime() }, state),
    });
    return events.length ? position : undefined;
  }
}

const existing = (state: Request | undefined): ExistingRequest | undefined =>
  state && state.status !== 'none' ? state : undefined;

const contextOf = (number: string, timers: string, now: Date): CommandContext => {
  const commandId = commandIdOf(processName, streamOf(requestCategory, number), timers);
  return {
    actor: processName,
    commandId,
    fresh: false,
    ...{ correlationId: commandId, causationId: commandId },
    recordedAt: now.toISOString(),
    origin: 'live',
  };
};

import { CommandContext } from '../../../eventing/command-runner';
import { commandIdOf } from '../../../eventing/envelope';
import { streamOf } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { DueKey, Timers } from '../../../eventing/processes/timer-runner';
import { Rejection } from '../../../eventing/rejection';
import { Engine } from '../../../platform/engine/engine';
import { Customer, customerEvolution, requestErasure } from '../../customer';
import { customerCategory, CustomerEvent } from '../../events';
import { RetentionQuery } from '../../read-models/retention/retention.query';
import { cutoffsAt, retentionEvolution, retentionKey } from '../../retention';
import { Erasure } from '../complete-erasure/complete-erasure.process';

const processName = 'keep-retention';
const ground = 'retention';
// To look reads every case once. Days are what the rules count in, so that an hour more does not matter.
const restMilliseconds = 3_600_000;

/**
 * Erases whom the rules of retention say to erase: once an hour, and soon after a rule has changed.
 *
 * Whoever is due is looked for again just before. A case that is opened in between those two keeps nobody, as one that is opened a
 * moment after an erasure does not.
 */
export class RetentionKeeping {
  private readonly retention: RetentionQuery;
  private nextAt = 0;

  constructor(
    private readonly engine: Engine,
    private readonly erasure: Erasure,
  ) {
    this.retention = new RetentionQuery(engine);
  }

  process(): Process {
    return {
      name: processName,
      types: ['RetentionRuleSet'],
      react: () => {
        this.nextAt = 0;
        return Promise.resolve();
      },
    };
  }

  timers(): Timers {
    return {
      name: processName,
      due: (now, after, keysMax) => this.due(now, after, keysMax),
      next: () => Promise.resolve(new Date(this.nextAt)),
      fire: ({ key }, now) => this.erase(key, now),
    };
  }

  private async due(now: Date, after: DueKey | undefined, keysMax: number): Promise<readonly DueKey[]> {
    if (!after && now.getTime() < this.nextAt) return [];
    this.nextAt = now.getTime() + restMilliseconds;
    const { items } = await this.look(now, after?.key ?? '', keysMax);
    return items.map(({ customer, endedAt }) => ({ key: customer, at: new Date(endedAt) }));
  }

  private async look(now: Date, after: string, rowsMax: number, only?: string) {
    const { state } = await this.engine.runner.load(retentionEvolution, retentionKey);
    if (!state.rules.length) return { items: [], total: 0 };
    return this.retention.due(cutoffsAt(state, now.getTime()), after, rowsMax, only);
  }

  /** Somebody who is held is left for another time. */
  private async erase(customer: string, now: Date): Promise<bigint | undefined> {
    const [due] = (await this.look(now, '', 1, customer)).items;
    if (!due || due.isHeld) return undefined;
    const context = contextOf(customer, due.endedAt, now);
    try {
      await this.engine.runner.execute<Customer, CustomerEvent>({
        ...{ evolution: customerEvolution(customer), key: customer, expects: 'existing' as const, body: {}, context },
        decide: (state) => requestErasure({ ground }, state),
      });
    } catch (error) {
      if (error instanceof Rejection) return undefined;
      throw error;
    }
    const { commandId: cause, correlationId } = context;
    const { erased } = await this.erasure.completePerson({ customer, ground, cause, correlationId });
    return erased.at(-1)?.position;
  }
}

const contextOf = (customer: string, endedAt: string, now: Date): CommandContext => {
  const commandId = commandIdOf(processName, streamOf(customerCategory, customer), endedAt);
  return {
    ...{ actor: processName, commandId, fresh: false, correlationId: commandId, causationId: commandId },
    ...{ recordedAt: now.toISOString(), origin: 'live' },
  };
};

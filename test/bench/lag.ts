import { setTimeout as wait } from 'node:timers/promises';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { numberFor } from '../../libs/case-numbers/number-for';
import { CommandContext } from '../../libs/eventing/command-runner';
import { readProgress } from '../../libs/eventing/projections/projection-store.adapter';
import { Engine } from '../../libs/platform/engine/engine';
import { RequestEvent } from '../../libs/requests/events';
import { requestEvolution } from '../../libs/requests/request';
import { requestPrefix } from '../../libs/requests/vocabulary';
import { opening, seeded } from './case-shapes';
import { openLoop } from './load';
import { quantile } from './statistics';

/**
 * How far behind the log the read models of a running server are, while another process appends events at a steady rate: an opening
 * of one event, then two pieces of work of four events each on cases that are open, and so on. What commands cost is not in it.
 */
export interface Lag {
  readonly p50: number;
  readonly p99: number;
}

const eventsPerSecond = 500;
const eventsPerAppend = (1 + 4 + 4) / 3;
const appenders = 48;
const customers = 200;
const warmUpSeconds = 2;
const lookEveryMilliseconds = 4;

const work: readonly RequestEvent[] = [
  { type: 'RequestResponded', data: { text: 'We are looking into it.', by: 'staff' } },
  { type: 'RequestNoted', data: { text: 'The fuser was changed last spring.' } },
  { type: 'RequestEscalated', data: { from: 'L1', to: 'L2', reason: 'hard' } },
  { type: 'RequestNoted', data: { text: 'A technician comes tomorrow.' } },
];

const contextOf = (commandId: string, fresh: boolean): CommandContext => ({
  ...{ actor: 'bench', commandId, fresh, correlationId: commandId, causationId: commandId },
  ...{ recordedAt: new Date().toISOString(), origin: 'live' },
});

interface Appended {
  readonly position: bigint;
  readonly at: number;
}

export const measureLag = async (engine: Engine, seconds: number): Promise<Lag> => {
  const { installation, numberKey: key, runner, pool } = engine;
  const opened: string[] = [];
  const waiting = new Set<Appended>();
  const lags: number[] = [];
  let appends = 0;
  const open = (index: number) => {
    const commandId = uuidv7();
    const number = numberFor({ key, prefix: requestPrefix, commandId, attempt: 0, installation });
    const customer = uuidv5(`lag ${index % customers}`, installation);
    const execution = { evolution: requestEvolution, key: number, expects: 'new' as const, body: {} };
    const decide = () => [opening(number, customer, seeded(index))];
    return runner.execute({ ...execution, context: contextOf(commandId, true), decide }).then((outcome) => {
      opened.push(number);
      return outcome;
    });
  };
  const workOn = (number: string) =>
    runner.execute({
      ...{ evolution: requestEvolution, key: number, expects: 'existing' as const, body: {} },
      ...{ context: contextOf(uuidv7(), false), decide: () => work },
    });
  const append = async (): Promise<void> => {
    const index = appends++;
    const number = opened[(index * 7_919) % Math.max(1, opened.length)];
    const { position } = await (index % 3 && number !== undefined ? workOn(number) : open(index));
    waiting.add({ position, at: performance.now() });
  };
  const began = performance.now();
  let ended = false;
  const look = async (): Promise<void> => {
    while (!ended || waiting.size) {
      const { position } = await readProgress(pool);
      const now = performance.now();
      for (const appended of waiting)
        if (appended.position <= position) {
          waiting.delete(appended);
          if (appended.at - began > warmUpSeconds * 1_000) lags.push(now - appended.at);
        }
      await wait(lookEveryMilliseconds);
    }
  };
  const looking = look();
  const perSecond = eventsPerSecond / eventsPerAppend;
  await openLoop(
    Array.from({ length: appenders }, () => append),
    { perSecond, warmUpSeconds, seconds },
  );
  ended = true;
  await looking;
  return { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99) };
};

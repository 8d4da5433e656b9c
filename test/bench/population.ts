import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { eventTypes } from '../../apps/domain';
import { numberFor } from '../../libs/case-numbers/number-for';
import { Customer, customerEvolution, registerCustomer } from '../../libs/customers/customer';
import { CustomerEvent } from '../../libs/customers/events';
import { CommandContext, StreamTaken } from '../../libs/eventing/command-runner';
import { commandIdOf } from '../../libs/eventing/envelope';
import { readConfig } from '../../libs/platform/config/config';
import { attachOrOpen } from '../../libs/platform/embedded/attach';
import { Stores } from '../../libs/platform/embedded/stores';
import { Engine } from '../../libs/platform/engine/engine';
import { loadSecrets } from '../../libs/platform/secrets/secrets';
import { RequestEvent } from '../../libs/requests/events';
import { Request, requestEvolution } from '../../libs/requests/request';
import { requestPrefix } from '../../libs/requests/vocabulary';
import { staffCategory, teamCategory } from '../../libs/teams/events';
import { idOfHandle } from '../../libs/teams/handles';
import { seededStaff, seededTeams } from '../../libs/teams/seed';
import { Holders, seeded, wholeCase } from './case-shapes';
import { Started } from './started';

/** Fills an installation whose server is stopped with whole cases, through the engine, one append a case. */
const writers = 96;
const casesPerCustomer = 5;

export interface Population {
  /** Some of the numbers, spread over all of them. */
  readonly numbers: readonly string[];
  /** Whom those cases are for. */
  readonly customers: readonly string[];
  readonly cases: number;
  readonly events: number;
  readonly seconds: number;
  /** The log's head before and after. */
  readonly from: bigint;
  readonly head: bigint;
}

/** The engine on the stores of a data directory, whether or not a server runs on it. */
export const withEngine = async <T>(
  started: Started,
  dataDirectory: string,
  work: (engine: Engine, stores: Stores) => Promise<T>,
): Promise<T> => {
  started.assertGoingOn();
  const stores = await attachOrOpen(readConfig({ CASEFOLD_DATA: dataDirectory }), { role: 'bench' });
  const stop = started.later(() => stores.stop());
  try {
    const secrets = await loadSecrets(join(dataDirectory, 'secrets'), { create: false });
    const { eventStore: client, database, keystore } = stores;
    const engine = new Engine({ client, database, keystore, types: eventTypes(), ...secrets });
    try {
      await engine.prepare();
      return await work(engine, stores);
    } finally {
      await engine.close();
    }
  } finally {
    await stop();
  }
};

const holdersOf = ({ installation }: Engine): Holders => ({
  teams: seededTeams.map(({ handle }) => idOfHandle(installation, teamCategory, handle)),
  staff: seededStaff.map(({ handle }) => idOfHandle(installation, staffCategory, handle)),
});

interface Made {
  readonly number: string;
  readonly customer: string;
  readonly events: number;
}

/** Everybody is known by the time of their first case, so that nobody has to be registered while others are measured. */
const registerCustomerOf = async (engine: Engine, customer: string, index: number, now: Date): Promise<number> => {
  const commandId = commandIdOf('bench', 'customer', customer);
  const facts = { kind: 'person', name: `Customer ${index}`, email: `customer-${index}@example.org` } as const;
  const { events } = await engine.runner.execute<Customer, CustomerEvent>({
    ...{ evolution: customerEvolution(customer), key: customer, expects: 'any' as const, body: { index } },
    context: contextOf(commandId, index, now),
    decide: (state) => registerCustomer({ ...facts, request: null }, state),
  });
  return events.length;
};

const contextOf = (commandId: string, index: number, now: Date): CommandContext => ({
  ...{ actor: 'bench', commandId, fresh: true, correlationId: commandId, causationId: commandId },
  // Marked as imported, as everything is that did not happen while we looked.
  ...{ recordedAt: now.toISOString(), origin: `import:bench:${index}` },
});

/** @returns undefined when the number is another case's already, of which one in many thousands is */
const appendCase = async (engine: Engine, index: number, holders: Holders, now: Date): Promise<Made | undefined> => {
  const { installation, numberKey: key } = engine;
  const commandId = commandIdOf('bench', 'population', String(index));
  const number = numberFor({ key, prefix: requestPrefix, commandId, attempt: 0, installation });
  const customer = uuidv5(`customer ${Math.floor(index / casesPerCustomer)}`, installation);
  const events = wholeCase({ number, customer, now: now.getTime() }, holders, seeded(index));
  const execution = {
    evolution: requestEvolution,
    key: number,
    expects: 'new' as const,
    body: { index },
    context: contextOf(commandId, index, now),
    decide: () => events,
  };
  try {
    const registered = index % casesPerCustomer === 0 ? await registerCustomerOf(engine, customer, index, now) : 0;
    await engine.runner.execute<Request, RequestEvent>(execution);
    return { number, customer, events: events.length + registered };
  } catch (error) {
    if (error instanceof StreamTaken) return undefined;
    throw error;
  }
};

/** @param secondsMax fewer cases are made when they take longer; the population says how many there are */
export const populate = (
  started: Started,
  dataDirectory: string,
  { cases, secondsMax, numbersKept }: { cases: number; secondsMax: number; numbersKept: number },
): Promise<Population> =>
  withEngine(started, dataDirectory, async (engine) => {
    const [holders, now, began] = [holdersOf(engine), new Date(), performance.now()];
    const from = (await engine.store.head()) ?? -1n;
    const [numbers, customers]: [string[], string[]] = [[], []];
    const every = Math.max(1, Math.floor(cases / numbersKept));
    let [next, made, events] = [0, 0, 0];
    const writer = async (): Promise<void> => {
      while (next < cases && performance.now() - began < secondsMax * 1000) {
        const index = next++;
        const one = await appendCase(engine, index, holders, now);
        if (!one) continue;
        if (index % every === 0) {
          numbers.push(one.number);
          customers.push(one.customer);
        }
        made++;
        events += one.events;
      }
    };
    await Promise.all(Array.from({ length: writers }, writer));
    const seconds = (performance.now() - began) / 1000;
    return { numbers, customers, cases: made, events, seconds, from, head: (await engine.store.head()) ?? -1n };
  });

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { numberFor } from '../../libs/case-numbers/number-for';
import { CommandContext } from '../../libs/eventing/command-runner';
import { Evolution } from '../../libs/eventing/decider';
import { DomainEvent } from '../../libs/eventing/event';
import { Limiter } from '../../libs/eventing/limits';
import { Engine } from '../../libs/platform/engine/engine';
import { distribute, Member, Waiting } from '../../libs/requests/processes/distribute-work/distribute';
import { waitedFor } from '../../libs/requests/processes/distribute-work/workload.query';
import { requestEvolution } from '../../libs/requests/request';
import { opened } from '../../libs/requests/testing/given';
import { requestPrefix } from '../../libs/requests/vocabulary';
import { staffCategory, teamCategory } from '../../libs/teams/events';
import { idOfHandle } from '../../libs/teams/handles';
import { staffEvolution } from '../../libs/teams/staff';
import { teamEvolution } from '../../libs/teams/team';

/** How fast it is decided who gets what: a desk of 50 with skills and weights, and as much waiting as one pass looks at. */
const people = 50;
const waiting = 2_000;
const rounds = 10;

export const measureDistribution = (): number => {
  const members = Array.from({ length: people }, (_, index): Member => ({
    ...{ staff: String(index).padStart(3, '0'), isAvailable: true, isOnShift: true, load: 0, turn: null },
    ...{ skills: index % 2 ? ['printers'] : ['printers', 'networks'], capacity: waiting },
  }));
  const requests = Array.from({ length: waiting }, (_, index): Waiting => ({
    ...{ number: String(index), weight: 1 + (index % 3), skills: index % 4 ? ['printers'] : ['networks'] },
  }));
  const began = performance.now();
  let decided = 0;
  for (let round = 0; round < rounds; round++)
    decided += distribute({ strategy: 'least-loaded', members }, requests).length;
  return (1_000 * decided) / (performance.now() - began);
};

const backlog = 3_000;
const opensAtOnce = 96;
const lookEveryMilliseconds = 10;
const givenSecondsMax = 120;

const newContext = (): CommandContext => {
  const commandId = randomUUID();
  return {
    ...{ actor: 'bench', commandId, fresh: true, correlationId: commandId, causationId: commandId },
    ...{ recordedAt: new Date().toISOString(), origin: 'live' },
  };
};

const say = <State, E extends DomainEvent>(
  { runner }: Engine,
  evolution: Evolution<State, E>,
  key: string,
  ...events: readonly E[]
) => runner.execute({ evolution, key, expects: 'any', body: {}, context: newContext(), decide: () => events });

/**
 * How fast work comes to people, whole: read, decided, appended, folded and seen. A desk has a backlog and nobody who gives it; from
 * the moment on that a strategy is chosen until nobody waits any more. @param engine beside a server that does the work
 */
export const measureGiving = async (engine: Engine): Promise<number> => {
  const { installation, numberKey: key, positions, pool } = engine;
  const handle = `desk-${randomUUID().slice(0, 8)}`;
  const team = idOfHandle(installation, teamCategory, handle);
  const from = new Date().toISOString();
  await say(engine, teamEvolution(team), team, { type: 'TeamRegistered', data: { handle, name: 'Desk' } });
  for (let index = 0; index < people; index++) {
    const id = idOfHandle(installation, staffCategory, `${handle}-${index}`);
    const roster = { revision: 1, from, team, skills: [], calendar: null, capacity: backlog };
    await say(
      ...([engine, staffEvolution(id), id] as const),
      { type: 'StaffRegistered', data: { handle: `${handle}-${index}`, name: 'Somebody', team } },
      { type: 'StaffRostered', data: roster },
      { type: 'StaffPresenceChanged', data: { presence: 'available' } },
    );
  }
  const limiter = new Limiter(opensAtOnce);
  const open = async (): Promise<bigint> => {
    const number = numberFor({ key, prefix: requestPrefix, commandId: randomUUID(), attempt: 0, installation });
    const { position } = await say(engine, requestEvolution, number, opened({ number, team, customer: team }));
    return position;
  };
  const positionsOf = await Promise.all(Array.from({ length: backlog }, () => limiter.run(open)));
  const last = positionsOf.reduce((one, other) => (one > other ? one : other));
  while ((await positions.passed(last)).stale);
  const weights = { P1: 1, P2: 1, P3: 1, P4: 1, P5: 1 };
  const began = performance.now();
  await say(engine, teamEvolution(team), team, {
    type: 'TeamDistributionChanged',
    data: { revision: 1, from, strategy: 'least-loaded', weights },
  });
  while ((await waitedFor(pool, [team])).length) {
    if (performance.now() - began > givenSecondsMax * 1000) throw new Error('work still waits for somebody');
    await wait(lookEveryMilliseconds);
  }
  return (1_000 * backlog) / (performance.now() - began);
};

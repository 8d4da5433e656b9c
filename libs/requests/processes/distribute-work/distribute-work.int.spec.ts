import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '../../../../test/faults/harness/random';
import { CommandRunner } from '../../../eventing/command-runner';
import { EnvelopedEvent } from '../../../eventing/envelope';
import { Evolution } from '../../../eventing/decider';
import { DomainEvent, streamOf } from '../../../eventing/event';
import { Appended, EventStore } from '../../../eventing/event-store.adapter';
import { Unavailable } from '../../../eventing/failures';
import { verifyChains } from '../../../eventing/verify-chains.adapter';
import { Engine } from '../../../platform/engine/engine';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { Directory } from '../../../teams/directory.adapter';
import { Presence, staffCategory } from '../../../teams/events';
import { staffEvolution } from '../../../teams/staff';
import { teamEvolution } from '../../../teams/team';
import { requestCategory, RequestEvent } from '../../events';
import { liveContext, ReadServer, startReadServer } from '../../read-models/testing/read-server';
import { WorkDistribution } from './distribute-work.process';

/** Workers that stand still or die between what they read and what they append, on real stores. */
jest.setTimeout(60_000);

const begun = Date.UTC(2026, 0, 5, 9);
const day = 86_400_000;
const capacity = 3;
/** Who is there from the beginning, and who comes later. */
const people = 4;
const latecomers = 2;
const waitingCases = 20;

let server: ReadServer;
beforeAll(async () => (server = await startReadServer()));
afterAll(() => server.stop());

type Appending = (append: (revision?: number) => Promise<Appended>, stream: string) => Promise<Appended>;

/** A store whose appends do what the test wants before, or instead of, what they should. */
class TroubledStore extends EventStore {
  constructor(
    { client }: EventStore,
    private readonly appending: Appending,
  ) {
    super(client);
  }

  override append(stream: string, revision: number, events: readonly EnvelopedEvent[]): Promise<Appended> {
    return this.appending((at = revision) => super.append(stream, at, events), stream);
  }
}

const isOfStaff = (stream: string): boolean => stream.startsWith(`${staffCategory}-`);

const troubled = (engine: Engine, appending: Appending): Engine => {
  const store = new TroubledStore(engine.store, appending);
  const runner = new CommandRunner(store, engine.types, engine.keys, engine.installation);
  return Object.create(engine, { runner: { value: runner } });
};

const say = async <State, E extends DomainEvent>(
  evolution: Evolution<State, E>,
  key: string,
  ...events: readonly E[]
): Promise<bigint> => {
  const { runner } = server.installation.engine;
  const context = liveContext('carol');
  const told = await runner.execute({ evolution, key, expects: 'any', body: {}, context, decide: () => events });
  return told.position;
};

/** A team whose people are all there, and more cases than they have room for. */
class Desk {
  readonly id: string;
  readonly staff: readonly string[];
  readonly numbers: string[] = [];

  constructor(private readonly name: string) {
    this.id = server.directory.teamId(name);
    this.staff = Array.from({ length: people + latecomers }, (_, index) =>
      server.directory.staffId(`${name}-${index}`),
    );
  }

  async open(): Promise<void> {
    const weights = { P1: 1, P2: 1, P3: 1, P4: 1, P5: 1 };
    const from = new Date(begun).toISOString();
    await say(
      ...([teamEvolution(this.id), this.id] as const),
      { type: 'TeamRegistered', data: { handle: this.name, name: this.name } },
      { type: 'TeamDistributionChanged', data: { revision: 1, from, strategy: 'round-robin', weights } },
    );
    await this.come(waitingCases, begun);
    const roster = { revision: 1, from, team: this.id, skills: [], calendar: null, capacity };
    const hiring = this.staff.map((id, index) =>
      say(
        ...([staffEvolution(id), id] as const),
        { type: 'StaffRegistered', data: { handle: `${this.name}-${index}`, name: 'Somebody', team: this.id } },
        { type: 'StaffRostered', data: roster },
        { type: 'StaffPresenceChanged', data: { presence: index < people ? 'available' : 'away' } },
      ),
    );
    await Promise.all(hiring);
    await this.passed();
  }

  /** As many more wait for the team, opened one after the other from an instant on. */
  async come(cases: number, from: number): Promise<void> {
    const opening = Array.from({ length: cases }, (_, place) =>
      server.open({ team: this.id }, { occurredAt: new Date(from + place * 60_000).toISOString() }),
    );
    this.numbers.push(...(await Promise.all(opening)));
    await this.passed();
  }

  async become(staff: string, presence: Presence): Promise<void> {
    await say(staffEvolution(staff), staff, { type: 'StaffPresenceChanged', data: { presence } });
    await this.passed();
  }

  give(engine: Engine): Promise<bigint | undefined> {
    const now = new Date();
    const directory = new Directory(engine.runner, engine.installation);
    const { fire } = new WorkDistribution(engine, new ServiceLevelBook(engine.runner), directory).timers();
    return fire({ key: this.id, at: now }, now);
  }

  /** Who was given each case, oldest case first, as the log has it; it is whole, and gives none twice. */
  async given(): Promise<readonly (string | null)[]> {
    const { store, types, installation } = server.installation.engine;
    return Promise.all(
      this.numbers.map(async (number) => {
        const stored = await store.read(streamOf(requestCategory, number));
        expect((await verifyChains(installation, stored)).broken).toBeUndefined();
        const told = stored.map((event) => types.decode<RequestEvent>(event));
        const [given, again] = told.flatMap(({ type, data }) => (type === 'RequestAssigned' ? [data.assignee] : []));
        expect(told.filter(({ type }) => type === 'RequestDistributed')).toHaveLength(given === undefined ? 0 : 1);
        expect(again).toBeUndefined();
        return given ?? null;
      }),
    );
  }

  private async passed(): Promise<void> {
    const { positions, store } = server.installation.engine;
    expect((await positions.passed(await store.head())).stale).toBe(false);
  }
}

/** Whoever has room has had the oldest ones, each once. */
const expectOldestGiven = (given: readonly (string | null)[], count: number): void =>
  expect(given.map((assignee) => assignee !== null)).toEqual(given.map((_, age) => age < count));

/** The most that anybody has been given. */
const mostOf = (given: readonly (string | null)[]): number => {
  const counts = given.flatMap((each) => (each === null ? [] : [given.filter((other) => other === each).length]));
  return Math.max(0, ...counts);
};

/** `arrived` resolves when the first append of a kind comes; all of the kind wait until `wake` is called. */
const holding = (isHeld: (stream: string) => boolean, appending: Appending) => {
  let arrive: () => void = () => undefined;
  let wake: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const awake = new Promise<void>((resolve) => (wake = resolve));
  const held: Appending = async (append, stream) => {
    if (isHeld(stream)) {
      arrive();
      await awake;
    }
    return appending(append, stream);
  };
  return { arrived, wake, held };
};

const asItShould: Appending = (append) => append();

it('gives each case once when a worker that stood still comes late with what it had decided', async () => {
  const desk = new Desk('asleep');
  await desk.open();
  const [away = '', ...others] = desk.staff;
  const { arrived, wake, held } = holding(() => true, asItShould);
  const asleep = desk.give(troubled(await server.installation.another(), held));
  await arrived;
  // Another one decides meanwhile, and otherwise: somebody has left, others have come.
  await desk.become(away, 'away');
  for (const come of others.slice(-latecomers)) await desk.become(come, 'available');
  await desk.give(server.installation.engine);
  const before = await desk.given();
  wake();
  expect(await asleep).toBeUndefined();
  expect(await desk.given()).toEqual(before);
  expectOldestGiven(before, capacity * others.length);
  expect(before).not.toContain(away);
});

/** One worker stands still before its appends of a kind, with room for all; another one meanwhile finds older work. */
const overtaken = async (desk: Desk, isHeld: (stream: string) => boolean, appending = asItShould): Promise<void> => {
  await desk.open();
  const { arrived, wake, held } = holding(isHeld, appending);
  const asleep = desk.give(troubled(await server.installation.another(), held));
  await arrived;
  await desk.come(capacity * people, begun - day);
  await desk.give(server.installation.engine);
  wake();
  await asleep;
};

describe('gives nobody more than their capacity when a worker that stood still comes late', () => {
  it.each([
    ['before it reserved anything', isOfStaff],
    ['between what it reserved and what it gave', (stream: string) => !isOfStaff(stream)],
  ] as const)('%s', async (moment, isHeld) => {
    const desk = new Desk(moment.startsWith('before') ? 'unreserved' : 'reserved');
    await overtaken(desk, isHeld);
    await desk.give(server.installation.engine);
    const given = await desk.given();
    expect(mostOf(given)).toBe(capacity);
    expect(given.filter((each) => each !== null)).toHaveLength(capacity * people);
  });

  it('and would without the revision at which it reserves, so that the tests above can fail', async () => {
    const desk = new Desk('unfenced');
    const atWhateverRevision: Appending = async (append, stream) =>
      isOfStaff(stream) ? append((await server.installation.engine.store.read(stream)).at(-1)?.revision) : append();
    await overtaken(desk, isOfStaff, atWhateverRevision);
    expect(mostOf(await desk.given())).toBeGreaterThan(capacity);
  });
});

it('gives nobody more than their capacity, whatever the order in which two workers get on', async () => {
  const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? Date.now());
  process.stderr.write(`distribution, seed ${seed}\n`);
  const random = new Random(seed);
  const desk = new Desk('interleaved');
  await desk.open();
  const slow: Appending = async (append) => {
    await wait(random.between(0, 15));
    return append();
  };
  const engines = [await server.installation.another(), await server.installation.another()];
  const working = engines.map(async (engine) => {
    for (let pass = 0; pass < 6; pass++) await desk.give(troubled(engine, slow));
  });
  for (const [index, staff] of desk.staff.slice(-latecomers).entries()) {
    await desk.come(people, begun - (index + 1) * day);
    await desk.become(staff, 'available');
  }
  await Promise.all(working);
  await desk.give(server.installation.engine);
  const given = await desk.given();
  expect(mostOf(given)).toBe(capacity);
  expect(given.filter((each) => each !== null)).toHaveLength(capacity * desk.staff.length);
});

it('gives each case once when two workers decide at the same time', async () => {
  const desk = new Desk('two');
  await desk.open();
  const engines = [server.installation.engine, await server.installation.another()];
  await Promise.all(engines.map((engine) => desk.give(engine)));
  const given = await desk.given();
  expectOldestGiven(given, capacity * people);
  expect(new Set(given).size).toBe(people + 1);
  for (const staff of desk.staff.slice(0, people))
    expect(given.filter((each) => each === staff)).toHaveLength(capacity);
});

it.each(['before it is sent', 'before it is heard of'] as const)(
  'goes on where a worker has died with an append, %s',
  async (moment) => {
    const desk = new Desk(moment === 'before it is sent' ? 'unsent' : 'unheard');
    await desk.open();
    let left = 5;
    const dying = troubled(await server.installation.another(), async (append) => {
      const lives = left-- > 0;
      if (lives) return append();
      if (moment === 'before it is heard of' && left === -1) await append();
      throw new Unavailable('unknown', 'the worker has died');
    });
    await expect(desk.give(dying)).rejects.toThrow(Unavailable);
    await desk.give(server.installation.engine);
    const given = await desk.given();
    expectOldestGiven(given, capacity * people);
    expect(new Set(given).size).toBe(people + 1);
    for (const staff of desk.staff.slice(0, people))
      expect(given.filter((each) => each === staff)).toHaveLength(capacity);
  },
);

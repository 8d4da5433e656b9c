import fc from 'fast-check';
import { sequencesMsMax, sequencesOf } from '../test/sequences';
import type { Delivery } from './consumer';
import type { Entry } from './entry';
import type { NackAction } from './group';
import type { GroupSettings } from './settings';
import { GroupWorld, isTaken, TestReceiver } from './testing/group-world';

/**
 * A group against a simple model, over sequences of everything that can happen to it. The model knows of each event only
 * who has it and whether it has been dealt with.
 */
interface Held {
  delivery: Delivery;
  receiver: TestReceiver;
  place: number;
}

class Model {
  readonly done = new Set<number>();
  /** Done or parked when the group last began anew; they may come again where the checkpoint had not got to. */
  doneBefore = new Set<number>();
  held: Held[] = [];
  wasKilled = false;
  receivers: TestReceiver[] = [];
  readonly world: GroupWorld;

  constructor(settings: GroupSettings) {
    this.world = new GroupWorld(settings, (place) => this.checkpointed(place));
  }

  join(slots: number): void {
    const receiver = new TestReceiver((delivery, to) => this.delivered(delivery, to));
    this.world.join(receiver, slots);
    this.receivers.push(receiver);
  }

  leave(receiver: TestReceiver): void {
    this.world.group.leave(receiver.consumer);
    this.receivers = this.receivers.filter((other) => other !== receiver);
    this.held = this.held.filter((held) => held.receiver !== receiver);
  }

  ack({ delivery, receiver, place }: Held): void {
    this.done.add(place);
    this.held = this.held.filter((held) => held.delivery !== delivery);
    this.world.group.ack(receiver.consumer, [delivery.entry.id]);
  }

  nack({ delivery, receiver, place }: Held, action: NackAction): void {
    if (action === 'skip' || action === 'stop') this.done.add(place);
    this.held = this.held.filter((held) => held.delivery !== delivery);
    this.world.group.nack(receiver.consumer, [delivery.entry.id], action, 'because');
  }

  tick(ms: number): void {
    this.world.nowMs += ms;
    this.world.group.tick();
    this.held = this.held.filter(({ delivery }) => delivery.isOpen);
  }

  kill(): void {
    this.receivers = [];
    this.held = [];
    this.wasKilled = true;
    this.doneBefore = new Set([...this.done, ...this.world.parking.places]);
    this.world.start();
  }

  /** What has been dealt with behind the checkpoint without a gap: what a restart would repeat. */
  get repeatable(): number {
    let place = (this.world.checkpoints.at(-1) ?? -1) + 1;
    let count = 0;
    for (; place < this.world.events.count && this.isDealtWith(place); place += 1) count += 1;
    return count;
  }

  isDealtWith(place: number): boolean {
    return !isTaken(place) || this.done.has(place) || this.world.parking.places.includes(place);
  }

  private delivered(delivery: Delivery, receiver: TestReceiver): void {
    const { entry } = delivery;
    const place = this.world.parking.originalPlace(entry);
    expect(isTaken(place)).toBe(true);
    expect(this.held.filter((held) => held.receiver === receiver).length).toBeLessThan(
      receiver.consumer.availableSlots + receiver.consumer.held,
    );
    if (entry.origin.from === 'source') {
      if (this.done.has(place)) expect(this.doneBefore.has(place)).toBe(true);
      expect(place).toBeGreaterThan(this.checkpointAtStart());
      if (entry.retries === 0) this.isNew(entry, place, receiver);
    }
    this.held.push({ delivery, receiver, place });
  }

  // A consumer gets what is new in order; a pinned one may wait for its bucket, and keeps order within each.
  private isNew({ bucket, id }: Entry, place: number, receiver: TestReceiver): void {
    const line = this.world.settings.strategy === 'Pinned' ? bucket : 0;
    expect([id, place]).toEqual([id, Math.max(place, (receiver.lastNew.get(line) ?? -1) + 1)]);
    receiver.lastNew.set(line, place);
  }

  private checkpointAtStart(): number {
    return this.world.checkpointAtStart ?? -1;
  }

  private checkpointed(place: number): void {
    for (let before = 0; before <= place; before += 1) {
      if (!this.isDealtWith(before)) throw new Error(`the checkpoint ${place} passes ${before}`);
    }
  }
}

type Step = (model: Model) => void;

const pick = <T>(items: T[], n: number): T | undefined => items[n % Math.max(1, items.length)];
const withHeld = (n: number, act: (model: Model, held: Held) => void): Step => {
  return (model) => {
    const held = pick(model.held, n);
    if (held) act(model, held);
  };
};

const ackOldest =
  (count: number): Step =>
  (model) =>
    [...model.held]
      .sort((a, b) => a.place - b.place)
      .slice(0, count)
      .forEach((held) => model.ack(held));

// Parking comes most often, so that there is something to replay.
const actions: NackAction[] = ['park', 'park', 'park', 'retry', 'unknown', 'skip', 'stop'];
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 40 }).map(
      (n): Step =>
        ({ world }) => ((world.events.count += n), world.group.arrived()),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 0, max: 40 }).map(
      (slots): Step =>
        (model) =>
          model.join(slots),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat().map((n): Step => (model) => {
      const gone = pick(model.receivers, n);
      if (gone) model.leave(gone);
    }),
  },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 30 }).map(ackOldest) },
  { weight: 4, arbitrary: fc.nat().map((n) => withHeld(n, (model, held) => model.ack(held))) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(), fc.constantFrom(...actions))
      .map(([n, action]) => withHeld(n, (model, held) => model.nack(held, action))),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 0, max: 2_500 }).map(
      (ms): Step =>
        (model) =>
          model.tick(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.option(fc.nat(20), { nil: undefined }).map(
      (stopAt): Step =>
        ({ world }) =>
          world.group.replay(stopAt),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat().map((n): Step => (model) => {
      const slow = pick(model.receivers, n);
      if (slow) slow.isReady = !slow.isReady;
      model.world.group.hasRoom();
    }),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (fails): Step =>
        ({ world }) =>
          void (world.parking.fails = fails),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((model) => model.kill()) },
);

const settings: fc.Arbitrary<GroupSettings> = fc.record({
  resolveLinks: fc.constant(false),
  extraStatistics: fc.boolean(),
  messageTimeoutMs: fc.constantFrom(0, 1_000, 3_000),
  maxRetryCount: fc.integer({ min: 0, max: 4 }),
  checkpointAfterMs: fc.constantFrom(0, 1, 2_000),
  checkpointCountMin: fc.integer({ min: 0, max: 10 }),
  checkpointCountMax: fc.integer({ min: 0, max: 30 }),
  subscribersMax: fc.constant(0),
  liveBufferSize: fc.integer({ min: 0, max: 20 }),
  readBatchSize: fc.integer({ min: 0, max: 12 }),
  historyBufferSize: fc.integer({ min: 13, max: 40 }),
  strategy: fc.constantFrom('RoundRobin', 'DispatchToSingle', 'Pinned'),
});

describe('a group', () => {
  it(
    'delivers every event until it is dealt with, and nothing that is',
    () =>
      fc.assert(
        fc.asyncProperty(settings, fc.array(step, { maxLength: 100, size: 'max' }), async (chosen, steps) => {
          const model = new Model(chosen);
          await model.world.settle();
          for (const act of steps) {
            act(model);
            await model.world.settle();
            expectNobodyIdle(model);
            // Afterwards, some of what has been dealt with was so before, and comes again.
            if (!model.wasKilled)
              expect(model.repeatable).toBeLessThan(Math.max(chosen.checkpointCountMax, 1) + passedOver);
          }
          await expectAllDealtWith(model);
        }),
        sequencesOf('a group', 200),
      ),
    sequencesMsMax,
  );
});

/** Events that the filter passes over may stand behind the last one that counts. */
const passedOver = 10;

/** While somebody could take it, nothing waits, read or unread. */
const expectNobodyIdle = (model: Model): void => {
  const { world, receivers, held } = model;
  if (world.settings.strategy === 'Pinned' || world.parking.fails) return;
  if (!receivers.some(({ consumer }) => consumer.room > 0)) return;
  const { buffered, retrying, inFlight } = world.group.state;
  expect({ buffered, retrying, inFlight }).toEqual({ buffered: 0, retrying: 0, inFlight: held.length });
  const isHeld = new Set(held.map(({ place }) => place));
  const places = Array.from({ length: world.events.count }, (_, place) => place);
  const idle = places.filter((place) => !isHeld.has(place) && !model.isDealtWith(place));
  // What waits to be parked may have been dealt with before a kill.
  expect(idle.length).toBeLessThanOrEqual(world.group.parking.waiting);
};

/** With one good consumer all comes to an end, and a replay brings back what was parked. */
const expectAllDealtWith = async (model: Model): Promise<void> => {
  const { world } = model;
  world.parking.fails = false;
  for (const receiver of [...model.receivers]) model.leave(receiver);
  model.join(5);
  await drain(model);
  world.group.replay(undefined);
  await drain(model);
  for (let place = 0; place < world.events.count; place += 1)
    expect([place, !isTaken(place) || model.done.has(place)]).toEqual([place, true]);
  world.nowMs += 10_000;
  world.group.tick();
  await world.settle();
  expect(world.parking.unsettled).toBeUndefined();
  expect(world.parking.hidden).toBe(world.parking.places.length);
};

const drain = async (model: Model): Promise<void> => {
  for (let round = 0; round < 3; round += 1) {
    model.tick(0);
    await model.world.settle();
    while (model.held.length > 0) {
      model.ack(model.held[0]!);
      await model.world.settle();
    }
  }
};

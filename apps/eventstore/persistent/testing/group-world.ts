import type { Consumer, Delivery, Receiver } from '../consumer';
import type { Entry } from '../entry';
import { Group, type GroupPorts, type GroupStart } from '../group';
import type { ParkingPlace } from '../parking';
import type { GroupSettings } from '../settings';
import type { Batch, Source } from '../source';
import { strategyNamed } from '../strategies';
import { placeOf } from './takers';

/** Events by number; those whose number ends in 9 are passed over by the filter. */
export const isTaken = (place: number): boolean => place % 10 !== 9;

class NumberedEvents implements Source {
  count = 0;

  get end(): number {
    return this.count;
  }

  get last(): number {
    return this.count - 1;
  }

  canStartAt(): boolean {
    return true;
  }

  read(from: number, max: number): Batch {
    const to = Math.min(from + max, this.count);
    const places = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
    const looked = places.map((place) => ({ place, taken: isTaken(place) ? taken(place) : undefined }));
    return { looked, next: Math.max(from, to), atEnd: to >= this.count };
  }
}

const taken = (place: number): { id: string; position: number; bucket: number } => ({
  id: `event ${place}`,
  position: place,
  bucket: place % 7,
});

/** Parked events in memory; it outlives a restart, as the disk does, and fails when told to. */
class NumberedParking implements ParkingPlace {
  readonly places: number[] = [];
  hidden = 0;
  unsettledFrom: number | undefined;
  fails = false;

  get unsettled(): { from: number; to: number } | undefined {
    return this.unsettledFrom === undefined ? undefined : { from: this.unsettledFrom, to: this.hidden };
  }

  async park(entry: Entry): Promise<void> {
    await Promise.resolve();
    if (this.fails) throw new Error('the disk is full');
    this.places.push(this.originalPlace(entry));
  }

  replayRange(stopAt: number | undefined): { from: number; to: number } | undefined {
    return { from: this.hidden, to: Math.min(stopAt ?? Infinity, this.places.length) };
  }

  read(from: number, to: number): Entry[] {
    return this.places.slice(from, to).map((place, i) => ({
      id: `parked ${from + i}`,
      position: place,
      origin: { from: 'parked', revision: from + i },
      bucket: place % 7,
      retries: 0,
    }));
  }

  async mark(hideBefore: number, unsettledFrom: number | undefined): Promise<void> {
    await Promise.resolve();
    if (this.fails) throw new Error('the disk is full');
    this.hidden = hideBefore;
    this.unsettledFrom = unsettledFrom;
  }

  /** The event that an entry is about, be it replayed or not. */
  originalPlace(entry: Entry): number {
    return entry.origin.from === 'source' ? placeOf(entry) : this.places[entry.origin.revision]!;
  }
}

/** A consumer that remembers what it got and has not answered for. */
export class TestReceiver implements Receiver {
  isReady = true;
  isDropped = false;
  consumer!: Consumer;
  /** The last new event that it got, by line in which order is promised. */
  readonly lastNew = new Map<number, number>();

  constructor(private readonly onDelivery: (delivery: Delivery, receiver: TestReceiver) => void) {}

  send(delivery: Delivery): void {
    this.onDelivery(delivery, this);
  }

  drop(): void {
    this.isDropped = true;
  }
}

/** One group in a world that can be wound forward by hand. */
export class GroupWorld {
  readonly events = new NumberedEvents();
  readonly parking = new NumberedParking();
  readonly checkpoints: number[] = [];
  nowMs = 0;
  group!: Group;
  /** The checkpoint from which the present group began. */
  checkpointAtStart: number | undefined;
  private hasWork = false;
  private current: GroupPorts | undefined;

  constructor(
    readonly settings: GroupSettings,
    private readonly onCheckpoint: (place: number) => void,
  ) {
    this.start();
  }

  /** Begins anew from what is stored, as after a kill. */
  start(): void {
    const checkpoint = this.checkpoints.at(-1);
    this.checkpointAtStart = checkpoint;
    const start: GroupStart =
      checkpoint === undefined ? { kind: 'place', place: 0, isNew: true } : { kind: 'checkpoint', place: checkpoint };
    this.group = new Group(this.settings, this.ports(), start);
  }

  join(receiver: TestReceiver, slots: number): void {
    receiver.consumer = this.group.join(receiver, slots, 'test');
  }

  /** Lets the group work, and what it writes be written, until nothing is left to do. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      if (this.hasWork) {
        this.hasWork = false;
        this.group.work();
      }
      for (let i = 0; i < microtasksPerWrite; i += 1) await Promise.resolve();
      if (!this.hasWork) return;
    }
    throw new Error('the group does not come to rest');
  }

  private ports(): GroupPorts {
    const ports: GroupPorts = {
      source: this.events,
      strategy: strategyNamed(this.strategy),
      parkingPlace: this.parking,
      saveCheckpoint: (place) => {
        this.onCheckpoint(place);
        this.checkpoints.push(place);
      },
      nowMs: () => this.nowMs,
      askForWork: () => {
        if (ports === this.current) this.hasWork = true;
      },
    };
    this.current = ports;
    return ports;
  }

  private get strategy(): 'RoundRobin' | 'DispatchToSingle' | 'Pinned' {
    const { strategy } = this.settings;
    return strategy === 'DispatchToSingle' || strategy === 'Pinned' ? strategy : 'RoundRobin';
  }
}

const turnsMax = 10_000;
const microtasksPerWrite = 8;

import { CheckpointRule } from './checkpoint-rule';
import { Consumer, type Delivery, type Receiver } from './consumer';
import { retried, type Entry } from './entry';
import { InFlight } from './in-flight';
import { Parking, type ParkingPlace } from './parking';
import { ReadBuffer } from './read-buffer';
import { RetryQueue, type Offer } from './retry-queue';
import type { GroupSettings } from './settings';
import type { Source } from './source';
import type { Strategy } from './strategy';

/** What a group needs of the world. */
export interface GroupPorts {
  source: Source;
  strategy: Strategy;
  parkingPlace: ParkingPlace;
  saveCheckpoint(place: number): void;
  nowMs(): number;
  /** Asks for `work` to be called in a turn of its own; asking again before that changes nothing. */
  askForWork(): void;
}

export type NackAction = 'unknown' | 'park' | 'retry' | 'skip' | 'stop';

/** Where a group takes up: behind a checkpoint, at a place, or at what comes next. */
export type GroupStart =
  | { kind: 'checkpoint'; place: number }
  /** `isNew`: the place has just been asked for, and must be one. Later its record may have been removed. */
  | { kind: 'place'; place: number; isNew: boolean }
  /** Where the end was when the group was made. */
  | { kind: 'end'; place: number }
  | { kind: 'live' };

/**
 * A persistent subscription: hands what it reads to its consumers until each event is acknowledged, skipped or parked.
 *
 * Guarantee: nothing is passed over. An event that is not answered in time, or whose consumer leaves, goes out again,
 * and at its last retry is parked; the checkpoint never passes an event that is not settled, a parked one only when it
 * is on disk in the parked stream. Not promised: that an event comes once, or in order when there are several consumers
 * or retries. What it holds is bounded by its settings and by the slots of its consumers, in entries without bytes.
 */
export class Group {
  readonly consumers = new Set<Consumer>();
  readonly parking: Parking;
  private readonly inFlight = new InFlight();
  private readonly retries = new RetryQueue();
  private readonly buffer: ReadBuffer;
  private readonly rule: CheckpointRule;
  private isFaulted: boolean;
  total = 0;
  lastCheckpoint: number | undefined;

  constructor(
    readonly settings: GroupSettings,
    private readonly ports: GroupPorts,
    start: GroupStart,
  ) {
    const checkpoint = start.kind === 'checkpoint' ? start.place : undefined;
    const { end } = ports.source;
    const cursor = start.kind === 'live' ? end : start.place + (start.kind === 'checkpoint' ? 1 : 0);
    this.buffer = new ReadBuffer(ports.source, settings, cursor, checkpoint);
    this.buffer.isLive = start.kind === 'live' || (start.kind === 'end' && start.place >= end);
    this.rule = new CheckpointRule(settings, checkpoint === undefined ? -1 : 0);
    this.parking = new Parking(ports.parkingPlace, (entry) => this.finish(entry));
    this.lastCheckpoint = checkpoint;
    this.isFaulted = start.kind === 'place' && start.isNew && !ports.source.canStartAt(start.place);
    ports.askForWork();
  }

  get isFull(): boolean {
    const { subscribersMax } = this.settings;
    return subscribersMax !== 0 && this.consumers.size >= subscribersMax;
  }

  join(receiver: Receiver, slots: number, connectionName: string): Consumer {
    const send = (entry: Entry, taker: Consumer): void => this.send(entry, taker);
    const consumer = new Consumer(receiver, slots, connectionName, this.settings.extraStatistics, send);
    this.consumers.add(consumer);
    this.ports.strategy.add(consumer);
    if (this.isFaulted) this.fault();
    this.ports.askForWork();
    return consumer;
  }

  /** What a leaving consumer holds goes out again. */
  leave(consumer: Consumer): void {
    if (!this.consumers.delete(consumer)) return;
    this.ports.strategy.remove(consumer);
    for (const { entry } of this.inFlight.of(consumer)) this.retries.add(retried(entry));
    this.ports.askForWork();
  }

  /** Ends it: its consumers are told that it is gone, or is not what it was. */
  stop(): void {
    this.parking.stop();
    this.dropAll();
  }

  private dropAll(): void {
    for (const consumer of [...this.consumers]) {
      this.leave(consumer);
      consumer.receiver.drop();
    }
  }

  ack(consumer: Consumer, ids: string[]): void {
    const nowMs = this.ports.nowMs();
    for (const id of ids) {
      const delivery = this.inFlight.answered(id, consumer, nowMs);
      if (delivery) this.finish(delivery.entry);
    }
    this.afterAnswers();
  }

  nack(consumer: Consumer, ids: string[], action: NackAction, reason: string): void {
    // What the answers before this one made room for goes out first, as if each had been alone.
    this.sendAll();
    const nowMs = this.ports.nowMs();
    for (const id of ids) {
      const delivery = this.inFlight.answered(id, consumer, nowMs);
      if (delivery) this.refused(delivery.entry, action, reason);
    }
    this.afterAnswers();
  }

  /** Once a second: takes back what has not been answered in time, and looks whether a checkpoint is due. */
  tick(): void {
    for (const { entry } of this.inFlight.sentBefore(this.ports.nowMs() - this.settings.messageTimeoutMs)) {
      this.retryOrPark(entry);
    }
    this.parking.tick(this.settings.checkpointCountMin);
    this.checkpoint(true);
    this.ports.askForWork();
  }

  /** Something has been committed that may be for it. */
  arrived(): void {
    this.buffer.arrived();
    this.ports.askForWork();
  }

  /** A consumer can take more than before. */
  hasRoom(): void {
    this.ports.askForWork();
  }

  replay(stopAt: number | undefined): void {
    this.parking.startReplay(stopAt);
    this.ports.askForWork();
  }

  /** Reads what there is room for and sends what there are slots for; asks to be called again when there may be more. */
  work(): void {
    if (this.isFaulted) return;
    const filled = this.buffer.fill(this.retries.size);
    if (filled === 'gone') return this.fault();
    for (const entry of this.parking.nextReplayed(this.retries.replayedSize)) this.retries.add(entry);
    const sent = this.sendAll();
    this.checkpoint(false);
    const hasRoomAgain = sent > 0 && !this.buffer.isLive;
    if (filled === 'more' || hasRoomAgain || this.parking.canReplay(this.retries.replayedSize)) this.ports.askForWork();
  }

  /** Takes back a delivery that cannot be made, because its record is no longer there. */
  discard(delivery: Delivery): void {
    if (!delivery.isOpen) return;
    this.inFlight.remove(delivery);
    this.finish(delivery.entry);
    this.ports.askForWork();
  }

  get state(): GroupState {
    return {
      isLive: this.buffer.isLive,
      isReplaying: this.parking.isMarking,
      inFlight: this.inFlight.size,
      buffered: this.buffer.size,
      live: this.buffer.liveCount,
      retrying: this.retries.size,
      lastKnown: this.buffer.lastKnown,
      lastCheckpoint: this.lastCheckpoint,
    };
  }

  private sendAll(): number {
    if (this.isFaulted || this.parking.isBusy) return 0;
    let sent = 0;
    const offer = (entry: Entry): Offer => {
      const result = this.ports.strategy.offer(entry);
      if (result === 'sent') sent += 1;
      return result;
    };
    if (this.retries.offerAll(offer) !== 'full') this.buffer.offerAll(offer);
    return sent;
  }

  private send(entry: Entry, consumer: Consumer): void {
    this.total += 1;
    consumer.receiver.send(this.inFlight.add(entry, consumer, this.ports.nowMs()));
  }

  private refused(entry: Entry, action: NackAction, reason: string): void {
    if (action === 'retry' || action === 'unknown') this.retryOrPark(entry);
    else if (action === 'park') this.parking.park(entry, `Client explicitly NAK'ed message.\n${reason}`);
    // Stopping does nothing more on the real server than to let go of the event.
    else this.finish(entry);
  }

  private retryOrPark(entry: Entry): void {
    const { maxRetryCount } = this.settings;
    if (entry.retries < maxRetryCount) this.retries.add(retried(entry));
    else this.parking.park(entry, `Reached retry count of ${maxRetryCount}`);
  }

  private finish({ origin }: Entry): void {
    if (origin.from === 'source') this.buffer.finish(origin.sequence);
    else this.parking.settle(origin.revision);
    this.ports.askForWork();
  }

  private afterAnswers(): void {
    this.checkpoint(false);
    this.ports.askForWork();
  }

  private checkpoint(isTick: boolean): void {
    const { settled } = this.buffer;
    if (!settled || !this.rule.isDue(settled, this.ports.nowMs(), isTick)) return;
    this.lastCheckpoint = settled.place;
    this.ports.saveCheckpoint(settled.place);
  }

  // The real server gives up on a group whose stream cannot be read any more, and on each of its consumers.
  private fault(): void {
    this.isFaulted = true;
    this.dropAll();
  }
}

/** What there is to tell of a group at a moment. */
export interface GroupState {
  isLive: boolean;
  isReplaying: boolean;
  inFlight: number;
  buffered: number;
  live: number;
  retrying: number;
  lastKnown: number | undefined;
  lastCheckpoint: number | undefined;
}

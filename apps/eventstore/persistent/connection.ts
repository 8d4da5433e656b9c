import { framed, type Call } from '../grpc/call';
import { Writer } from '../protobuf/writer';
import { pageBytesMax } from '../services/paging';
import type { Consumer, Delivery, Receiver } from './consumer';
import { eventFrame } from './event-frame';
import { groupDropped } from './failures';
import type { NackAction } from './group';
import type { RunningGroup } from './running-group';
import { groupId } from './settings';

/** Deliveries that wait to be written; beyond that the consumer counts as busy. */
const unwrittenMax = 512;

/**
 * A client's way to its group. Deliveries are written as the client reads them: what it does not read stays here as
 * entries, `unwrittenMax` of them, and one page of bytes.
 */
export class Connection implements Receiver {
  private readonly consumer: Consumer;
  private unwritten: Delivery[] = [];
  private isWriting = false;

  constructor(
    private readonly call: Call,
    private readonly running: RunningGroup,
    slots: number,
    connectionName: string,
    private readonly structuredIds: boolean,
  ) {
    call.write(framed(new Writer().message(2, new Writer().string(1, groupId(running.definition))).finish()));
    this.consumer = running.group.join(this, slots, connectionName);
    call.onFinish(() => running.group.leave(this.consumer));
  }

  get isReady(): boolean {
    return this.unwritten.length < unwrittenMax;
  }

  send(delivery: Delivery): void {
    this.unwritten.push(delivery);
    if (this.isWriting) return;
    this.isWriting = true;
    // Whatever else is sent in this turn leaves in the same write.
    queueMicrotask(() => void this.writeAll());
  }

  drop(): void {
    this.call.fail(groupDropped(this.running.definition));
  }

  ack(ids: string[]): void {
    this.running.group.ack(this.consumer, ids);
  }

  nack(ids: string[], action: NackAction, reason: string): void {
    this.running.group.nack(this.consumer, ids, action, reason);
  }

  private async writeAll(): Promise<void> {
    while (this.unwritten.length > 0) {
      await this.call.writable();
      if (this.call.finished) break;
      const wasFull = !this.isReady;
      this.call.write(this.nextPage());
      if (wasFull && this.isReady) this.running.group.hasRoom();
    }
    this.isWriting = false;
  }

  private nextPage(): Buffer {
    const frames: Buffer[] = [];
    let bytes = 0;
    let taken = 0;
    while (taken < this.unwritten.length && bytes < pageBytesMax) {
      const frame = this.frame(this.unwritten[taken++]!);
      if (frame) frames.push(frame);
      bytes += frame?.length ?? 0;
    }
    this.unwritten.splice(0, taken);
    return Buffer.concat(frames);
  }

  private frame(delivery: Delivery): Buffer | undefined {
    // It may have timed out while it waited here, and be on its way to somebody else.
    if (!delivery.isOpen) return undefined;
    const event = this.running.eventOf(delivery);
    if (event) return eventFrame(event, this.structuredIds);
    this.running.group.discard(delivery);
    return undefined;
  }
}

import { resolveLink } from '../log/links';
import { dataOf, idOf, isLink, nameOf, positionOf, revisionOf } from '../log/record';
import { isSoftDeleted, type Stream } from '../log/streams';
import { firstVisible } from '../log/visible-range';
import type { Store } from '../services/store';
import type { Bucketing } from './bucketing';
import type { Entry } from './entry';
import type { ParkingPlace } from './parking';
import { groupId, type GroupDefinition } from './settings';
import { deleteStream, parseJson, systemJson, systemTypes, writeMetadata, writeSystemEvent } from './system-events';

const admins = '$admins';
const acl = { $r: admins, $w: admins, $d: admins, $mr: admins, $mw: admins };
/** In the metadata of the parked stream: the first revision whose replay is not through. */
const unsettledKey = 'replayingFrom';
const pageBytesMax = 1024 * 1024;

type Named = Pick<GroupDefinition, 'stream' | 'group'>;

const streamOf = (name: Named): string => `$persistentsubscription-${groupId(name)}-parked`;

export const deleteParked = (store: Store, name: Named): Promise<unknown> => deleteStream(store, streamOf(name));

/** The parked events of a group, as links in a stream of their own. */
export class ParkedStream implements ParkingPlace {
  private readonly name: string;

  /** `isCounted`: as on the real server, what was parked before a start is counted only once there is a checkpoint. */
  constructor(
    private readonly store: Store,
    group: Named,
    private readonly resolveLinks: boolean,
    private readonly bucketing: Bucketing,
    private isCounted: boolean,
  ) {
    this.name = streamOf(group);
  }

  get count(): number {
    const { stream } = this;
    return this.isCounted && stream.head >= 0 ? Math.max(0, stream.head - this.first(stream) + 1) : 0;
  }

  get unsettled(): { from: number; to: number } | undefined {
    const { stream } = this;
    const metadata = parseJson(this.store.log.streams.metadataText(stream));
    if (typeof metadata !== 'object' || metadata === null) return undefined;
    const from: unknown = Reflect.get(metadata, unsettledKey);
    const to = stream.metadata.truncateBefore;
    return typeof from === 'number' && to !== undefined && from < to ? { from, to } : undefined;
  }

  async park(entry: Entry, reason: string): Promise<void> {
    const { reader } = this.store;
    const record = reader.at(entry.position);
    if (!record) return;
    const metadata = { added: localTime(new Date()), reason, subscriptionEventNumber: revisionOf(record) };
    await writeSystemEvent(this.store, this.name, {
      type: systemTypes.link,
      json: false,
      data: Buffer.from(this.linkTo(record, entry), 'utf8'),
      metadata: systemJson(metadata),
    });
    this.isCounted = true;
  }

  replayRange(stopAt: number | undefined): { from: number; to: number } | undefined {
    this.isCounted = true;
    const { stream } = this;
    if (stream.head < 0 || isSoftDeleted(stream)) return undefined;
    return { from: this.first(stream), to: Math.min(stopAt ?? Infinity, stream.head + 1) };
  }

  read(from: number, to: number): Entry[] {
    const { log, reader } = this.store;
    const entries: Entry[] = [];
    for (let next = from; next < to;) {
      const page = reader.ofStream(this.stream, next, to - 1, pageBytesMax);
      for (const record of page.records) {
        const bucket = this.bucketing(record, resolveLink(log, reader, record));
        const origin = { from: 'parked', revision: revisionOf(record) } as const;
        entries.push({ id: idOf(record), position: positionOf(record), origin, bucket, retries: 0 });
      }
      next = page.last + 1;
    }
    return entries;
  }

  async mark(hideBefore: number, unsettledFrom: number | undefined): Promise<void> {
    const unsettled = unsettledFrom === undefined ? {} : { [unsettledKey]: unsettledFrom };
    // Written in full: revision 0 is a number like any other here.
    const text = JSON.stringify({ $tb: hideBefore, $acl: acl, ...unsettled }, undefined, 2);
    await writeMetadata(this.store, this.name, text);
  }

  private get stream(): Stream {
    return this.store.log.streams.get(this.name);
  }

  private first(stream: Stream): number {
    return isSoftDeleted(stream) ? stream.head + 1 : firstVisible(this.store.reader, stream, Date.now());
  }

  private linkTo(record: Buffer, { origin }: Entry): string {
    const { log, reader } = this.store;
    const follows = this.resolveLinks || origin.from === 'parked';
    const target = follows ? resolveLink(log, reader, record) : undefined;
    if (target === null && isLink(record)) return dataOf(record).toString('utf8');
    const event = target ?? record;
    return `${revisionOf(event)}@${nameOf(event).toString('utf8')}`;
  }
}

/** The time with its offset, which is how the real server's machine time reads in UTC. */
const localTime = (time: Date): string => time.toISOString().replace('Z', '+00:00');

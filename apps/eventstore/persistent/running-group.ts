import { resolveLink } from '../log/links';
import type { Store } from '../services/store';
import { compileGroupFilter } from '../subscriptions/filter';
import { AllSource } from './all-source';
import { bucketingOf } from './bucketing';
import { CheckpointWriter, loadCheckpoint } from './checkpoint-stream';
import type { Delivery } from './consumer';
import type { DeliveredEvent } from './event-frame';
import { Group, type GroupStart } from './group';
import { ParkedStream } from './parked-stream';
import { allStream, isStrategyName, type GroupDefinition } from './settings';
import type { Source } from './source';
import { Statistics } from './statistics';
import { StreamSource } from './stream-source';
import { strategyNamed } from './strategies';

/** A group at work on the log: what is defined, what runs, where it parks, and what is told of it. */
export class RunningGroup {
  readonly group: Group;
  readonly parked: ParkedStream;
  readonly statistics = new Statistics();
  private readonly writer: CheckpointWriter;

  constructor(
    private readonly store: Store,
    readonly definition: GroupDefinition,
    isNew: boolean,
    askForWork: (running: RunningGroup) => void,
  ) {
    const { settings } = definition;
    const { strategy, resolveLinks } = settings;
    if (!isStrategyName(strategy)) throw new Error(`there is no strategy ${strategy}`);
    const checkpoint = loadCheckpoint(store, definition);
    const bucketing = bucketingOf(strategy);
    this.parked = new ParkedStream(store, definition, resolveLinks, bucketing, checkpoint !== undefined);
    this.writer = new CheckpointWriter(store, definition);
    const ports = {
      source: sourceOf(store, definition),
      strategy: strategyNamed(strategy),
      parkingPlace: this.parked,
      saveCheckpoint: (place: number): void => this.writer.save(place),
      nowMs: () => performance.now(),
      askForWork: (): void => askForWork(this),
    };
    this.group = new Group(settings, ports, startOf(definition, checkpoint, isNew));
  }

  stop(): void {
    this.writer.stop();
    this.group.stop();
  }

  /** The event of a delivery; undefined when its record is no longer there. */
  eventOf({ entry }: Delivery): DeliveredEvent | undefined {
    const { log, reader } = this.store;
    const record = reader.at(entry.position);
    const follows = this.definition.settings.resolveLinks || entry.origin.from === 'parked';
    return record && { record, target: follows ? resolveLink(log, reader, record) : undefined, retries: entry.retries };
  }
}

const sourceOf = (store: Store, { stream, filter, settings }: GroupDefinition): Source => {
  const bucketing = bucketingOf(settings.strategy);
  if (stream !== allStream) return new StreamSource(store, stream, settings.resolveLinks, bucketing);
  return new AllSource(store, filter && compileGroupFilter(filter), settings.resolveLinks, bucketing);
};

const startOf = (
  { startFrom, startedAt }: GroupDefinition,
  checkpoint: number | undefined,
  isNew: boolean,
): GroupStart => {
  if (checkpoint !== undefined) return { kind: 'checkpoint', place: checkpoint };
  if (startFrom.at === 'end') return startedAt === undefined ? { kind: 'live' } : { kind: 'end', place: startedAt };
  return { kind: 'place', place: startFrom.at === 'start' ? 0 : Number(startFrom.value), isNew };
};

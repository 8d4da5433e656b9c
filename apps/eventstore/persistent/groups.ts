import { unknown, writeFailure } from '../services/errors';
import type { Store } from '../services/store';
import { deleteCheckpoints } from './checkpoint-stream';
import { loadConfiguration, saveConfiguration } from './configuration';
import { groupDoesNotExist, groupExists, groupFailed, type GroupName } from './failures';
import { deleteParked } from './parked-stream';
import { RunningGroup } from './running-group';
import { allStream, isStrategyName, refusalOfSizes, type GroupDefinition } from './settings';

const tickMs = 1_000;

/** All persistent subscriptions of the server: which there are, and when each of them has something to do. */
export class Groups {
  /** By stream; a stream that once had a group keeps its empty map until the next start, as on the real server. */
  private byStream = new Map<string, Map<string, RunningGroup>>();
  private readonly waiting = new Set<RunningGroup>();
  private readonly timer: NodeJS.Timeout;
  private readonly stopListening: () => void;
  private isScheduled = false;
  private isStopped = false;

  constructor(private readonly store: Store) {
    this.timer = setInterval(() => this.tick(), tickMs).unref();
    this.stopListening = store.log.onCommit(({ streams }) => {
      for (const stream of streams) this.notify(stream);
      this.notify(allStream);
    });
    this.load();
  }

  find(name: GroupName): RunningGroup {
    const running = this.byStream.get(name.stream)?.get(name.group);
    if (!running) throw groupDoesNotExist(name);
    return running;
  }

  /** The groups of a stream, or all of them. */
  list(stream: string | undefined): RunningGroup[] {
    if (stream === undefined) return [...this.byStream.values()].flatMap((groups) => [...groups.values()]);
    const groups = this.byStream.get(stream);
    if (!groups) throw groupDoesNotExist({ stream, group: '' });
    return [...groups.values()];
  }

  async create(definition: GroupDefinition): Promise<void> {
    this.checkNew(definition);
    if (this.byStream.get(definition.stream)?.has(definition.group)) throw groupExists(definition);
    this.checkSizes(definition);
    const started = this.withStart(definition);
    this.run(started, true);
    await this.save(() => this.remove(started));
  }

  async update(definition: GroupDefinition): Promise<void> {
    const old = this.find(definition);
    this.checkNew(definition);
    this.checkSizes(definition);
    // What is filtered cannot be changed.
    const updated = this.withStart({ ...definition, filter: old.definition.filter });
    this.remove(updated);
    this.run(updated, true);
    await this.save();
  }

  async delete(name: GroupName): Promise<void> {
    const { definition } = this.find(name);
    this.remove(definition);
    const deleted = [deleteCheckpoints(this.store, definition), deleteParked(this.store, definition)];
    await Promise.all([...deleted, this.save()]).catch((error: unknown) => {
      throw writeFailure(error);
    });
  }

  /** Drops every consumer and starts every group again from what is stored. */
  restart(): void {
    for (const { definition } of this.list(undefined)) this.remove(definition);
    this.byStream = new Map();
    this.load();
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
    this.stopListening();
    this.waiting.clear();
  }

  private load(): void {
    for (const definition of loadConfiguration(this.store)) this.run(definition, false);
  }

  private checkNew({ stream, group, startFrom, settings }: GroupDefinition): void {
    const name = { stream, group };
    if (stream === '') throw groupFailed(name, 'Bad stream name.');
    if (!isStrategyName(settings.strategy)) {
      throw groupFailed(name, `Consumer strategy ${settings.strategy} does not exist.`);
    }
    if (startFrom.at !== 'value') return;
    if (startFrom.value >= 1n << 63n) throw unknown('the place to start from is too large');
    if (stream === allStream && Number(startFrom.value) > this.lastPosition) {
      const rule = 'commit position must be less than or equal to the last commit position in the transaction file';
      throw groupFailed(name, `Invalid Start From position: ${rule}.`);
    }
  }

  private checkSizes(definition: GroupDefinition): void {
    const refusal = refusalOfSizes(definition.settings);
    if (refusal !== undefined) throw groupFailed(definition, refusal);
  }

  private get lastPosition(): number {
    const { log, reader } = this.store;
    return reader.backwards(log.endPosition, 1, 1).next;
  }

  private withStart(definition: GroupDefinition): GroupDefinition {
    const { log } = this.store;
    const { stream, startFrom } = definition;
    if (startFrom.at !== 'end') return { ...definition, startedAt: undefined };
    return { ...definition, startedAt: stream === allStream ? log.endPosition : log.streams.get(stream).head + 1 };
  }

  private run(definition: GroupDefinition, isNew: boolean): void {
    const groups = this.byStream.get(definition.stream) ?? new Map<string, RunningGroup>();
    const running = new RunningGroup(this.store, definition, isNew, (asking) => this.schedule(asking));
    groups.set(definition.group, running);
    this.byStream.set(definition.stream, groups);
  }

  private remove(name: GroupName): void {
    const groups = this.byStream.get(name.stream);
    const running = groups?.get(name.group);
    groups?.delete(name.group);
    running?.stop();
  }

  private async save(undo?: () => void): Promise<void> {
    try {
      await saveConfiguration(
        this.store,
        this.list(undefined).map(({ definition }) => definition),
      );
    } catch (error) {
      undo?.();
      throw writeFailure(error);
    }
  }

  private notify(stream: string): void {
    for (const { group } of this.byStream.get(stream)?.values() ?? []) group.arrived();
  }

  private tick(): void {
    for (const { group } of this.list(undefined)) group.tick();
  }

  private schedule(running: RunningGroup): void {
    this.waiting.add(running);
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.work());
  }

  // What asks again while this goes on gets its turn after everybody else's.
  private work(): void {
    this.isScheduled = false;
    const due = [...this.waiting];
    this.waiting.clear();
    if (this.isStopped) return;
    for (const running of due) if (this.isCurrent(running)) running.group.work();
  }

  private isCurrent(running: RunningGroup): boolean {
    return this.byStream.get(running.definition.stream)?.get(running.definition.group) === running;
  }
}

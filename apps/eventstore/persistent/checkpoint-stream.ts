import type { Store } from '../services/store';
import { parsePlace, placeText } from './places';
import { groupId, type GroupDefinition } from './settings';
import { deleteStream, lastJson, systemTypes, writeSystemEvent } from './system-events';

type Named = Pick<GroupDefinition, 'stream' | 'group'>;

const streamOf = (name: Named): string => `$persistentsubscription-${groupId(name)}-checkpoint`;

/** Where a group left off, if it ever said so. */
export const loadCheckpoint = (store: Store, name: Named): number | undefined => {
  const text = lastJson(store, streamOf(name));
  return typeof text === 'string' ? parsePlace(name.stream, text) : undefined;
};

export const deleteCheckpoints = (store: Store, name: Named): Promise<unknown> => deleteStream(store, streamOf(name));

/**
 * Writes the checkpoints of a group, one at a time. Those that come while one is being written are passed over but for
 * the last, so that the last one is always written.
 */
export class CheckpointWriter {
  private wanted: number | undefined;
  private isWriting = false;
  private isStopped = false;

  constructor(
    private readonly store: Store,
    private readonly name: Named,
  ) {}

  save(place: number): void {
    if (this.isStopped) return;
    this.wanted = place;
    if (!this.isWriting) void this.writeAll();
  }

  /** Writes nothing more: whatever follows must not bring a deleted stream back. */
  stop(): void {
    this.isStopped = true;
    this.wanted = undefined;
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    try {
      while (this.wanted !== undefined) await this.write();
    } catch {
      // What could not be stored is delivered again after a restart; the next checkpoint makes up for it.
    } finally {
      this.isWriting = false;
    }
  }

  private async write(): Promise<void> {
    const text = placeText(this.name.stream, this.wanted ?? 0);
    this.wanted = undefined;
    const data = Buffer.from(JSON.stringify(text));
    await writeSystemEvent(this.store, streamOf(this.name), { type: systemTypes.checkpoint, json: true, data });
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import { AttachmentStore } from '../../../attachments/attachment-store';
import { Engine } from '../../../platform/engine/engine';
import { requestEvolution } from '../../request';

/**
 * Removes bytes that no event names: a command that died between the bytes and its event left them.
 *
 * Guarantee: a file that an event names is never removed. It rests on the log, not on a read model, and on a command being over
 * long before its bytes are old enough.
 */
export const orphanMilliseconds = 60 * 60 * 1_000;
const everyMilliseconds = 60 * 60 * 1_000;
const firstMilliseconds = 60 * 1_000;

export interface SweepOptions {
  readonly engine: Engine;
  readonly store: AttachmentStore;
  readonly leads: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

export class FileSweep {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: SweepOptions) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** @param before what was written later is let be @returns how many were removed */
  async sweep(before: Date): Promise<number> {
    const { store } = this.options;
    let [number, known, removed] = ['', new Set<string>(), 0];
    await store.dropUnfinished(before);
    for await (const file of store.list()) {
      if (this.stopping.signal.aborted) break;
      if (file.writtenAt >= before) continue;
      if (file.number !== number) [number, known] = [file.number, await this.named(file.number)];
      if (known.has(file.sha256)) continue;
      await store.remove(file);
      removed++;
    }
    return removed;
  }

  private async named(number: string): Promise<Set<string>> {
    const { state } = await this.options.engine.runner.load(requestEvolution, number);
    const history = state.status === 'none' ? [] : state.history;
    return new Set(history.flatMap(({ file }) => (file ? [file.content.sha256] : [])));
  }

  private async run(): Promise<void> {
    let milliseconds = firstMilliseconds;
    while (await this.slept(milliseconds)) {
      milliseconds = everyMilliseconds;
      try {
        // Files are dated by the machine's own clock, whatever time it is for commands.
        if (this.options.leads()) await this.sweep(new Date(Date.now() - orphanMilliseconds));
      } catch (error) {
        this.options.onFailure(error);
      }
    }
  }

  private async slept(milliseconds: number): Promise<boolean> {
    const { signal } = this.stopping;
    await wait(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
    return !signal.aborted;
  }
}

import { Pool } from 'pg';
import { LoggedEvent } from '../projections/mirror';
import { readLogAfter, readProgress } from '../projections/projection-store.adapter';

/** The newest part of the log for several readers, who mostly stand at the same place: what one has read the others need not. */
const pageEvents = 500;

export interface TailPage {
  readonly events: readonly LoggedEvent[];
  /** Up to which sequence these are all there are. */
  readonly upTo: number;
}

export class SharedTail {
  private reached = 0;
  private page: { readonly after: number; readonly reached: number; readonly read: Promise<TailPage> } | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly types: readonly string[],
  ) {}

  /** Everything up to a sequence has been committed. */
  extend(reached: number): void {
    this.reached = Math.max(this.reached, reached);
  }

  /** Asks how far the log is, for whoever was not told. */
  async look(): Promise<void> {
    this.looking ??= readProgress(this.pool)
      .then(({ sequence }) => this.extend(sequence))
      .finally(() => (this.looking = undefined));
    await this.looking;
  }

  async after(sequence: number): Promise<TailPage> {
    if (!this.reached) await this.look();
    const { reached } = this;
    if (reached <= sequence) return { events: [], upTo: sequence };
    if (this.page?.after !== sequence || this.page.reached !== reached)
      this.page = { after: sequence, reached, read: this.read(sequence, reached) };
    return this.page.read;
  }

  private async read(after: number, reached: number): Promise<TailPage> {
    try {
      const events = await readLogAfter(this.pool, after, pageEvents, this.types);
      // A page that is not full has seen everything up to where the log was when it was asked for.
      return { events, upTo: events.length < pageEvents ? reached : (events.at(-1)?.sequence ?? reached) };
    } catch (error) {
      this.page = undefined;
      throw error;
    }
  }
}

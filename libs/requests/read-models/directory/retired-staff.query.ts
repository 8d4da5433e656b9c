import { Engine } from '../../../platform/engine/engine';
import { tableOf } from '../../../eventing/projections/projection';
import { Directory } from '../../../teams/directory.adapter';
import { staffProjection } from './staff.projection';

/**
 * Who works here no more, as this process knows it: asked before everything that anybody does.
 *
 * Guarantee: at once where one server writes, else within a second of the read models. Asking costs no look at a store: what is
 * remembered is asked first, and then a list that is read again in the background. A store that does not answer keeps nobody out.
 */
const agesMilliseconds = 1_000;
const retiredMax = 100_000;

export class RetiredStaff {
  private ids: ReadonlySet<string> = new Set();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
  ) {}

  async has(staff: string): Promise<boolean> {
    const remembered = this.directory.remembered(staff);
    if (remembered !== undefined) return remembered === 'retired';
    if (performance.now() - this.readAt >= agesMilliseconds) {
      const isFirst = this.readAt === -Infinity;
      this.reading ??= this.read().finally(() => (this.reading = undefined));
      if (isFirst) await this.reading;
    }
    return this.ids.has(staff);
  }

  private async read(): Promise<void> {
    try {
      const { rows } = await this.engine.pool.query<{ key: string }>({
        name: 'retired-staff',
        text: `select key from ${tableOf(staffProjection)} where retired_at is not null order by retired_at desc, key limit ${retiredMax}`,
      });
      this.ids = new Set(rows.map(({ key }) => key));
    } catch {
      // Whoever was known to be retired still is, until the next look.
    } finally {
      this.readAt = performance.now();
    }
  }
}

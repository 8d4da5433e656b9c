import { Injectable } from '@nestjs/common';
import { BoundedMap } from '../../../eventing/bounded-map';
import { Engine } from '../../../platform/engine/engine';

/**
 * How many cases a queue has.
 *
 * Guarantee: the exact number at some position of the read models: at the reader's own, or at one not older than two seconds and
 * not older than what the reader waited for with `?after=`. Counting takes about 10 ms for 50,000 cases and 200 ms for a million,
 * a page about 2 ms whatever there is. So a count is kept and, while commands come in without end, repeated beside the pages.
 */
const totalsKept = 1_000;
const ageMillisecondsMax = 2_000;
// Counting again after this many times its cost keeps it to a twentieth of the time; very large queues take more.
const restPerCost = 20;
const restMillisecondsMax = 1_000;

interface Count {
  readonly total: number;
  readonly position: string;
  readonly countedAt: number;
  readonly costMilliseconds: number;
}

export interface CountStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Counting {
  readonly position: string;
  readonly count: Promise<Count>;
}

const isAsNewAs = ({ position }: { readonly position: string }, after: bigint | undefined): boolean =>
  after === undefined || BigInt(position) >= after;

@Injectable()
export class QueueTotal {
  private readonly known = new BoundedMap<string, Count>(totalsKept);
  private readonly running = new Map<string, Counting>();

  constructor(private readonly engine: Engine) {}

  /** @param position of the read models, read just now @param after what the reader insisted on */
  async of(statement: CountStatement, position: string, after: bigint | undefined): Promise<number> {
    const key = JSON.stringify([statement.name, statement.values]);
    const known = this.known.get(key);
    if (known?.position === position) return known.total;
    const age = known ? performance.now() - known.countedAt : Infinity;
    if (!known || age > ageMillisecondsMax || !isAsNewAs(known, after))
      return (await this.count(key, statement, position, after)).total;
    // A failure shows in the next page that has to wait for a count.
    if (age > Math.min(known.costMilliseconds * restPerCost, restMillisecondsMax))
      this.count(key, statement, position, after).catch(() => undefined);
    return known.total;
  }

  /** One count serves all who ask for the same meanwhile. */
  private count(key: string, statement: CountStatement, position: string, after: bigint | undefined): Promise<Count> {
    const running = this.running.get(key);
    if (running && isAsNewAs(running, after)) return running.count;
    const count = this.countNow(key, statement, position).finally(() => {
      if (this.running.get(key)?.count === count) this.running.delete(key);
    });
    this.running.set(key, { position, count });
    return count;
  }

  private async countNow(key: string, { name, text, values }: CountStatement, position: string): Promise<Count> {
    const begun = performance.now();
    const { rows } = await this.engine.pool.query<{ total: string }>({ name, text, values: [...values] });
    const countedAt = performance.now();
    const count = { total: Number(rows[0]?.total ?? 0), position, countedAt, costMilliseconds: countedAt - begun };
    this.known.set(key, count);
    return count;
  }
}

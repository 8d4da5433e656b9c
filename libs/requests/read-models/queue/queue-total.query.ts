import { Injectable } from '@nestjs/common';
import { BoundedMap } from '../../../eventing/bounded-map';
import { Engine } from '../../../platform/engine/engine';

/**
 * How many cases a queue has.
 *
 * Guarantee: the exact number at some position of the read models: at the reader's own, or at one not older than a second and not
 * older than what the reader waited for with `?after=`. Counting 1,000,000 open cases takes about a tenth of a second, so a count
 * is kept and, while commands come in without end, repeated beside the pages and so seldom that it takes a twentieth of the time.
 */
const totalsKept = 1_000;
const ageMillisecondsMax = 1_000;
const restPerCost = 20;

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
    if (age > known.costMilliseconds * restPerCost) this.count(key, statement, position, after).catch(() => undefined);
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

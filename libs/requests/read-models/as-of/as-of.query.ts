import { Injectable } from '@nestjs/common';
import { streamOf } from '../../../eventing/event';
import { NotFound } from '../../../eventing/failures';
import { Cut, foldAsOf, Meaning } from '../../../eventing/projections/as-of';
import { decode, Decoded } from '../../../eventing/projections/decoding';
import { Projection } from '../../../eventing/projections/projection';
import { readProgress, readStreams } from '../../../eventing/projections/projection-store.adapter';
import { RecordedTime } from '../../../eventing/projections/recorded-time.query';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { RequestEvent } from '../../events';
import { CaseRow } from '../case-row.query';

/** A point in the past as callers name it: a sequence, or an instant in RFC 3339, UTC, milliseconds. */
export type Point = { readonly sequence: number } | { readonly instant: string };

/** The point with what it stands for on the other axis: what is asked, and what time it was then. */
export interface AsOf {
  readonly cut: Cut;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What lies ahead has no answer that stays. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

const longAgo = 0;

/** Cases as of the past, each folded from the mirror's events. */
@Injectable()
export class AsOfQuery {
  private readonly time: RecordedTime;

  constructor(private readonly engine: Engine) {
    this.time = new RecordedTime(engine.pool);
  }

  /** @throws NotYet */
  async resolve(point: Point, meaning: Meaning, now: Date): Promise<AsOf> {
    if ('sequence' in point) {
      const { sequence: reached } = await readProgress(this.engine.pool);
      if (point.sequence > reached) throw new NotYet(`the newest event that can be read has sequence ${reached}`);
      const instant = Date.parse((await this.time.instantAt(point.sequence)) ?? '') || longAgo;
      return { cut: meaning === 'true' ? { meaning, instant } : { meaning, ...point }, now: instant };
    }
    const instant = Date.parse(point.instant);
    if (instant > now.getTime()) throw new NotYet('this instant is still to come');
    if (meaning === 'true') return { cut: { meaning, instant }, now: instant };
    return { cut: { meaning, sequence: await this.time.sequenceAt(point.instant) }, now: instant };
  }

  /** The row of one case as it was. @throws NotFound for what was not there or may not be seen */
  async find<Row extends object & { readonly customer: string }>(
    { customer }: Scope,
    projection: Projection<Row, RequestEvent>,
    number: string,
    cut: Cut,
  ): Promise<CaseRow<Row>> {
    const stream = streamOf(projection.category, number);
    const decoded = decode(this.engine.types, await readStreams(this.engine.pool, [stream]));
    const found = rowAsOf(projection, number, decoded, cut);
    if (!found || (customer !== undefined && found.row.customer !== customer)) throw new NotFound();
    return found;
  }
}

/** @returns undefined where there was no row */
export const rowAsOf = <Row extends object>(
  projection: Projection<Row, RequestEvent>,
  key: string,
  decoded: Decoded,
  cut: Cut,
): CaseRow<Row> | undefined => {
  const { row } = foldAsOf(projection, key, decoded, cut);
  // Rows that a projection has folded are of its own type.
  return row?.row ? { revision: row.revision, row: row.row as Row } : undefined;
};

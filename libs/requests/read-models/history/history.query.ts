import { Injectable } from '@nestjs/common';
import { Recorded, streamOf } from '../../../eventing/event';
import { isUnreadable } from '../../../eventing/event-types';
import { NotFound } from '../../../eventing/failures';
import { Cut } from '../../../eventing/projections/as-of';
import { LoggedEvent } from '../../../eventing/projections/mirror';
import { loggedEvent } from '../../../eventing/projections/projection-store.adapter';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { requestCategory, RequestEvent } from '../../events';
import { withoutReason } from './disclosure.adapter';
import { RelationsQuery } from '../relations/relations.query';
import { Replacements, replacementsIn } from './replacements';
import { typesForCustomers } from './visible-history';

/**
 * Every event of a case, from the log's mirror: what stands there is what was recorded, corrected or not.
 *
 * A correction says what it replaced, and an event that was put right names its corrections; neither changes the other.
 */
const correctionsMax = 2_000;

export interface HistoryEvent {
  readonly event: Recorded<RequestEvent>;
  readonly sequence: number;
  /** Of a correction: the values that held until then. */
  readonly replaced: object | undefined;
  readonly correctedBy: readonly number[];
}

export interface HistoryPage {
  readonly customer: string;
  /** Of the newest event, whether or not it is in this page. */
  readonly revision: number;
  readonly events: readonly Opened<HistoryEvent>[];
  /** The next page begins after this revision, or sequence. */
  readonly next: number | undefined;
}

export interface PageWanted {
  /** Revision that the page begins behind, -1 for the first; with `merged`, the sequence. */
  readonly after: number;
  readonly eventsMax: number;
  /** Nothing that was recorded later. */
  readonly cut: Cut | undefined;
  /** With the events of the cases that it stands for, all in the log's order. */
  readonly merged: boolean;
}

const noReplacements: Replacements = { replaced: new Map(), correctedBy: new Map() };

type LogRow = Parameters<typeof loggedEvent>[0];

const columns = 'e.sequence, e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata';

// Whoever can append to the store can write anything there; a cast of it would fail the whole page.
const corrected = (alias: string): string =>
  `case when jsonb_typeof(${alias}.data -> 'corrects') = 'number' then (${alias}.data ->> 'corrects')::numeric end`;

const headSql = `
  select e.data ->> 'customer' as customer,
    (select l.revision from event_log l where l.stream = $1 and l.sequence <= $2 order by l.revision desc limit 1) as revision
  from event_log e where e.stream = $1 and e.revision = 0 and e.sequence <= $2 order by e.revision limit 1`;

// Without types all are seen. A correction is seen where the corrected event is.
const pageSql = `
  select ${columns} from event_log e
  where e.stream = $1 and e.revision > $2 and e.sequence <= $5 and ($3::text[] is null or e.type = any($3) and (e.type <> 'RequestCorrected' or exists (
    select 1 from event_log c where c.stream = $1 and c.revision = ${corrected('e')} and c.type = any($3))))
  order by e.revision limit $4`;

const mergedPageSql = `
  select ${columns} from event_log e
  where e.stream = any($1) and e.sequence > $2 and e.sequence <= $5 and ($3::text[] is null or e.type = any($3) and (e.type <> 'RequestCorrected' or exists (
    select 1 from event_log c where c.stream = e.stream and c.revision = ${corrected('e')} and c.type = any($3))))
  order by e.sequence limit $4`;

const correctionsSql = `
  select ${columns} from event_log e
  where e.stream = any($1) and e.sequence <= $3 and (e.type = 'RequestCorrected' or (e.stream, e.revision) in (
    select c.stream, ${corrected('c')} from event_log c where c.stream = any($1) and c.type = 'RequestCorrected'))
  order by e.sequence limit $2`;

const ofCustomerSql = `
  select stream from event_log
  where stream = any($1) and revision = 0 and ($2::text is null or data ->> 'customer' = $2) order by sequence limit $3`;

@Injectable()
export class HistoryQuery {
  constructor(
    private readonly engine: Engine,
    private readonly relations: RelationsQuery,
  ) {}

  /**
   * @param number exact
   * @throws NotFound for what is not there or may not be seen
   */
  async page(scope: Scope, number: string, { after, eventsMax, cut, merged }: PageWanted): Promise<HistoryPage> {
    const upTo = cut?.meaning === 'recorded' ? cut.sequence : Number.MAX_SAFE_INTEGER;
    const stream = streamOf(requestCategory, number);
    const streams = merged ? [stream, ...(await this.absorbed(scope, number, cut))] : [stream];
    const types = scope.internal ? null : typesForCustomers;
    const [head, page, corrections] = await Promise.all([
      this.head(stream, upTo),
      merged
        ? this.logged('history-merged-page', mergedPageSql, [streams, after, types, eventsMax + 1, upTo])
        : this.logged('history-page', pageSql, [stream, after, types, eventsMax + 1, upTo]),
      this.logged('history-corrections', correctionsSql, [streams, correctionsMax, upTo]),
    ]);
    if (!head || (scope.customer !== undefined && head.customer !== scope.customer)) throw new NotFound();
    const replacements = this.replacements(streams, corrections);
    const shown = page.slice(0, eventsMax).map((logged): HistoryEvent => {
      const event = this.decoded(logged);
      const { revision } = event;
      const { replaced, correctedBy } = replacements.get(event.stream) ?? noReplacements;
      return {
        event: scope.internal ? event : withoutReason(event, head.customer),
        sequence: logged.sequence,
        replaced: replaced.get(revision),
        correctedBy: correctedBy.get(revision) ?? [],
      };
    });
    const last = page.length > eventsMax ? shown.at(-1) : undefined;
    return {
      ...head,
      events: await this.engine.unsealer.open(shown, scope.personal),
      next: merged ? last?.sequence : last?.event.revision,
    };
  }

  /** Streams of the cases that it stands for; a customer reads those of their own. */
  private async absorbed(scope: Scope, number: string, cut: Cut | undefined): Promise<readonly string[]> {
    const members = await this.relations.absorbed(scope, number, cut);
    const streams = members.map((each) => streamOf(requestCategory, each));
    const { rows } = await this.engine.pool.query<{ stream: string }>({
      name: 'history-absorbed',
      text: ofCustomerSql,
      values: [streams, scope.customer, streams.length],
    });
    return rows.map(({ stream }) => stream);
  }

  private replacements(
    streams: readonly string[],
    corrections: readonly LoggedEvent[],
  ): ReadonlyMap<string, Replacements> {
    const of = (stream: string): Replacements =>
      replacementsIn(corrections.filter((each) => each.stream === stream).flatMap((each) => this.readable(each)));
    return new Map(streams.map((stream) => [stream, of(stream)]));
  }

  private async head(stream: string, upTo: number): Promise<Pick<HistoryPage, 'customer' | 'revision'> | undefined> {
    const { rows } = await this.engine.pool.query<Pick<HistoryPage, 'customer' | 'revision'>>({
      name: 'history-head',
      text: headSql,
      values: [stream, upTo],
    });
    return rows[0];
  }

  private async logged(name: string, text: string, values: unknown[]): Promise<readonly LoggedEvent[]> {
    const { rows } = await this.engine.pool.query<LogRow>({ name, text, values });
    return rows.map(loggedEvent);
  }

  /** What an unreadable correction corrects nobody knows. */
  private readable(logged: LoggedEvent): readonly Recorded<RequestEvent>[] {
    try {
      return [this.engine.types.decode<RequestEvent>(logged)];
    } catch (error) {
      if (isUnreadable(error)) return [];
      throw error;
    }
  }

  private decoded(logged: LoggedEvent): Recorded<RequestEvent> {
    return this.engine.types.shown<RequestEvent>(logged);
  }
}

import { Injectable } from '@nestjs/common';
import { Recorded } from '../../../eventing/event';
import { NotFound } from '../../../eventing/failures';
import { LoggedEvent } from '../../../eventing/projections/mirror';
import { loggedEvent } from '../../../eventing/projections/projection-store.adapter';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';

export interface FeedEvent {
  readonly sequence: number;
  readonly position: bigint;
  readonly event: Opened<Recorded>;
}

/** A part of the log. */
export interface FeedRange {
  /** Exclusive. */
  readonly after: bigint;
  /** Inclusive. */
  readonly until: bigint;
  readonly types: readonly string[] | undefined;
}

type LogRow = Parameters<typeof loggedEvent>[0];

const pageSql = `
  select e.sequence, e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata from event_log e
  where e.position > $1 and e.position <= $2 and ($4::text[] is null or e.type = any($4)) order by e.position limit $3`;

const stateSql = `
  select p.position, p.sequence, coalesce((select generation from event_log order by sequence desc limit 1), 1) as generation,
    (select count(*) from projection_quarantine q join projection_version v
      on v.name = q.projection and v.version = q.version and v.followed) as quarantined
  from projection_progress p where p.name = 'main' order by p.name limit 1`;

/** How far the feed goes, and whether the read models beside it lack something. */
export interface FeedState {
  readonly position: bigint;
  readonly sequence: string;
  readonly generation: number;
  readonly quarantined: string;
}

/** All events in the order of the log, page by page. */
@Injectable()
export class EventsQuery {
  constructor(private readonly engine: Engine) {}

  async state(): Promise<FeedState> {
    const { rows } = await this.engine.pool.query<Omit<FeedState, 'position'> & { position: string }>({
      name: 'events-state',
      text: stateSql,
    });
    if (!rows[0]) throw new Error('the projections have no progress row');
    return { ...rows[0], position: BigInt(rows[0].position) };
  }

  /** Events after one position and up to another, of some types when asked so. @throws NotFound for one who may see their own cases only */
  async page(scope: Scope, { after, until, types }: FeedRange, eventsMax: number): Promise<readonly FeedEvent[]> {
    if (scope.customer !== undefined) throw new NotFound();
    const { rows } = await this.engine.pool.query<LogRow>({
      name: 'events-page',
      text: pageSql,
      values: [after, until, eventsMax, types],
    });
    const logged = rows.map(loggedEvent);
    const events = logged.map((each: LoggedEvent) => this.engine.types.shown(each));
    const opened = await this.engine.unsealer.open(events, scope.personal);
    return logged.flatMap(({ sequence, position }, index) => {
      const event = opened[index];
      return event ? [{ sequence, position, event }] : [];
    });
  }
}

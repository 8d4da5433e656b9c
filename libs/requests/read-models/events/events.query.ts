import { Injectable } from '@nestjs/common';
import { Recorded } from '../../../eventing/event';
import { NotFound } from '../../../eventing/failures';
import { LoggedEvent } from '../../../eventing/projections/mirror';
import { loggedEvent } from '../../../eventing/projections/projection-store.adapter';
import { Opened } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { Scope } from '../../permissions';

export interface FeedEvent {
  readonly sequence: number;
  readonly position: bigint;
  readonly event: Opened<Recorded>;
}

type LogRow = Parameters<typeof loggedEvent>[0];

const pageSql = `
  select e.sequence, e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata from event_log e
  where e.position > $1 and e.position <= $2 order by e.position limit $3`;

/** All events in the order of the log, page by page. */
@Injectable()
export class EventsQuery {
  constructor(private readonly engine: Engine) {}

  /** Events after one position and up to another. @throws NotFound for one who may see their own cases only */
  async page(scope: Scope, after: bigint, until: bigint, eventsMax: number): Promise<readonly FeedEvent[]> {
    if (scope.customer !== undefined) throw new NotFound();
    const { rows } = await this.engine.pool.query<LogRow>({
      name: 'events-page',
      text: pageSql,
      values: [after, until, eventsMax],
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

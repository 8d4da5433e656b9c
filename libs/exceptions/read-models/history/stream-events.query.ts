import { Injectable } from '@nestjs/common';
import { Recorded } from '../../../eventing/event';
import { loggedEvent } from '../../../eventing/projections/projection-store.adapter';
import { Opened } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';

/** Events of one stream, from the log's mirror: what stands there is what was recorded. */
export interface LoggedPage {
  readonly events: readonly { readonly sequence: number; readonly event: Opened<Recorded> }[];
  readonly total: number;
  /** The next page begins after this revision. */
  readonly next: number | undefined;
}

@Injectable()
export class StreamEvents {
  constructor(private readonly engine: Engine) {}

  /** @param after revision that the page begins behind, -1 for the first */
  async page(stream: string, after: number, eventsMax: number, mayRead: boolean): Promise<LoggedPage> {
    const { pool, types, unsealer } = this.engine;
    const [{ rows }, count] = await Promise.all([
      pool.query<Parameters<typeof loggedEvent>[0]>({
        name: 'stream-events',
        text: `
          select sequence, position, stream, revision, id, type, data, metadata from event_log
          where stream = $1 and revision > $2 order by revision limit $3`,
        values: [stream, after, eventsMax + 1],
      }),
      pool.query<{ total: string }>({
        name: 'stream-events-total',
        text: 'select count(*) as total from event_log where stream = $1',
        values: [stream],
      }),
    ]);
    const shown = rows.slice(0, eventsMax).map(loggedEvent);
    const events = await unsealer.open(
      shown.map((logged) => ({ sequence: logged.sequence, event: types.shown(logged) })),
      mayRead,
    );
    const next = rows.length > eventsMax ? shown.at(-1)?.revision : undefined;
    return { events, total: Number(count.rows[0]?.total ?? 0), next };
  }
}

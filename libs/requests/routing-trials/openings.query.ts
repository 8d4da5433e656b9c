import { streamOf } from '../../eventing/event';
import { Queryable } from '../../eventing/projections/projection-store.adapter';
import { customerCategory } from '../../customers/events';
import { Opening } from './trial';

/** Openings that the log's mirror holds, a page at a time. */
export interface OpeningsPage {
  readonly openings: readonly Opening[];
  /** Sequence behind which the next page begins; undefined at the end. */
  readonly next: number | undefined;
}

const pageEvents = 20_000;

/**
 * Openings among the next events of the mirror. What a case said later counts only as its first team.
 * @param from inclusive @param to exclusive, both RFC 3339
 */
export const readOpenings = async (db: Queryable, after: number, from: string, to: string): Promise<OpeningsPage> => {
  const { rows } = await db.query<Opening & { readonly sequence: string }>(
    `with page as (
       select sequence, stream, type, data, metadata from event_log where sequence > $1 and sequence <= $2)
     select o.sequence, substr(o.stream, ${'request-'.length + 1}) as number, o.data->>'type' as type,
       o.data->>'category' as category, o.data->>'product' as product, o.data->>'priority' as priority,
       o.data->>'impact' as impact, o.data->>'team' as named,
       (select f.data->'fields'->'language'->>'choice' from event_log f
         where f.stream = o.stream and f.type = 'RequestFieldsFilled' and f.revision = 1 limit 1) as language,
       (select a.data->>'team' from event_log a
         where a.stream = o.stream and a.type = 'RequestAssigned' order by a.revision limit 1) as given,
       (select s.data->>'segment' from event_log s
         where s.stream = $5 || (o.data->>'customer') and s.type = 'CustomerSegmented' and s.sequence < o.sequence
         order by s.revision desc limit 1) as segment
     from page o where o.type = 'RequestOpened'
       and o.metadata->>'occurredAt' >= $3 and o.metadata->>'occurredAt' < $4
     order by o.sequence limit ${pageEvents}`,
    [after, after + pageEvents, from, to, streamOf(customerCategory, '')],
  );
  const { rows: later } = await db.query<{ isThere: boolean }>(
    `select exists (select from event_log where sequence > $1) as "isThere"`,
    [after + pageEvents],
  );
  return {
    openings: rows.map(({ sequence: _sequence, ...opening }) => opening),
    next: later[0]?.isThere ? after + pageEvents : undefined,
  };
};

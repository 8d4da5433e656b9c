import { tableOf } from '../../../eventing/projections/projection';
import { queueProjection } from '../../../requests/read-models/queue/queue.projection';
import { requestProjection } from '../../../requests/read-models/request/request.projection';
import { instantSql, memberIds } from '../members.query';
import { OverviewPart } from './overview-part';

/** Requests of a customer, what is promised for them, and when they were last spoken to. */
const itemsMax = 20;
const contactsMax = 10;

const [request, queue] = [tableOf(requestProjection), tableOf(queueProjection)];

// Only what counts and orders: the rows themselves are read for those alone that are shown.
const own = `
  select r.key, r.sequence, r.customer, q.status, q.priority, q.due_at, q.due_metric
  from ${request} r join ${queue} q on q.key = r.key where r.customer = any(${memberIds})`;

const latest = `
  select o.key, o.sequence, o.customer, o.status, o.priority, o.due_at, r.row
  from own o join ${request} r on r.key = o.key order by o.sequence desc, o.key limit ${itemsMax}`;

export const requestsPart: OverviewPart<'requests'> = {
  name: 'requests',
  tables: { own, latest },
  sql: `json_build_object(
    'total', (select count(*) from own),
    'open', (select count(*) from own where status in ('open', 'held')),
    'items', coalesce((select json_agg(json_build_object(
      'number', l.key, 'customer', l.customer, 'status', l.status, 'priority', l.priority, 'type', l.row -> 'type',
      'subject', l.row -> 'subject', 'openedAt', l.row -> 'openedAt', 'updatedAt', l.row -> 'updatedAt',
      'dueAt', ${instantSql(`nullif(l.due_at, 'infinity')`)}) order by l.sequence desc, l.key) from latest l), '[]'::json))`,
};

export const promisesPart: OverviewPart<'promises'> = {
  name: 'promises',
  tables: { promised: `select key, due_at, due_metric from own where due_at < 'infinity'` },
  sql: `json_build_object(
    'total', (select count(*) from promised),
    'items', coalesce((select json_agg(json_build_object(
      'number', p.key, 'metric', p.due_metric, 'dueAt', ${instantSql('p.due_at')}) order by p.due_at, p.key)
      from (select key, due_at, due_metric from promised order by due_at, key limit ${itemsMax}) p), '[]'::json))`,
};

// Who has spoken last in each of the latest requests.
const contacts = `
  select l.key, e.revision, e.data ->> 'by' as by, e.data -> 'exchange' ->> 'channel' as channel,
    e.metadata ->> 'occurredAt' as at
  from latest l cross join lateral (
    select e.revision, e.data, e.metadata from event_log e
    where e.stream = 'request-' || l.key and e.type = 'RequestResponded' order by e.revision desc limit 1) e`;

export const contactsPart: OverviewPart<'contacts'> = {
  name: 'contacts',
  tables: { contacts },
  sql: `json_build_object(
    'total', (select count(*) from contacts),
    'items', coalesce((select json_agg(json_build_object(
      'number', c.key, 'revision', c.revision::text, 'by', c.by, 'channel', c.channel, 'at', c.at) order by c.at desc, c.key)
      from (select key, revision, by, channel, at from contacts order by at desc, key limit ${contactsMax}) c), '[]'::json))`,
};

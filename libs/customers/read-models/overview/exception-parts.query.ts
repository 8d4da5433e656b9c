import { tableOf } from '../../../eventing/projections/projection';
import { exceptionProjection } from '../../../exceptions/read-models/exception/exception.projection';
import { conversationProjection } from '../../../requests/read-models/conversation/conversation.projection';
import { memberIds } from '../members.query';
import { OverviewPart } from './overview-part';

/** Exceptions that were asked for on behalf of a customer, and what the customer thought of what was done. */
const itemsMax = 20;
const ended = `('rejected', 'unneeded', 'withdrawn', 'closed')`;
const [exception, conversation] = [tableOf(exceptionProjection), tableOf(conversationProjection)];

export const exceptionsPart: OverviewPart<'exceptions'> = {
  name: 'exceptions',
  tables: {
    excepted: `select e.key, e.status, e.kind, e.opened_at from ${exception} e where e.customer = any(${memberIds})`,
  },
  sql: `json_build_object(
    'total', (select count(*) from excepted),
    'open', (select count(*) from excepted where status not in ${ended}),
    'items', coalesce((select json_agg(json_build_object(
      'number', x.key, 'status', x.status, 'kind', x.kind, 'what', e.row -> 'what', 'openedAt', e.row -> 'openedAt',
      'dueAt', e.row -> 'state' -> 'dueAt') order by x.opened_at desc, x.key)
      from (select key, status, kind, opened_at from excepted order by opened_at desc, key limit ${itemsMax}) x
      join ${exception} e on e.key = x.key), '[]'::json))`,
};

// What staff write down about themselves is not for the customer.
const feedback = (table: string): string => `
  select t.key, f.value as given from ${table} t cross join lateral jsonb_array_elements(t.row -> 'feedback') f
  where t.customer = any(${memberIds}) and (not $2::boolean or coalesce(f.value ->> 'from', 'customer') = 'customer')`;

export const feedbackPart: OverviewPart<'feedback'> = {
  name: 'feedback',
  tables: { feedback: `${feedback(conversation)} union all ${feedback(exception)}` },
  sql: `json_build_object(
    'total', (select count(*) from feedback),
    'items', coalesce((select json_agg(json_build_object(
      'number', f.key, 'from', coalesce(f.given ->> 'from', 'customer'), 'rating', f.given -> 'rating', 'text', f.given -> 'text',
      'at', f.given -> 'at') order by f.given ->> 'at' desc, f.key)
      from (select key, given from feedback order by given ->> 'at' desc, key limit ${itemsMax}) f), '[]'::json))`,
};

import { bulkProjection } from '../../bulk/read-models/bulk/bulk.projection';
import { tableOf } from '../../eventing/projections/projection';
import { staffProjection } from '../read-models/directory/staff.projection';
import { instant, ReportingView, text, whole } from './view-columns';

const [bulk, staff] = [tableOf(bulkProjection), tableOf(staffProjection)];
const counted = (outcome: string): string => `(b.row -> 'counts' ->> '${outcome}')::integer`;
const requests = `jsonb_array_length(b.row -> 'numbers')`;

export const bulkRuns: ReportingView = {
  name: 'bulk_runs',
  meaning: 'One row a bulk job: the same order for many requests.',
  of: [bulk, staff],
  from: `${bulk} b left join ${staff} s on s.key = b.started_by`,
  key: ['id'],
  restsOn: [bulkProjection],
  columns: [
    text('id', 'b.key', 'Of the job.'),
    text('status', 'b.status', 'running, completed or cancelled.'),
    text('verb', `b.row ->> 'verb'`, 'What was ordered.'),
    text('started_by_id', 'b.started_by', 'Id of who ordered it.'),
    text('started_by', 's.handle', 'Handle of that member of staff.'),
    whole('requests', requests, 'How many it was for.'),
    whole('done', counted('done'), 'How many of them it changed.'),
    whole('nothing', counted('nothing'), 'How many were so already.'),
    whole('refused', counted('refused'), 'How many refused it.'),
    whole(
      'pending',
      `${requests} - jsonb_array_length(b.row -> 'items')`,
      'How many are still to come; of a cancelled job, left alone.',
    ),
    instant('started_at', `b.row ->> 'startedAt'`, 'When it was ordered.'),
    instant('ended_at', `b.row ->> 'endedAt'`, 'When it was completed or cancelled.'),
  ],
};

export const bulkItems: ReportingView = {
  name: 'bulk_items',
  meaning: 'One row a request that a bulk job has dealt with.',
  of: [bulk],
  from: `${bulk} b cross join lateral jsonb_array_elements(b.row -> 'items') with ordinality as i (item, place)`,
  key: ['bulk_id', 'place'],
  restsOn: [bulkProjection],
  columns: [
    text('bulk_id', 'b.key', 'Of the job.'),
    whole('place', 'i.place::integer', 'In which order it was dealt with; from 1.'),
    text('number', `item ->> 'number'`, 'Service request number.'),
    text('outcome', `item ->> 'outcome'`, 'done, nothing or refused.'),
    text('code', `item ->> 'code'`, 'Why it was refused.'),
    whole('revision', `(item ->> 'revision')::integer`, 'Of the request afterwards.'),
  ],
};

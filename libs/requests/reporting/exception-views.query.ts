import { customerProjection } from '../../customers/read-models/record/customer.projection';
import { tableOf } from '../../eventing/projections/projection';
import { exceptionProjection } from '../../exceptions/read-models/exception/exception.projection';
import { staffProjection } from '../read-models/directory/staff.projection';
import { column, instant, ReportingView, text, unlessRestricted, whole } from './view-columns';

const [exception, staff, customer] = [exceptionProjection, staffProjection, customerProjection].map(tableOf) as [
  ...[string, string, string],
];

export const exceptions: ReportingView = {
  name: 'exceptions',
  meaning: 'One row an exception, as it stands.',
  of: [exception, staff, customer],
  from: `${exception} e left join ${staff} s on s.key = e.owner`,
  key: ['number'],
  restsOn: [exceptionProjection, customerProjection],
  columns: [
    text('number', 'e.key', 'Exception number.'),
    whole('revision', 'e.revision', 'Of its newest event; 0 is the opening.'),
    text('status', 'e.status', 'Such as opened, assessed, approved, expired or closed.'),
    text(
      'customer_id',
      unlessRestricted('e.customer'),
      'Id of the customer; null while their processing is restricted.',
    ),
    column('requests', 'jsonb', `e.row -> 'state' -> 'requests'`, 'Numbers of the requests that it is about.'),
    text('kind', 'e.kind', 'What kind of deviation.'),
    text('category', 'e.category', 'Word of the catalogue, or null.'),
    text('product', 'e.product', 'Word of the catalogue, or null.'),
    text('cause', 'e.cause', 'Code of what caused it, once it is known.'),
    text('severity', `e.row -> 'state' -> 'assessment' ->> 'severity'`, 'As it was assessed; null before.'),
    text('impact', `e.row -> 'state' -> 'assessment' ->> 'impact'`, 'As it was assessed; null before.'),
    text('class', 'e.class', 'What the matrix made of both.'),
    text('owner_id', 'e.owner', 'Id of whose matter it is.'),
    text('owner', 's.handle', 'Handle of that member of staff.'),
    text('opened_by_id', `e.row ->> 'openedBy'`, 'Id of who opened it.'),
    whole('actions', `jsonb_array_length(e.row -> 'state' -> 'actions')`, 'Corrective actions that were planned.'),
    whole(
      'actions_verified',
      `(select count(*) from jsonb_array_elements(e.row -> 'state' -> 'actions') a where a ->> 'status' = 'verified')::integer`,
      'Those that somebody else has found to work.',
    ),
    whole('notices', `(e.row -> 'state' ->> 'notices')::integer`, 'How often the customer was told something.'),
    instant('opened_at', `e.row ->> 'openedAt'`, 'When it was opened.'),
    instant('due_at', `e.row -> 'state' ->> 'dueAt'`, 'When it is to be done with, or null.'),
    instant('approved_at', `e.row ->> 'approvedAt'`, 'When it was last approved.'),
    instant(
      'valid_until',
      `e.row -> 'state' ->> 'validUntil'`,
      'Until when what was approved last holds; null: without end, or not at all.',
    ),
    instant('ended_at', `e.row ->> 'endedAt'`, 'When it was closed, withdrawn or found to be unneeded.'),
    instant('updated_at', `e.row ->> 'updatedAt'`, 'Of its newest event.'),
  ],
};

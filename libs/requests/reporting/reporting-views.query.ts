import { tableOf } from '../../eventing/projections/projection';
import { accountabilityProjection } from '../read-models/accountability/accountability.projection';
import { customerProjection, restrictedCustomers } from '../../customers/read-models/record/customer.projection';
import { staffProjection } from '../read-models/directory/staff.projection';
import { teamProjection } from '../read-models/directory/team.projection';
import { queueProjection } from '../read-models/queue/queue.projection';
import { requestProjection } from '../read-models/request/request.projection';
import { serviceLevelsProjection } from '../read-models/service-levels/service-levels.projection';
import { bulkItems, bulkRuns } from './bulk-views.query';
import { exceptions } from './exception-views.query';
import { names } from './name-views.query';
import { big, column, epoch, instant, ReportingView, text, unlessRestricted, whole, yes } from './view-columns';

const [request, queue, levels, accountability, staff, team, customer] = [
  ...[requestProjection, queueProjection, serviceLevelsProjection, accountabilityProjection],
  ...[staffProjection, teamProjection, customerProjection],
].map(tableOf) as [string, string, string, string, string, string, string];

const requests: ReportingView = {
  name: 'requests',
  meaning: 'One row a request, as it stands.',
  of: [request, queue, staff, team, customer],
  from: `${request} r left join ${queue} q on q.key = r.key left join ${team} t on t.key = r.team left join ${staff} s on s.key = r.assignee`,
  key: ['number'],
  restsOn: [requestProjection, queueProjection, customerProjection],
  columns: [
    text('number', 'r.key', 'Service request number.'),
    whole('revision', 'r.revision', 'Of its newest event; 0 is the opening.'),
    big('sequence', 'r.sequence', 'Place of that event among all events.'),
    text('status', `r.row ->> 'status'`, 'open, held, resolved, closed or cancelled.'),
    text('type', `r.row ->> 'type'`, 'Kind of request, such as incident.'),
    text('category', `r.row ->> 'category'`, 'Word of the catalogue, or null.'),
    text('product', `r.row ->> 'product'`, 'Word of the catalogue, or null.'),
    text('impact', `r.row ->> 'impact'`, 'low, medium or high.'),
    text('urgency', `r.row ->> 'urgency'`, 'low, medium or high.'),
    text('priority', `r.row ->> 'priority'`, 'P1 to P5, from impact and urgency.'),
    text('level', `r.row ->> 'level'`, 'Support level, L1 to L9.'),
    text(
      'customer_id',
      unlessRestricted('r.customer'),
      'Id of the customer; null while their processing is restricted.',
    ),
    text('team_id', 'r.team', 'Id of the team that has it, or null.'),
    text('team', 't.handle', 'Handle of that team.'),
    text('assignee_id', 'r.assignee', 'Id of the member of staff who has it, or null.'),
    text('assignee', 's.handle', 'Handle of that member of staff.'),
    text('waiting_for', `r.row -> 'hold' ->> 'waitingFor'`, 'customer, supplier or internal while it is held.'),
    instant('held_since', `r.row -> 'hold' ->> 'since'`, 'Since when it is held.'),
    instant('opened_at', `r.row ->> 'openedAt'`, 'When it was opened.'),
    instant('resolved_at', `r.row ->> 'resolvedAt'`, 'When it was last resolved; null again after a reopening.'),
    text('resolution_code', `r.row -> 'resolution' ->> 'code'`, 'How it was resolved.'),
    instant('closed_at', `r.row ->> 'closedAt'`, 'When it was closed or cancelled.'),
    instant('updated_at', `r.row ->> 'updatedAt'`, 'Latest instant of all its events.'),
    column('due_at', 'timestamptz', `nullif(q.due_at, 'infinity')`, 'When the next of its running clocks is due.'),
    text('due_metric', 'q.due_metric', 'What is due then.'),
    whole('responses', `(r.row ->> 'responses')::integer`, 'Answers, of staff and customer together.'),
    whole('notes', `(r.row ->> 'notes')::integer`, 'Notes among the staff.'),
    whole('reopenings', `(r.row ->> 'reopenings')::integer`, 'How often it was reopened.'),
    text('merged_into', 'r.merged_into', 'Number of the request that it was merged into, or null.'),
    text('parent', `r.row ->> 'parent'`, 'Number of its parent, or null.'),
    yes('is_imported', `(r.row ->> 'isImported')::boolean`, 'Whether its opening came from an imported log.'),
    yes('is_incomplete', `(r.row ->> 'isIncomplete')::boolean`, 'Whether the source had no opening of it.'),
  ],
};

const clocks: ReportingView = {
  name: 'clocks',
  meaning:
    'One row a clock of a request: what was promised for it. A running clock is in breach from breaches_at on; nothing else changes with time alone.',
  of: [levels],
  from: `${levels} l cross join lateral jsonb_array_elements(l.judged::jsonb) with ordinality as c (clock, place)`,
  key: ['number', 'place'],
  restsOn: [serviceLevelsProjection],
  columns: [
    text('number', 'l.key', 'Service request number.'),
    whole('place', 'c.place::integer', 'Which of its clocks, by their beginning; from 1.'),
    text('metric', `clock ->> 'metric'`, 'What is measured, such as first-response or resolution.'),
    whole('cycle', `(clock ->> 'cycle')::integer`, '1, and one more for each that begins anew.'),
    text('status', `clock ->> 'status'`, 'running, paused, met, missed or cancelled, as of the last event.'),
    text('priority', `clock ->> 'priority'`, 'Of its target.'),
    text('team_id', `clock ->> 'team'`, 'Id of the team that had the request when it began.'),
    text('policy_id', `clock -> 'policy' ->> 'id'`, 'Policy that it is judged by.'),
    whole('policy_revision', `(clock -> 'policy' ->> 'revision')::integer`, 'Revision of that policy.'),
    text('calendar_id', `clock -> 'calendar' ->> 'id'`, 'Calendar that counts its seconds.'),
    whole('calendar_revision', `(clock -> 'calendar' ->> 'revision')::integer`, 'Revision of that calendar.'),
    big('target_seconds', `(clock ->> 'targetSeconds')::bigint`, 'Counted seconds that are allowed.'),
    big('elapsed_seconds', `(clock ->> 'elapsedSeconds')::bigint`, 'Counted seconds until the last event.'),
    epoch('started_at', `clock ->> 'startedAt'`, 'When it began.'),
    epoch('applied_at', `clock ->> 'appliedAt'`, 'When its present target was set.'),
    epoch('due_at', `clock ->> 'dueAt'`, 'When the target is or would be reached; null while it is paused.'),
    epoch('breaches_at', `clock ->> 'breachesAt'`, 'First instant at which more than the target has passed.'),
    epoch('fulfilled_at', `clock ->> 'fulfilledAt'`, 'When it was fulfilled.'),
    yes('is_born_breached', `(clock ->> 'bornBreached')::boolean`, 'Exceeded already when its target was set.'),
  ],
};

const span = `(a.row -> 'spans') || jsonb_build_array(a.row -> 'current')`;
const secondsUntil = (instant: string): string =>
  `floor(((${instant})::bigint - (a.row ->> 'openedAt')::bigint) / 1000.0)::bigint`;

const handovers: ReportingView = {
  name: 'handovers',
  meaning:
    'One row a span in which the same team and person held a request in the same stage; they touch without a gap.',
  of: [accountability, staff, team],
  from: `${accountability} a cross join lateral jsonb_array_elements(${span}) with ordinality as h (span, place)
    left join ${team} t on t.key = span ->> 'team' left join ${staff} s on s.key = span ->> 'assignee'`,
  key: ['number', 'place'],
  restsOn: [accountabilityProjection],
  columns: [
    text('number', 'a.key', 'Service request number.'),
    whole('place', 'h.place::integer', 'Which of its spans; from 1.'),
    text('stage', `span ->> 'stage'`, 'open, held, resolved, closed or cancelled.'),
    text('team_id', `span ->> 'team'`, 'Id of the team, or null.'),
    text('team', 't.handle', 'Handle of that team.'),
    text('assignee_id', `span ->> 'assignee'`, 'Id of the member of staff, or null.'),
    text('assignee', 's.handle', 'Handle of that member of staff.'),
    text('level', `span ->> 'level'`, 'Support level.'),
    text('waiting_for', `span ->> 'waitingFor'`, 'Whom it waited for, while held.'),
    epoch('from_at', `span ->> 'from'`, 'Beginning.'),
    epoch('to_at', `span ->> 'to'`, 'End; null for the span that lasts.'),
    big(
      'seconds',
      `${secondsUntil(`span ->> 'to'`)} - ${secondsUntil(`span ->> 'from'`)}`,
      'Whole seconds between them, so that those of a request add up exactly; null for the span that lasts.',
    ),
    whole('started_by', `(span ->> 'startedBy')::integer`, 'Revision of the event that began it.'),
  ],
};

const key = `substr(e.stream, strpos(e.stream, '-') + 1)`;
const category = `left(e.stream, greatest(strpos(e.stream, '-') - 1, 0))`;

const events: ReportingView = {
  name: 'events',
  meaning: 'One row an event: the log, without what is sealed or of whom processing is restricted.',
  of: ['event_log', customer],
  from: 'event_log e',
  key: ['sequence'],
  restsOn: [],
  columns: [
    big('sequence', 'e.sequence', 'Place among all events, without gaps; stays for ever.'),
    big('position', 'e.position', 'Place in the store; what ?after= waits for.'),
    whole('generation', 'e.generation', 'Of the log: another one after the store was replaced by a copy.'),
    text('category', category, 'request, customer, staff, team and so on.'),
    text('key', key, 'Whose event it is, such as the number of a request.'),
    text('number', `case when ${category} = 'request' then ${key} end`, 'Service request number, of a request.'),
    whole('revision', 'e.revision', 'Place in its own history; from 0.'),
    column('id', 'uuid', 'e.id', 'Of the event.'),
    text('type', 'e.type', 'What happened.'),
    text('schema', `e.metadata ->> 'schema'`, 'Version of the data.'),
    instant('recorded_at', `e.metadata ->> 'recordedAt'`, 'When it was written.'),
    instant('occurred_at', `e.metadata ->> 'occurredAt'`, 'When it happened; differs for what was imported.'),
    text(
      'actor_id',
      unlessRestricted(`e.metadata ->> 'actor'`),
      'Id of who did it; null for a customer while their processing is restricted.',
    ),
    text('origin', `e.metadata ->> 'origin'`, 'live, or import:<batch>:<row>.'),
    text('command_id', `e.metadata ->> 'commandId'`, 'Of the command that decided it.'),
    text('correlation_id', `e.metadata ->> '$correlationId'`, 'Of everything that followed from one request.'),
    text('causation_id', `e.metadata ->> '$causationId'`, 'Of what caused it.'),
    column(
      'data',
      'jsonb',
      `case when e.data ? '$bytes' or (${category} = 'customer' and ${key} = any (${restrictedCustomers})) then null
        when e.data ->> 'customer' = any (${restrictedCustomers}) then reporting.without_sealed(e.data) - 'customer'
        else reporting.without_sealed(e.data) end`,
      'The facts, sealed members left out, and so are customers while their processing is restricted; null for an event of their record, and for bytes that are no event of ours.',
    ),
    text('hash', `e.metadata ->> 'hash'`, 'End of its chain of hashes.'),
  ],
};

const people: readonly ReportingView[] = [
  {
    name: 'teams',
    meaning: 'One row a team.',
    of: [team],
    from: `${team} t`,
    key: ['id'],
    restsOn: [teamProjection],
    columns: [
      text('id', 't.key', 'Of the team.'),
      text('handle', 't.handle', 'What it is called in answers.'),
      yes('is_retired', `(t.row ->> 'isRetired')::boolean`, 'Whether it takes no more work.'),
    ],
  },
  {
    name: 'staff',
    meaning: 'One row a member of staff.',
    of: [staff],
    from: `${staff} s`,
    key: ['id'],
    restsOn: [staffProjection],
    columns: [
      text('id', 's.key', 'Of the member of staff.'),
      text('handle', 's.handle', 'What they are called in answers.'),
      text('team_id', `s.row ->> 'team'`, 'Id of their team, or null.'),
      column('retired_at', 'timestamptz', 's.retired_at', 'Since when they work here no more.'),
    ],
  },
  {
    name: 'customers',
    meaning:
      'One row a customer, without anything that says who it is; of whom processing is restricted, or that of the same person under another id, only that.',
    of: [customer],
    from: `${customer} c left join ${customer} r on r.key = c.key and r.key <> all (${restrictedCustomers})`,
    key: ['id'],
    restsOn: [customerProjection],
    columns: [
      text('id', 'c.key', 'Of the customer.'),
      text('status', 'c.status', 'active, being-erased or erased.'),
      text('request', `r.row ->> 'request'`, 'Number of the request that they came with.'),
      text('kind', `r.row ->> 'kind'`, 'person or organisation.'),
      text('segment', 'r.segment', 'Which kind of customer, as policies ask; or null.'),
      text('organisation_id', 'r.organisation', 'Id of the organisation that they belong to, or null.'),
      text('merged_into', 'c.survivor', 'Id of the customer whose record stands for theirs since a merge, or null.'),
      instant(
        'restricted_since',
        `c.row -> 'restriction' ->> 'since'`,
        'Since when their data are to be kept and used for nothing else.',
      ),
      instant('registered_at', `c.row ->> 'registeredAt'`, 'When they became a customer.'),
    ],
  },
];

const state: readonly ReportingView[] = [
  {
    name: 'completeness',
    meaning: 'One row: how far the views are, and whether anything is missing from them.',
    of: ['projection_progress', 'projection_quarantine', 'projection_version', 'event_log'],
    from: `projection_progress p`,
    key: ['position'],
    restsOn: [],
    columns: [
      big('position', 'p.position', 'Every event up to here is in the views.'),
      big('sequence', 'p.sequence', 'Of the last of them.'),
      whole('generation', '(select generation from event_log order by sequence desc limit 1)', 'Of the log.'),
      big(
        'quarantined',
        `(select count(*) from projection_quarantine q join projection_version v
           on v.name = q.projection and v.version = q.version and v.followed)`,
        'Rows of the view quarantine; demand 0 where a report must be complete.',
      ),
    ],
  },
  {
    name: 'quarantine',
    meaning:
      'One row a request, customer, team or member of staff that stands still in a view, because of an event that cannot be applied.',
    of: ['projection_quarantine', 'projection_version'],
    from: `projection_quarantine q join projection_version v on v.name = q.projection and v.version = q.version and v.followed`,
    key: ['projection', 'key'],
    restsOn: [],
    columns: [
      text('projection', 'q.projection', 'Read model in which it stands still.'),
      text('key', 'q.key', 'Such as the number of a request.'),
      whole('revision', 'q.revision', 'Of the event that cannot be applied.'),
      big('sequence', 'q.sequence', 'Of that event.'),
      column('event_id', 'uuid', 'q.event_id', 'Of that event.'),
    ],
  },
];

/** Everything that reporting jobs may read. */
export const reportingViews: readonly ReportingView[] = [
  ...[requests, clocks, handovers, events, exceptions, bulkRuns, bulkItems, names],
  ...people,
  ...state,
];

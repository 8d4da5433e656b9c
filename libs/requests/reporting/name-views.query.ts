import { configurationCategory, configurationKey } from '../../configuration/events';
import { seeds } from '../../configuration/seeds';
import { streamOf } from '../../eventing/event';
import { column, ReportingView, text, whole } from './view-columns';

/** What things were called, and when: read from the log itself and from what every installation begins with. */
const kinds = [
  ...[
    ['types', 'CaseTypeDefined'],
    ['fields', 'FieldDefined'],
    ['categories', 'CategoryDefined'],
  ],
  ...[
    ['products', 'ProductDefined'],
    ['codes', 'ResolutionCodeDefined'],
  ],
] as const;

const seeded = JSON.stringify(seeds).replaceAll("'", "''");
const kindOf = `case e.type ${kinds.map(([kind, type]) => `when '${type}' then '${kind}'`).join(' ')} end`;
const types = kinds.map(([, type]) => `'${type}'`).join(', ');

// A revision holds until the next one of the same id begins; of two that begin at once the later one was said last.
const revisions = `
  select kind, id, revision, body, begins, lead(begins) over (partition by kind, id order by begins, revision) as ends from (
    select k.key as kind, d.key as id, 1 as revision, d.value as body, '-infinity'::timestamptz as begins
    from jsonb_each('${seeded}'::jsonb) k cross join lateral jsonb_each(k.value) d
    union all
    select ${kindOf}, e.data ->> 'id', (e.data ->> 'revision')::integer, e.data -> 'body', reporting.instant(e.data ->> 'from')
    from event_log e where e.stream = '${streamOf(configurationCategory, configurationKey)}' and e.type in (${types})) as said`;

// What a type calls its states, and what a field calls its choices, hold as long as the type or field does.
const called = `
  select r.kind, r.id, r.body ->> 'name' as name
  union all select 'statuses', r.id || '/' || key, value from jsonb_each_text(r.body -> 'statusNames')
  union all select 'choices', r.id || '/' || key, value from jsonb_each_text(r.body -> 'choices')`;

export const names: ReportingView = {
  name: 'names',
  meaning:
    'One row a name and the span in which it holds: join on kind and id, and an instant from held_from to before held_until, for the names of that time.',
  of: ['event_log'],
  from: `(${revisions}) r cross join lateral (${called}) n`,
  key: ['kind', 'id', 'revision'],
  restsOn: [],
  columns: [
    text('kind', 'n.kind', 'types, fields, categories, products, codes; statuses of a type, choices of a field.'),
    text('id', 'n.id', 'As requests have it; of a status or choice, behind the id of its type or field and a slash.'),
    whole('revision', 'r.revision', 'Of the definition that says so; 1 where nobody has defined it anew.'),
    text('name', 'n.name', 'What it is called.'),
    column(
      'held_from',
      'timestamptz',
      `nullif(r.begins, '-infinity')`,
      'Since when; null: every installation begins with it.',
    ),
    column('held_until', 'timestamptz', 'r.ends', 'Until when it holds, exclusive; null: it still does.'),
  ],
};

import { createHash } from 'node:crypto';
import { Queryable } from '../../eventing/projections/projection-store.adapter';
import { reportingRole } from '../../platform/embedded/postgres-passwords';
import { reportingViews } from './reporting-views.query';
import { ReportingView } from './view-columns';

/** Schema `reporting`, its views and who may read them: made, and pointed at the tables that serve. */
const instantOn = (day: string): string =>
  `^[12]\\d{3}-(0[1-9]|1[0-2])-(${day})T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$`;

// Every month has 28 days. The 30th of February is no date; counting days from the first of the month cannot fail. Called stable
// because the casts are, so that PostgreSQL puts the function's body in the place of its calls.
const schema = `
  create schema if not exists reporting;
  comment on schema reporting is 'Stable views for reporting jobs; see libs/requests/reporting/README.md.';
  create or replace function reporting.instant(value text) returns timestamptz language sql stable parallel safe as $$
    select case
      when value ~ '${instantOn('0[1-9]|1\\d|2[0-8]')}' then value::timestamptz
      when value ~ '${instantOn('29|30|31')}' then ((left(value, 7) || '-01')::timestamp
        + (substr(value, 9, 2)::integer - 1) * interval '1 day' + substr(value, 12, 12)::interval) at time zone 'UTC' end $$;
  create or replace function reporting.without_sealed(value jsonb) returns jsonb language plpgsql immutable parallel safe as $$
    begin
      if not jsonb_path_exists(value, '$.** ? (exists (@."$enc"))') then return value; end if;
      if jsonb_typeof(value) = 'object' then
        return (select coalesce(jsonb_object_agg(m.key, reporting.without_sealed(m.value)), '{}') from jsonb_each(value) m
          where not (jsonb_typeof(m.value) = 'object' and m.value ? '$enc'));
      end if;
      return (select coalesce(jsonb_agg(reporting.without_sealed(m.value) order by m.place), '[]')
        from jsonb_array_elements(value) with ordinality m (value, place)
        where not (jsonb_typeof(m.value) = 'object' and m.value ? '$enc'));
    end $$`;

const hasRole = `exists (select from pg_roles where rolname = '${reportingRole}')`;

// On a server of others the account may not be allowed to make roles; then whoever runs it grants what they want.
const roleSql = `
  do $$ begin
    if not ${hasRole} then create role ${reportingRole} nologin; end if;
  exception when insufficient_privilege or duplicate_object or unique_violation then null;
  end $$`;
const grantsSql = `
  do $$ begin
    if ${hasRole} then
      grant usage on schema reporting to ${reportingRole};
      grant select on all tables in schema reporting to ${reportingRole};
    end if;
  end $$`;

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const selectOf = ({ columns, from }: ReportingView): string =>
  `select ${columns.map(({ name, type, sql }) => `(${sql})::${type} as ${name}`).join(', ')} from ${from}`;

/** What a view is, whichever tables it reads; tells definitions of other builds from this one's. */
const shapeOf = ({ meaning, columns }: ReportingView): string =>
  createHash('sha256')
    .update(JSON.stringify([meaning, columns]))
    .digest('hex')
    .slice(0, 12);

const commentsOf = (view: ReportingView): string => {
  const columns = view.columns.map(
    ({ name, meaning }) => `comment on column reporting.${view.name}.${name} is ${literal(meaning)};`,
  );
  return `comment on view reporting.${view.name} is ${literal(`${view.meaning} (${shapeOf(view)})`)}; ${columns.join(' ')}`;
};

interface Standing {
  readonly name: string;
  readonly comment: string | null;
  readonly tables: readonly string[];
}

// A view follows its tables through every renaming, so that the names say what it reads now.
const standingSql = `
  select v.relname as name, obj_description(v.oid) as comment, array_agg(distinct t.relname::text order by t.relname::text) as tables
  from pg_class v join pg_namespace n on n.oid = v.relnamespace and n.nspname = 'reporting'
  join pg_rewrite w on w.ev_class = v.oid join pg_depend d on d.objid = w.oid and d.classid = 'pg_rewrite'::regclass
  join pg_class t on t.oid = d.refobjid and t.oid <> v.oid and d.refclassid = 'pg_class'::regclass
  where v.relkind = 'v' group by v.oid, v.relname order by v.relname limit 1000`;

const pointed = (view: ReportingView, standing: Standing | undefined): string => {
  const isSameShape = standing?.comment?.endsWith(`(${shapeOf(view)})`) === true;
  if (isSameShape && JSON.stringify(standing?.tables) === JSON.stringify([...view.of].sort())) return '';
  // A view can be replaced by one of the same columns only.
  const drop = isSameShape ? '' : `drop view if exists reporting.${view.name};`;
  return `${drop} create or replace view reporting.${view.name} as ${selectOf(view)}; ${commentsOf(view)}`;
};

/**
 * Makes the views and points them at the tables that serve now. To be called when a worker leads, and in every transaction that
 * switches tables. A view that is right already is not touched, so that nobody waits for whoever reads it.
 */
export const pointReportingViews = async (db: Queryable): Promise<void> => {
  const { rows } = await db.query<Standing>(standingSql);
  const standing = new Map(rows.map((row) => [row.name, row]));
  const statements = reportingViews.map((view) => pointed(view, standing.get(view.name)));
  // One query of several statements is one transaction, or part of the one that is open.
  await db.query(
    [`select pg_advisory_xact_lock(hashtext('casefold/reporting'))`, schema, roleSql, ...statements, grantsSql]
      .filter(Boolean)
      .join(';\n'),
  );
};

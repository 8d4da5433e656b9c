import { tableOf } from '../../../eventing/projections/projection';
import { customerProjection } from '../record/customer.projection';
import { memberIds } from '../members.query';
import { OverviewPart } from './overview-part';

const peopleMax = 20;
const customer = tableOf(customerProjection);

/** The survivor's record first, then those that are merged into it. */
export const recordsPart: OverviewPart<'records'> = {
  name: 'records',
  sql: `(select json_agg(json_build_object('id', c.key, 'revision', c.revision::text, 'row', c.row)
      order by c.key = (select key from root) desc, c.key)
    from ${customer} c where c.key = any(${memberIds}))`,
};

/** The organisation that a person belongs to. */
export const organisationPart: OverviewPart<'organisation'> = {
  name: 'organisation',
  sql: `(select json_build_object('id', o.key, 'name', o.row -> 'name') from ${customer} c join ${customer} o on o.key = c.organisation
    where c.key = (select key from root) order by o.key limit 1)`,
};

/** The people of an organisation. */
export const peoplePart: OverviewPart<'people'> = {
  name: 'people',
  tables: { people: `select p.key, p.row from ${customer} p where p.organisation = any(${memberIds})` },
  sql: `json_build_object(
    'total', (select count(*) from people),
    'items', coalesce((select json_agg(json_build_object('id', p.key, 'name', p.row -> 'name', 'title', p.row -> 'title') order by p.key)
      from (select key, row from people order by key limit ${peopleMax}) p), '[]'::json))`,
};

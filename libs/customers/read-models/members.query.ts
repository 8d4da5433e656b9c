import { tableOf } from '../../eventing/projections/projection';
import { customerProjection } from './record/customer.projection';

/**
 * Everybody who is one with customer `$1`, as tables of a `with recursive`: `root` has the survivor, `members` all of them.
 *
 * `$2` true: nobody but the customer, as customers see themselves. Links that the read model knows in part only may lead round for a
 * moment; `union` ends the walk, and who is not led to anybody stands alone.
 */
const customer = tableOf(customerProjection);

export const membersSql = `
  upward (key, survivor) as (
    select c.key, c.survivor from ${customer} c where c.key = $1
    union select c.key, c.survivor from upward u join ${customer} c on c.key = u.survivor where not $2::boolean),
  root (key) as (
    select coalesce((select u.key from upward u where u.survivor is null order by u.key limit 1), $1)),
  members (key) as (
    select key from root
    union select c.key from members m join ${customer} c on c.survivor = m.key where not $2::boolean)`;

/** Their ids as an array, so that indexes by customer are used however many there are said to be. */
export const memberIds = 'array(select key from members)';

/** An instant as events write it. */
export const instantSql = (sql: string): string =>
  `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

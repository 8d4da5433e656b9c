import { tableOf } from '../../../eventing/projections/projection';
import { Queryable } from '../../../eventing/projections/projection-store.adapter';
import { serviceLevelsProjection } from '../../read-models/service-levels/service-levels.projection';

/**
 * The next cases, by number, whose clocks were ever measured by a revision. Reads every row: corrections are rare.
 * @param digest of the revision, which stands in the name of all terms that it is part of
 */
export const affectedCases = async (
  db: Queryable,
  digest: string,
  after: string,
  casesMax: number,
): Promise<readonly string[]> => {
  const { rows } = await db.query<{ key: string }>(
    `select key from ${tableOf(serviceLevelsProjection)}
     where key > $1 and position($2 in row::text) > 0 order by key limit $3`,
    [after, digest, casesMax],
  );
  return rows.map(({ key }) => key);
};

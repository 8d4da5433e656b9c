import { Pool } from 'pg';
import { tableOf } from '../../../eventing/projections/projection';
import { conversationProjection } from '../../read-models/conversation/conversation.projection';

/** Numbers of a customer's cases that hold files, page by page. @param after number that the page begins behind, '' for the first */
export const casesWithFiles = async (
  pool: Pool,
  customer: string,
  after: string,
  casesMax: number,
): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ key: string }>({
    name: 'cases-with-files',
    text: `
      select key from ${tableOf(conversationProjection)}
      where customer = $1 and key > $2 and file_count > 0 order by key limit $3`,
    values: [customer, after, casesMax],
  });
  return rows.map(({ key }) => key);
};

import { DomainEvent, Recorded, streamOf } from '../../eventing/event';
import { tableOf } from '../../eventing/projections/projection';
import { Queryable } from '../../eventing/projections/projection-store.adapter';
import { disclosedException } from '../../exceptions/disclosure.adapter';
import { exceptionCategory, ExceptionEvent } from '../../exceptions/events';
import { exceptionProjection } from '../../exceptions/read-models/exception/exception.projection';
import { draftCategory } from '../../requests/drafts/events';
import { requestCategory, RequestEvent } from '../../requests/events';
import { draftProjection } from '../../requests/read-models/drafts/draft.projection';
import { disclosedCase } from '../../requests/read-models/history/disclosure.adapter';
import { requestProjection } from '../../requests/read-models/request/request.projection';
import { customerCategory, CustomerEvent } from '../events';
import { disclosedRecord } from '../disclosed-record';

/** In which streams something stands about a customer. A further kind of them is one entry here. */
interface Concerned {
  readonly category: string;
  /** Keys of those about the customers `$1`. */
  readonly keysSql: string;
  /** What the customer may be shown of a whole history. */
  readonly disclose: (events: readonly Recorded[], customer: string) => readonly Recorded[];
}

/** Binds the events of a category to the function that knows them. */
const concerned = <E extends DomainEvent>(
  category: string,
  keysSql: string,
  disclose: (events: readonly Recorded<E>[], customer: string) => readonly Recorded[],
): Concerned => ({
  category,
  keysSql,
  disclose: (events, customer) => disclose(events as readonly Recorded<E>[], customer),
});

const everywhere: readonly Concerned[] = [
  concerned<CustomerEvent>(customerCategory, 'select unnest($1::text[]) as key', disclosedRecord),
  concerned<RequestEvent>(
    requestCategory,
    `select r.key from ${tableOf(requestProjection)} r where r.customer = any($1)`,
    disclosedCase,
  ),
  // What is only being written is among the staff.
  concerned(draftCategory, `select d.key from ${tableOf(draftProjection)} d where d.customer = any($1)`, () => []),
  concerned<ExceptionEvent>(
    exceptionCategory,
    `select e.key from ${tableOf(exceptionProjection)} e where e.customer = any($1)`,
    disclosedException,
  ),
];

export interface ConcernedStream {
  readonly stream: string;
  readonly category: string;
  readonly key: string;
  readonly disclose: Concerned['disclose'];
}

/** Every stream about these customers, a category after the other, by key. */
export const concernedStreams = async (
  db: Queryable,
  customers: readonly string[],
): Promise<readonly ConcernedStream[]> => {
  const found = await Promise.all(
    everywhere.map(async ({ category, keysSql, disclose }) => {
      const { rows } = await db.query<{ key: string }>({
        name: `concerned-${category}`,
        // As many as there are: what is held about a person is told, or erased, whole.
        text: `select k.key from (${keysSql}) k order by k.key`,
        values: [customers],
      });
      return rows.map(({ key }) => ({ stream: streamOf(category, key), category, key, disclose }));
    }),
  );
  return found.flat();
};

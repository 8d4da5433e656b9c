import { DueKey } from '../../../eventing/processes/timer-runner';
import { tableOf } from '../../../eventing/projections/projection';
import { Queryable } from '../../../eventing/projections/projection-store.adapter';
import { firingProjection } from '../../read-models/firings/firing.projection';
import { columnOf, quietProjection, QuietRow } from '../../read-models/quiet/quiet.projection';
import { Condition, Rule } from '../../rule';

/** Cases that a rule is waiting for, by the instant from which it waits; each look is one step into an index. */
const table = tableOf(quietProjection);
const firings = tableOf(firingProjection);

/** A rule and up to which beginning its wait is over. */
export interface Waiting {
  readonly rule: Rule;
  /** Waits that began until then are over; epoch milliseconds. */
  readonly begunUntil: number;
}

interface Where {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const conditionOf = ({ field, in: values, not }: Condition, place: string): string => {
  const column = columnOf(field);
  const isOne = `(${column} = any(${place}::text[])${values.includes(null) ? ` or ${column} is null` : ''})`;
  return not ? `${isOne} is not true` : isOne;
};

const instantOf = ({ when }: Rule): string => (when.on === 'hold-until' ? 'hold_until' : 'quiet_since');
const causeOf = ({ when }: Rule): string => (when.on === 'hold-until' ? 'held_by' : 'cause');

/** Cases of the rule that it has not reacted to; parameters from $1 on. */
const waitingFor = (rule: Rule): Where => {
  const status = rule.when.on === 'quiet' ? rule.when.status : 'held';
  const conditions = rule.conditions.map((each, index) => conditionOf(each, `$${index + 3}`));
  const fired = `not exists (select from ${firings} f where f.cause = t.${causeOf(rule)} and f.rule = $2)`;
  return {
    sql: [`fact_status = $1`, fired, `${instantOf(rule)} < 'infinity'`, ...conditions].join(' and '),
    values: [status, rule.id, ...rule.conditions.map((each) => each.in.filter((value) => value !== null))],
  };
};

/** @returns keys `<rule> <number>`, each with the instant from which the rule waits */
export const dueCases = async (
  db: Queryable,
  { rule, begunUntil }: Waiting,
  after: DueKey | undefined,
  keysMax: number,
): Promise<readonly DueKey[]> => {
  const { sql, values } = waitingFor(rule);
  const [at, place] = [instantOf(rule), values.length];
  const { rows } = await db.query<DueKey>(
    `select $2 || ' ' || key as key, ${at} as at from ${table} t
     where ${sql} and ${at} <= $${place + 1} and (${at}, $2 || ' ' || key) > ($${place + 2}, $${place + 3})
     order by ${at}, key limit $${place + 4}`,
    [...values, new Date(begunUntil), after?.at ?? '-infinity', after?.key ?? '', keysMax],
  );
  return rows;
};

/** When the next wait began that is not over yet. */
export const nextBegun = async (db: Queryable, { rule, begunUntil }: Waiting): Promise<Date | undefined> => {
  const { sql, values } = waitingFor(rule);
  const at = instantOf(rule);
  const { rows } = await db.query<{ at: Date }>(
    `select ${at} as at from ${table} t where ${sql} and ${at} > $${values.length + 1} order by ${at}, key limit 1`,
    [...values, new Date(begunUntil)],
  );
  return rows[0]?.at;
};

export interface QuietCase {
  readonly revision: number;
  readonly row: QuietRow;
}

/** One case as long as the rule still waits for it. */
export const waitingCase = async (
  db: Queryable,
  { rule, begunUntil }: Waiting,
  number: string,
): Promise<QuietCase | undefined> => {
  const { sql, values } = waitingFor(rule);
  const place = values.length;
  const { rows } = await db.query<QuietCase>(
    `select revision, row from ${table} t where ${sql} and ${instantOf(rule)} <= $${place + 1} and key = $${place + 2}
     order by key limit 1`,
    [...values, new Date(begunUntil), number],
  );
  return rows[0];
};

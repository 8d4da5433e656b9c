import { Recorded } from '../../eventing/event';
import { RequestEvent } from '../../requests/events';
import { type Calendar } from '../../service-levels/calendar-definition';
import { evolveQuiet, QuietRow } from '../read-models/quiet/quiet.projection';
import { matches, RuleBody } from '../rule';
import { overAt } from '../waits';

export interface Rehearsed {
  readonly number: string;
  /** RFC 3339. */
  readonly at: string;
  readonly cause: string;
}

const iso = (instant: number): string => new Date(instant).toISOString();

/**
 * What a rule would have done with one case, by the facts of the time: after each event, and in each wait that lasted long enough.
 * @param events the whole history of the case @param quietProjection's first row @param now epoch milliseconds: until when it waits
 */
export const rehearse = (
  rule: RuleBody,
  { number, unopened }: { readonly number: string; readonly unopened: QuietRow },
  events: readonly Recorded<RequestEvent>[],
  calendars: readonly Calendar[],
  now: number,
): readonly Rehearsed[] => {
  const found: Rehearsed[] = [];
  const asked = { id: '', revision: 1, ...rule };
  let waited = '';
  const endWait = (row: QuietRow, before: number): void => {
    const { on } = rule.when;
    const [cause, begun] = on === 'hold-until' ? [row.heldBy, row.until] : [row.cause, row.since];
    const status = on === 'quiet' ? rule.when.status : 'held';
    if (on === 'event' || cause === null || begun === null || cause === waited || row.status !== status) return;
    const over = overAt(asked, calendars, Date.parse(begun));
    if (over === undefined || over > before || !matches(rule.conditions, row)) return;
    waited = cause;
    found.push({ number, at: iso(over), cause: on });
  };
  let row = unopened;
  for (const event of events) {
    const { occurredAt, origin } = event.metadata;
    endWait(row, Date.parse(occurredAt) - 1);
    row = evolveQuiet(row, event) ?? unopened;
    if (rule.when.on !== 'event' || origin.startsWith('import:')) continue;
    if (rule.when.types.some((type) => type === event.type) && matches(rule.conditions, row))
      found.push({ number, at: occurredAt, cause: event.type });
  }
  endWait(row, now);
  return found;
};

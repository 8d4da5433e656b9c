import { carries, EventOf } from '../eventing/event-types';
import { CalendarBody } from './calendar-definition';
import { PolicyBody } from './policy';

/**
 * The book of service levels: all policies and calendars of an installation in one stream, so that they have one order.
 * A revision stands in the event that activated it, whole, and never changes.
 */
export const serviceLevelCategory = 'servicelevel';
export const bookKey = 'book';

/** From when a revision holds for cases that are decided on from now on; RFC 3339, UTC, milliseconds. */
interface Activation {
  readonly id: string;
  readonly revision: number;
  readonly from: string;
  /** The revision that was wrong all along, for which this one stands in. */
  readonly corrects: number | null;
  readonly reason: string | null;
}

const times = ['from', 'to'];
const calendarBody = [
  ...['/body/zone', '/body/week', '/body/holidays/*'],
  ...times.flatMap((end) => [`/body/week/*/*/${end}`, `/body/exceptions/*/*/${end}`]),
];
const matches = ['types', 'categories', 'products', 'customerSegments', 'teams', 'priorities'];
const policyBody = [
  ...matches.map((name) => `/body/match/${name}/*`),
  ...['metric', 'start/*', 'stop/*', 'cancel/*', 'pause/*', 'after', 'team', 'targets/*/calendar'].map(
    (name) => `/body/clocks/*/${name}`,
  ),
  ...['priorityAbsent', 'priorityChange', 'policyChange', 'revisionChange', 'reopen', 'merge'].map(
    (name) => `/body/${name}`,
  ),
  ...['metric', 'on', 'action/kind', 'action/audience', 'action/team'].map((name) => `/body/escalation/*/${name}`),
];
const activation = ['/id', '/from', '/reason'];

// The first version did not say what merging does to clocks; left out, it means what is usual.
const withoutMerge = { 1: (data: object) => data };

export const bookEventTypes = {
  CalendarDrafted: carries<{ readonly id: string; readonly body: CalendarBody }>({
    schema: 1,
    personal: [],
    plain: ['/id', ...calendarBody],
  }),
  CalendarActivated: carries<Activation & { readonly body: CalendarBody }>({
    schema: 1,
    personal: [],
    plain: [...activation, ...calendarBody],
  }),
  /** `rank`: of several policies that match, the one with the lowest is taken. */
  PolicyDrafted: carries<{ readonly id: string; readonly rank: number; readonly body: PolicyBody }>({
    schema: 2,
    personal: [],
    plain: ['/id', ...policyBody],
    upcasters: withoutMerge,
  }),
  PolicyActivated: carries<Activation & { readonly rank: number; readonly body: PolicyBody }>({
    schema: 2,
    personal: [],
    plain: [...activation, ...policyBody],
    upcasters: withoutMerge,
  }),
  /** Cases that come later are not under it; those that are stay. */
  PolicyRetired: carries<{ readonly id: string; readonly from: string }>({
    schema: 1,
    personal: [],
    plain: ['/id', '/from'],
  }),
};

export type BookEventType = keyof typeof bookEventTypes;
export type BookEventOf<T extends BookEventType> = EventOf<typeof bookEventTypes, T>;
export type BookEvent = BookEventOf<BookEventType>;

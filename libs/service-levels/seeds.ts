import type { Calendar, OpenTimes } from './calendar-definition';
import { type ClockDefinition, PRIORITIES, type Priority, type ServiceLevelPolicy, type Terms } from './policy';

const OFFICE_DAY: readonly OpenTimes[] = [{ from: '09:00', to: '17:00' }];
const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** The eight hours of `businessHoursCalendar`. */
const BUSINESS_DAY = 8 * HOUR;

/** Around the clock. */
export const alwaysCalendar: Calendar = { id: 'always', revision: 1, zone: 'UTC', week: 'always', holidays: [] };

/** Monday to Friday, nine to five in Berlin, without holidays. */
export const businessHoursCalendar: Calendar = {
  id: 'business-hours',
  revision: 1,
  zone: 'Europe/Berlin',
  week: { 1: OFFICE_DAY, 2: OFFICE_DAY, 3: OFFICE_DAY, 4: OFFICE_DAY, 5: OFFICE_DAY },
  holidays: [],
};

export const seededCalendars: readonly Calendar[] = [alwaysCalendar, businessHoursCalendar];

const targetsOf = (seconds: readonly number[]): ClockDefinition['targets'] =>
  Object.fromEntries(
    PRIORITIES.map((priority: Priority, place) => [
      priority,
      { calendar: place < 2 ? alwaysCalendar.id : businessHoursCalendar.id, targetSeconds: seconds[place]! },
    ]),
  );

/** The clock of the first public answer by staff. A case that is resolved without one was answered by that. */
export const firstResponse: Omit<ClockDefinition, 'targets'> = {
  ...{
    metric: 'first-response',
    start: ['opened'],
    stop: ['staff-replied', 'resolved', 'closed'],
    cancel: ['cancelled'],
  },
  ...{ pause: [], repeats: false, after: null, reopens: false, team: null, warnShares: [], warnSecondsBefore: [] },
};

export const resolution: Omit<ClockDefinition, 'targets'> = {
  ...{ metric: 'resolution', start: ['opened'], stop: ['resolved', 'closed'], cancel: ['cancelled'] },
  ...{ pause: ['waiting-customer'], repeats: false, after: null, reopens: true, team: null },
  ...{ warnShares: [], warnSecondsBefore: [] },
};

/** From the earliest message of the customer that nobody has answered. */
export const nextResponse: Omit<ClockDefinition, 'targets'> = {
  ...{ metric: 'next-response', start: ['customer-wrote'], stop: ['staff-replied', 'resolved', 'closed'] },
  ...{ cancel: ['cancelled'], pause: [], repeats: true, after: 'first-response', reopens: false, team: null },
  ...{ warnShares: [], warnSecondsBefore: [] },
};

/** From one public answer to the next, as long as the case is open. */
export const periodicUpdate: Omit<ClockDefinition, 'targets'> = {
  ...{ metric: 'periodic-update', start: ['staff-replied', 'reopened'], stop: ['staff-replied', 'resolved', 'closed'] },
  ...{ cancel: ['cancelled'], pause: [], repeats: true, after: null, reopens: false, team: null },
  ...{ warnShares: [], warnSecondsBefore: [] },
};

/** How long a team keeps a case. */
export const teamTime: Omit<ClockDefinition, 'targets'> = {
  ...{ metric: 'team-time', start: ['team-entered', 'reopened'], stop: ['team-left', 'resolved', 'closed'] },
  ...{ cancel: ['cancelled'], pause: ['waiting-customer'], repeats: true, after: null, reopens: false, team: null },
  ...{ warnShares: [], warnSecondsBefore: [] },
};

/** What an installation promises until it says otherwise: the two upper priorities around the clock. */
export const standardPolicy: ServiceLevelPolicy = {
  id: 'standard',
  revision: 1,
  match: {},
  clocks: [
    {
      ...firstResponse,
      targets: targetsOf([15 * MINUTE, 30 * MINUTE, 4 * HOUR, BUSINESS_DAY, 2 * BUSINESS_DAY]),
    },
    {
      ...resolution,
      targets: targetsOf([4 * HOUR, 8 * HOUR, 3 * BUSINESS_DAY, 5 * BUSINESS_DAY, 10 * BUSINESS_DAY]),
    },
  ],
  priorityAbsent: 'P3',
  priorityChange: 'carry',
  policyChange: 'carry',
  revisionChange: 'keep',
  reopen: 'continue',
  reopenGraceSeconds: 0,
};

export const standardTerms: Terms = { policy: standardPolicy, calendars: seededCalendars };

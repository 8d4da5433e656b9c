import type { Calendar, OpenTimes } from './calendar-definition';
import type { ServiceLevelPolicy } from './policy';

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

/** What an installation promises until it says otherwise: the two upper priorities around the clock. */
export const standardPolicy: ServiceLevelPolicy = {
  id: 'standard',
  revision: 1,
  targets: {
    P1: target('always', 15 * MINUTE, 4 * HOUR),
    P2: target('always', 30 * MINUTE, 8 * HOUR),
    P3: target('business-hours', 4 * HOUR, 3 * BUSINESS_DAY),
    P4: target('business-hours', BUSINESS_DAY, 5 * BUSINESS_DAY),
    P5: target('business-hours', 2 * BUSINESS_DAY, 10 * BUSINESS_DAY),
  },
  priorityAbsent: 'P3',
  priorityChange: 'carry',
  pausedWaitingFor: { 'first-response': [], resolution: ['customer'] },
  reopen: 'continue',
};

function target(calendar: string, firstResponse: number, resolution: number): ServiceLevelPolicy['targets']['P1'] {
  return { calendar, targetSeconds: { 'first-response': firstResponse, resolution } };
}

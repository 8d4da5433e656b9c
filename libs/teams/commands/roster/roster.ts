import { sameJson } from '../../../eventing/same-json';
import { Roster, StaffEvent } from '../../events';
import { rosterAt } from '../../roster';
import { inService, Staff } from '../../staff';

export interface RosterStaff {
  /** What is not said stays as it holds then. */
  readonly roster: Partial<Roster>;
  /** RFC 3339, UTC, milliseconds. */
  readonly from: string;
}

/** Says what somebody can do, when, how much of it at once and in which team, from an instant on. */
export const rosterStaff = ({ roster, from }: RosterStaff, state: Staff): StaffEvent[] => {
  const { working } = inService(state);
  const { team, skills, calendar, capacity } = rosterAt(working, Date.parse(from));
  const before: Roster = { team, skills, calendar, capacity };
  const given = Object.fromEntries(Object.entries(roster).filter(([, value]) => value !== undefined));
  const after: Roster = { ...before, ...given };
  if (sameJson(before, after)) return [];
  const revision = (working.rosters.at(-1)?.value.revision ?? 0) + 1;
  return [{ type: 'StaffRostered', data: { ...after, revision, from } }];
};

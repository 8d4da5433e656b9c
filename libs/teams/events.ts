import { EventType } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';

/** Members of staff and teams: a stream each. Events elsewhere name them by id; handles and names live here. */
export const staffCategory = 'staff';
export const teamCategory = 'team';

export const presences = ['available', 'away'] as const;
export type Presence = (typeof presences)[number];

/** How a team's work finds somebody: in turn, whoever has least, or by those who take it themselves. */
export const strategies = ['round-robin', 'least-loaded', 'manual'] as const;
export type Strategy = (typeof strategies)[number];

export const weighedPriorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Weights = Readonly<Record<(typeof weighedPriorities)[number], number>>;

/** What somebody can do, when, and how much of it at once. */
export interface Roster {
  /** Id of the team. */
  readonly team: string | null;
  readonly skills: readonly string[];
  /** Id of a calendar of service levels: the hours in which they work; null for at any time. */
  readonly calendar: string | null;
  /** The most that what they work on may weigh together. */
  readonly capacity: number;
}

/** Somebody is to be given a case as it stood at this revision. Once it has moved on, it was given to them or is no more to be. */
export interface Reservation {
  readonly number: string;
  readonly revision: number;
  readonly weight: number;
}

export type StaffEvent =
  | {
      readonly type: 'StaffRegistered';
      readonly data: { readonly handle: string; readonly name: PersonalText; readonly team: string | null };
    }
  | { readonly type: 'StaffJoinedTeam'; readonly data: { readonly team: string; readonly from: string | null } }
  /** `from`: since when it holds; RFC 3339, UTC, milliseconds. */
  | { readonly type: 'StaffRostered'; readonly data: Roster & { readonly revision: number; readonly from: string } }
  | { readonly type: 'StaffPresenceChanged'; readonly data: { readonly presence: Presence } }
  /** Their capacity is kept for these cases, and for no others that were kept before. */
  | { readonly type: 'StaffCapacityReserved'; readonly data: { readonly reserved: readonly Reservation[] } }
  /** They work here no more; what they did keeps their name. */
  | { readonly type: 'StaffRetired'; readonly data: Record<never, never> }
  | { readonly type: 'StaffReinstated'; readonly data: Record<never, never> };

export type TeamEvent =
  | { readonly type: 'TeamRegistered'; readonly data: { readonly handle: string; readonly name: PersonalText } }
  | { readonly type: 'TeamRenamed'; readonly data: { readonly name: PersonalText } }
  /** It gets nothing new; what it has stays with it. */
  | { readonly type: 'TeamRetired'; readonly data: Record<never, never> }
  | { readonly type: 'TeamReinstated'; readonly data: Record<never, never> }
  | {
      readonly type: 'TeamDistributionChanged';
      readonly data: {
        readonly revision: number;
        /** RFC 3339, UTC, milliseconds. */
        readonly from: string;
        readonly strategy: Strategy;
        /** What a request of each priority weighs. */
        readonly weights: Weights;
      };
    };

export const staffEventTypes: Readonly<Record<StaffEvent['type'], EventType>> = {
  StaffRegistered: { schema: 1, personal: ['/name'], plain: ['/handle', '/team'] },
  StaffJoinedTeam: { schema: 1, personal: [], plain: ['/team', '/from'] },
  StaffRostered: { schema: 1, personal: [], plain: ['/team', '/skills/*', '/calendar', '/from'] },
  StaffPresenceChanged: { schema: 1, personal: [], plain: ['/presence'] },
  StaffCapacityReserved: { schema: 1, personal: [], plain: ['/reserved/*/number'] },
  StaffRetired: { schema: 1, personal: [], plain: [] },
  StaffReinstated: { schema: 1, personal: [], plain: [] },
};

export const teamEventTypes: Readonly<Record<TeamEvent['type'], EventType>> = {
  TeamRegistered: { schema: 1, personal: ['/name'], plain: ['/handle'] },
  TeamRenamed: { schema: 1, personal: ['/name'], plain: [] },
  TeamRetired: { schema: 1, personal: [], plain: [] },
  TeamReinstated: { schema: 1, personal: [], plain: [] },
  TeamDistributionChanged: { schema: 1, personal: [], plain: ['/from', '/strategy'] },
};

import { carries, EventOf } from '../eventing/event-types';
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

export const staffEventTypes = {
  StaffRegistered: carries<{ readonly handle: string; readonly name: PersonalText; readonly team: string | null }>({
    schema: 1,
    personal: ['/name'],
    plain: ['/handle', '/team'],
  }),
  StaffJoinedTeam: carries<{ readonly team: string; readonly from: string | null }>({
    schema: 1,
    personal: [],
    plain: ['/team', '/from'],
  }),
  /** `from`: since when it holds; RFC 3339, UTC, milliseconds. */
  StaffRostered: carries<Roster & { readonly revision: number; readonly from: string }>({
    schema: 1,
    personal: [],
    plain: ['/team', '/skills/*', '/calendar', '/from'],
  }),
  StaffPresenceChanged: carries<{ readonly presence: Presence }>({ schema: 1, personal: [], plain: ['/presence'] }),
  /** Their capacity is kept for these cases, and for no others that were kept before. */
  StaffCapacityReserved: carries<{ readonly reserved: readonly Reservation[] }>({
    schema: 1,
    personal: [],
    plain: ['/reserved/*/number'],
  }),
  /** They work here no more; what they did keeps their name. */
  StaffRetired: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
  StaffReinstated: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
};

export type StaffEvent = EventOf<typeof staffEventTypes>;

export const teamEventTypes = {
  TeamRegistered: carries<{ readonly handle: string; readonly name: PersonalText }>({
    schema: 1,
    personal: ['/name'],
    plain: ['/handle'],
  }),
  TeamRenamed: carries<{ readonly name: PersonalText }>({ schema: 1, personal: ['/name'], plain: [] }),
  /** It gets nothing new; what it has stays with it. */
  TeamRetired: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
  TeamReinstated: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
  TeamDistributionChanged: carries<{
    readonly revision: number;
    /** RFC 3339, UTC, milliseconds. */
    readonly from: string;
    readonly strategy: Strategy;
    /** What a request of each priority weighs. */
    readonly weights: Weights;
  }>({ schema: 1, personal: [], plain: ['/from', '/strategy'] }),
};

export type TeamEvent = EventOf<typeof teamEventTypes>;

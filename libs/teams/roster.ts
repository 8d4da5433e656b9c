import { always, Held, heldAt } from '../eventing/effective';
import { Presence, Reservation, Roster, StaffEvent, Strategy, TeamEvent, Weights } from './events';

/** What is known of one member of staff for giving them work, as the events of their stream make it. */
export interface Working {
  readonly rosters: readonly Held<Roster & { readonly revision: number }>[];
  readonly presence: Presence;
  /** They work here no more. */
  readonly isRetired: boolean;
  /** What they are to be given, or were given since that was decided. */
  readonly reserved: readonly Reservation[];
}

/** Of somebody of whom nothing was said. */
const usualCapacity = 10;
const usual = (team: string | null) =>
  always({ revision: 0, team, skills: [], calendar: null, capacity: usualCapacity });

/** Nobody is given work before they say that they are there. */
export const notWorking: Working = { rosters: [usual(null)], presence: 'away', isRetired: false, reserved: [] };

export const evolveWorking = (working: Working, { type, data }: StaffEvent): Working => {
  switch (type) {
    case 'StaffRegistered':
      return { ...notWorking, rosters: [usual(data.team)] };
    case 'StaffJoinedTeam':
      // At once, whatever was planned.
      return {
        ...working,
        rosters: working.rosters.map((held) => ({ ...held, value: { ...held.value, team: data.team } })),
      };
    case 'StaffRostered': {
      const { from, ...value } = data;
      return { ...working, rosters: [...working.rosters, { value, from: Date.parse(from), corrects: null }] };
    }
    case 'StaffPresenceChanged':
      return { ...working, presence: data.presence };
    case 'StaffCapacityReserved':
      return { ...working, reserved: data.reserved };
    case 'StaffRetired':
      return { ...working, presence: 'away', isRetired: true };
    case 'StaffReinstated':
      return { ...working, isRetired: false };
  }
};

/** @param at epoch milliseconds */
export const rosterAt = ({ rosters }: Working, at: number): Roster =>
  heldAt(rosters, at) ?? { team: null, skills: [], calendar: null, capacity: usualCapacity };

/** How a team's work is given to its people. */
export interface Distribution {
  readonly strategy: Strategy;
  readonly weights: Weights;
}

export type Distributions = readonly Held<Distribution & { readonly revision: number }>[];

export const usualDistribution: Distribution = { strategy: 'manual', weights: { P1: 1, P2: 1, P3: 1, P4: 1, P5: 1 } };
export const initialDistributions: Distributions = [always({ revision: 0, ...usualDistribution })];

export const evolveDistributions = (distributions: Distributions, { type, data }: TeamEvent): Distributions => {
  if (type !== 'TeamDistributionChanged') return distributions;
  const { from, ...value } = data;
  return [...distributions, { value, from: Date.parse(from), corrects: null }];
};

/** @param at epoch milliseconds */
export const distributionAt = (distributions: Distributions, at: number): Distribution =>
  heldAt(distributions, at) ?? usualDistribution;

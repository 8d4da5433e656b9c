/**
 * Gives waiting work to a team's people.
 *
 * Guarantee: nobody is given more than their capacity, nobody who is away, off their hours or lacks a skill; and no request is
 * given to somebody who could do an older one that still waits. What was decided before and not carried out comes first, as it was
 * decided. So what weighs much is not passed over for ever by what weighs
 * little: whoever could do it is kept for it until they have room. It rests on `waiting` being all that waits, oldest first.
 */
import { Candidate, Verdict } from '../../event-values';

export interface Member {
  readonly staff: string;
  readonly isAvailable: boolean;
  readonly isOnShift: boolean;
  readonly skills: readonly string[];
  readonly capacity: number;
  /** Weight of what they work on, and of what is reserved for them. */
  readonly load: number;
  /** The last distribution of the team that they got; null before the first. */
  readonly turn: number | null;
}

export interface Waiting {
  readonly number: string;
  readonly weight: number;
  readonly skills: readonly string[];
  /** Whom it was to be given to already; their load has it. */
  readonly reservedFor?: string | undefined;
}

export interface Team {
  readonly strategy: 'round-robin' | 'least-loaded';
  readonly members: readonly Member[];
}

export interface Decision {
  readonly number: string;
  readonly assignee: string;
  readonly turn: number;
  readonly weight: number;
  readonly wasReserved: boolean;
  /** In the order in which they were considered: the first one of those who could was chosen. */
  readonly considered: readonly Candidate[];
}

/** Why somebody can never do this as they are; undefined when it is only a matter of room. */
const obstacle = (
  { isAvailable, isOnShift, skills, capacity }: Member,
  { weight, skills: needed }: Waiting,
): Verdict | undefined => {
  if (!isAvailable) return 'away';
  if (!isOnShift) return 'off-shift';
  if (!needed.every((skill) => skills.includes(skill))) return 'lacks-skill';
  return capacity < weight ? 'too-small' : undefined;
};

const never = -1;
const byId = (one: Member, other: Member): number => (one.staff < other.staff ? -1 : 1);
const byTurn = (one: Member, other: Member): number => (one.turn ?? never) - (other.turn ?? never) || byId(one, other);
const orders = {
  'round-robin': byTurn,
  'least-loaded': (one: Member, other: Member): number => one.load - other.load || byTurn(one, other),
} as const;

const isReserved = (request: Waiting): request is Waiting & { readonly reservedFor: string } =>
  request.reservedFor !== undefined;

/** @param waiting of one team, oldest first @returns in that order */
export const distribute = ({ strategy, members }: Team, waiting: readonly Waiting[]): readonly Decision[] => {
  const people = new Map(members.map((member) => [member.staff, member]));
  const kept = new Set<string>();
  const decisions: Decision[] = [];
  let turn = Math.max(0, ...members.map((member) => member.turn ?? 0));
  const [reserved, others] = [waiting.filter(isReserved), waiting.filter((request) => !isReserved(request))];
  for (const { number, weight, reservedFor } of reserved) {
    const member = people.get(reservedFor);
    if (!member) continue;
    turn++;
    const { staff, load, capacity } = member;
    const chosen = { staff, verdict: 'chosen', load: load - weight, capacity, turn: member.turn } as const;
    decisions.push({ number, assignee: staff, turn, weight, wasReserved: true, considered: [chosen] });
    people.set(staff, { ...member, turn });
  }
  for (const request of others) {
    if (!hasRoom([...people.values()], kept)) break;
    const considered = consider([...people.values()].sort(orders[strategy]), kept, request);
    const chosen = considered.find(({ verdict }) => verdict === 'chosen');
    if (chosen) {
      const { staff } = chosen;
      turn++;
      const { number, weight } = request;
      decisions.push({ number, assignee: staff, turn, weight, wasReserved: false, considered });
      people.set(staff, { ...people.get(staff)!, load: chosen.load + request.weight, turn });
    } else for (const { staff, verdict } of considered) if (verdict === 'full') kept.add(staff);
  }
  return decisions;
};

/** Whether anything can be given at all: a backlog is not gone through for nothing. @param kept for older work */
export const hasRoom = (members: readonly Member[], kept: ReadonlySet<string> = new Set()): boolean =>
  members.some(
    ({ staff, isAvailable, isOnShift, load, capacity }) =>
      isAvailable && isOnShift && load < capacity && !kept.has(staff),
  );

const consider = (ordered: readonly Member[], kept: ReadonlySet<string>, request: Waiting): readonly Candidate[] => {
  let isFound = false;
  return ordered.map((member) => {
    const { staff, load, capacity, turn } = member;
    let verdict = obstacle(member, request);
    if (!verdict && load + request.weight > capacity) verdict = 'full';
    if (!verdict && kept.has(staff)) verdict = 'kept';
    verdict ??= isFound ? 'behind' : 'chosen';
    isFound ||= verdict === 'chosen';
    return { staff, verdict, load, capacity, turn };
  });
};

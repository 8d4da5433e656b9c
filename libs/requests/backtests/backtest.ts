import { type TermsBook } from '../../service-levels/policy';
import { Judgement, Verdict } from './judgement';
import { CaseFacts, Course, Facts } from './population';

/**
 * What another policy or calendar would have made of the past.
 *
 * Guarantee: the same histories, books and instant give the same report, byte for byte, in whatever order the cases come and into
 * whatever parts they are divided: groups and changes are sorted by their names. Both sides are judged by the same engine, at the
 * same instant. What is remembered of the cases does not grow with their number.
 * Not promised: that people would have worked the same way under the other policy.
 */
const changesSpare = 1_000;

export const outcomes = ['met', 'missed', 'breached', 'running', 'paused', 'cancelled'] as const;
export type Counts = Record<(typeof outcomes)[number], number>;

/** Clocks of one kind, judged both ways. A clock that only one side has is counted on that side only. */
export interface Group {
  /** Of the case, as it is in the end. */
  readonly type: string;
  readonly team: string | null;
  readonly priority: string;
  readonly metric: string;
  readonly before: Counts;
  readonly after: Counts;
  /** Clocks with another verdict than before. */
  readonly changed: number;
}

/** One clock that is judged otherwise than it was. */
export interface Change {
  readonly number: string;
  readonly metric: string;
  readonly cycle: number;
  readonly before: Side | null;
  readonly after: Side | null;
}

export interface Side {
  readonly status: Verdict['status'];
  /** Seconds left of the target; less than 0 when it was exceeded. */
  readonly remainingSeconds: number;
}

/** What a part of the population came to. */
export interface Tally {
  readonly cases: number;
  readonly changedCases: number;
  readonly groups: readonly Group[];
  /** At least the first ones of the part. */
  readonly changes: readonly Change[];
}

export interface Report extends Tally {
  readonly changedClocks: number;
  /** By number, metric and cycle; the first ones of all. */
  readonly changes: readonly Change[];
}

export interface Books {
  readonly before: TermsBook;
  readonly after: TermsBook;
  /** Epoch milliseconds at which clocks that still run are judged. */
  readonly at: number;
  /** Whether the policy is for a case that was opened like this. */
  readonly isFor: (facts: Facts) => boolean;
}

const noCounts = (): Counts => ({ met: 0, missed: 0, breached: 0, running: 0, paused: 0, cancelled: 0 });

const sideOf = (verdict: Verdict | undefined): Side | null =>
  verdict ? { status: verdict.status, remainingSeconds: verdict.targetSeconds - verdict.elapsedSeconds } : null;

const isSameRun = (one: Verdict, other: Verdict | undefined): boolean =>
  one.metric === other?.metric && one.cycle === other.cycle;

type Run = readonly [Verdict | undefined, Verdict | undefined];

/** The verdicts on one run side by side. A case has few clocks, and mostly the same ones on both sides. */
const runsOf = (then: readonly Verdict[], now: readonly Verdict[]): readonly Run[] => [
  ...then.map((was, place): Run => {
    const beside = now[place];
    return [was, isSameRun(was, beside) ? beside : now.find((would) => isSameRun(was, would))];
  }),
  ...now.flatMap((would, place): Run[] =>
    isSameRun(would, then[place]) || then.some((was) => isSameRun(would, was)) ? [] : [[undefined, would]],
  ),
];

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const inOrder = (one: Change, other: Change): number =>
  compare(one.number, other.number) || compare(one.metric, other.metric) || one.cycle - other.cycle;

const firstOf = (changes: readonly Change[], max: number): Change[] => [...changes].sort(inOrder).slice(0, max);

const added = (one: Counts, other: Counts): Counts => {
  const sum = noCounts();
  for (const outcome of outcomes) sum[outcome] = one[outcome] + other[outcome];
  return sum;
};

type Of = Pick<Group, 'type' | 'team' | 'priority' | 'metric'>;

const nameOf = ({ type, team, priority, metric }: Of): string => `${metric}\0${type}\0${priority}\0${team ?? ''}`;

/** The parts of a population together. @param changesMax how many changes are listed; all are counted */
export const reportOf = (tallies: readonly Tally[], changesMax: number): Report => {
  const groups = new Map<string, Group>();
  for (const group of tallies.flatMap((tally) => tally.groups)) {
    const name = nameOf(group);
    const { before, after, changed } = groups.get(name) ?? { before: noCounts(), after: noCounts(), changed: 0 };
    groups.set(name, {
      ...group,
      ...{ before: added(before, group.before), after: added(after, group.after), changed: changed + group.changed },
    });
  }
  const sorted = [...groups].sort(([one], [other]) => compare(one, other)).map(([, group]) => group);
  return {
    cases: tallies.reduce((sum, { cases }) => sum + cases, 0),
    changedCases: tallies.reduce((sum, { changedCases }) => sum + changedCases, 0),
    changedClocks: sorted.reduce((sum, { changed }) => sum + changed, 0),
    groups: sorted,
    changes: firstOf(
      tallies.flatMap(({ changes }) => changes),
      changesMax,
    ),
  };
};

export class Backtest {
  private cases = 0;
  private changedCases = 0;
  private readonly groups = new Map<string, Group & { changed: number }>();
  private changes: Change[] = [];

  private readonly then: Judgement;
  private readonly now: Judgement;

  constructor(
    private readonly books: Books,
    private readonly changesMax: number,
  ) {
    this.then = new Judgement(books.before, 'named terms');
    this.now = new Judgement(books.after, 'no terms');
  }

  /** Judges one case both ways. A case that the policy is not for stays as it was. */
  add(number: string, { first, type, team }: CaseFacts, course: Course): void {
    const { at, isFor } = this.books;
    const was = this.then.of(course, at);
    const would = isFor(first) ? this.now.of(course, at) : was;
    this.cases++;
    const of = { type, team, priority: was.priority };
    const isChanged = this.count(number, of, was.verdicts, would.verdicts);
    if (isChanged) this.changedCases++;
  }

  tally(): Tally {
    const { cases, changedCases, groups, changes } = this;
    return { cases, changedCases, groups: [...groups.values()], changes };
  }

  private count(number: string, of: Omit<Of, 'metric'>, then: readonly Verdict[], now: readonly Verdict[]): boolean {
    let isChanged = false;
    for (const [was, would] of runsOf(then, now)) {
      const { metric, cycle } = was ?? would ?? { metric: '', cycle: 0 };
      const group = this.groupOf({ ...of, metric });
      if (was) group.before[was.status]++;
      if (would) group.after[would.status]++;
      if (was?.status === would?.status) continue;
      group.changed++;
      isChanged = true;
      this.list({ number, metric, cycle, before: sideOf(was), after: sideOf(would) });
    }
    return isChanged;
  }

  /** Keeps what may be among the first, and sorts it out when there is too much of it. */
  private list(change: Change): void {
    if (this.changesMax === 0) return;
    this.changes.push(change);
    if (this.changes.length >= 2 * this.changesMax + changesSpare)
      this.changes = firstOf(this.changes, this.changesMax);
  }

  private groupOf(of: Of): Group & { changed: number } {
    const name = nameOf(of);
    const known = this.groups.get(name);
    if (known) return known;
    const group = { ...of, before: noCounts(), after: noCounts(), changed: 0 };
    this.groups.set(name, group);
    return group;
  }
}

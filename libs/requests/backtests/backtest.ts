import { type ServiceEvent } from '../../service-levels/clock-state';
import { type TermsBook } from '../../service-levels/policy';
import { Facts } from './population';
import { foldUnder, Verdict, verdictsAt } from './judgement';

/**
 * What another policy or calendar would have made of the past.
 *
 * Guarantee: the same histories, books and instant give the same report, byte for byte, in whatever order the cases come: groups and
 * changes are sorted by their names. Both sides are judged by the same engine, at the same instant.
 * Not promised: that people would have worked the same way under the other policy.
 */
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

export interface Report {
  readonly cases: number;
  readonly changedCases: number;
  readonly changedClocks: number;
  readonly groups: readonly Group[];
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

export interface CaseFacts {
  readonly first: Facts;
  readonly last: Facts;
}

const noCounts = (): Counts => ({ met: 0, missed: 0, breached: 0, running: 0, paused: 0, cancelled: 0 });

const withoutTerms = (event: ServiceEvent | number): ServiceEvent | number => {
  if (typeof event === 'number' || event.terms === undefined) return event;
  const { terms: _terms, ...rest } = event;
  return rest;
};

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

export class Backtest {
  private cases = 0;
  private changedCases = 0;
  private readonly groups = new Map<string, Group & { changed: number }>();
  private readonly changes: Change[] = [];

  constructor(
    private readonly books: Books,
    private readonly changesMax: number,
  ) {}

  /** Judges one case both ways. A case that the policy is not for stays as it was. */
  add(number: string, { first, last }: CaseFacts, history: readonly (ServiceEvent | number)[]): void {
    const { before, after, at, isFor } = this.books;
    const was = foldUnder(history, before);
    const would = isFor(first) ? foldUnder(history.map(withoutTerms), after) : was;
    if (!was || !would) return;
    this.cases++;
    const then = verdictsAt(was, before, at);
    const now = would === was ? then : verdictsAt(would, after, at);
    const of = { type: last.type ?? '', team: last.team ?? null, priority: was.priority };
    const isChanged = this.count(number, of, then, now);
    if (isChanged) this.changedCases++;
  }

  report(): Report {
    const { cases, changedCases } = this;
    const groups = [...this.groups.entries()].sort(([one], [other]) => compare(one, other)).map(([, group]) => group);
    const changes = this.changes
      .sort(
        (one, other) =>
          compare(one.number, other.number) || compare(one.metric, other.metric) || one.cycle - other.cycle,
      )
      .slice(0, this.changesMax);
    const changedClocks = groups.reduce((sum, { changed }) => sum + changed, 0);
    return { cases, changedCases, changedClocks, groups, changes };
  }

  private count(
    number: string,
    of: Pick<Group, 'type' | 'team' | 'priority'>,
    then: readonly Verdict[],
    now: readonly Verdict[],
  ): boolean {
    let isChanged = false;
    for (const [was, would] of runsOf(then, now)) {
      const { metric, cycle } = was ?? would ?? { metric: '', cycle: 0 };
      const group = this.groupOf(of, metric);
      if (was) group.before[was.status]++;
      if (would) group.after[would.status]++;
      if (was?.status === would?.status) continue;
      group.changed++;
      isChanged = true;
      this.changes.push({ number, metric, cycle, before: sideOf(was), after: sideOf(would) });
    }
    return isChanged;
  }

  private groupOf(of: Pick<Group, 'type' | 'team' | 'priority'>, metric: string): Group & { changed: number } {
    const name = `${metric}\0${of.type}\0${of.priority}\0${of.team ?? ''}`;
    const known = this.groups.get(name);
    if (known) return known;
    const group = { ...of, metric, before: noCounts(), after: noCounts(), changed: 0 };
    this.groups.set(name, group);
    return group;
  }
}

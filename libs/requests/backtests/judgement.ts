import { BoundedMap } from '../../eventing/bounded-map';
import { type ClockState, type ClockTrack, evolveClocks } from '../../service-levels/clock-state';
import { secondsIn } from '../../service-levels/clocks';
import { clockOf, type Priority, type TermsBook } from '../../service-levels/policy';
import { Content, Course } from './population';

/**
 * The clocks of many cases under one book: what `judgeClocks` and `statusAt` say of each, without when it would be due.
 *
 * It rests on cases whose events say the same having the same intervals, whatever their instants: such a course is folded once, with
 * the places of the events for instants, and each case puts its own in their stead. Only a reopening and a merge ask how much time has
 * passed; what has one of them is folded by itself.
 */
const coursesKeptMax = 20_000;

/** How one run of one clock ended, or stands at an instant. */
export interface Verdict {
  readonly metric: string;
  readonly cycle: number;
  readonly status: 'met' | 'missed' | 'running' | 'paused' | 'breached' | 'cancelled';
  readonly targetSeconds: number;
  readonly elapsedSeconds: number;
}

export interface Judged {
  /** Of the case, as it is in the end. */
  readonly priority: Priority;
  readonly verdicts: readonly Verdict[];
}

type InstantOf = (instant: number) => number;

const asItIs: InstantOf = (instant) => instant;

const asksForTime = ({ kind }: Content): boolean => kind === 'reopened' || kind === 'absorbed';

const withoutTerms = ({ terms: _terms, ...content }: Content): Content => content;

export class Judgement {
  private readonly folded = new BoundedMap<string, ClockState>(coursesKeptMax);

  /** @param heeds the terms that events name, or none: then the book has but one answer */
  constructor(
    private readonly book: TermsBook,
    private readonly heeds: 'named terms' | 'no terms',
  ) {}

  /**
   * @param at epoch milliseconds; an earlier instant than that of the last event counts as that
   * @param course of the population whose courses are judged here, or one without a name
   */
  of(course: Course, at: number): Judged {
    const { contents, instants, lastAt } = course;
    const until = Math.max(at, lastAt);
    if (course.name === '' || contents.some(asksForTime))
      return this.judged(this.fold(contents, instants), asItIs, until);
    const known = this.folded.get(course.name) ?? this.keep(course);
    return this.judged(known, (place) => instants[place] ?? NaN, until);
  }

  private keep({ name, contents }: Course): ClockState {
    const state = this.fold(contents, [...contents.keys()]);
    this.folded.set(name, state);
    return state;
  }

  private fold(contents: readonly Content[], instants: readonly number[]): ClockState {
    let state: ClockState | undefined;
    for (const [place, content] of contents.entries()) {
      const heeded = this.heeds === 'named terms' ? content : withoutTerms(content);
      state = evolveClocks(state, { ...heeded, at: instants[place] ?? NaN, revision: place }, this.book);
    }
    if (!state) throw new Error('a course begins with its opening');
    return state;
  }

  private judged({ priority, tracks }: ClockState, instantOf: InstantOf, until: number): Judged {
    return { priority, verdicts: tracks.map((track) => this.verdictOf(track, instantOf, until)) };
  }

  private verdictOf(track: ClockTrack, instantOf: InstantOf, until: number): Verdict {
    const { metric, cycle, priority, outcome } = track;
    const target = clockOf(this.book(track.terms).policy, metric)?.targets[priority];
    if (!target) throw new RangeError(`there is no ${metric} of ${priority}`);
    const { targetSeconds } = target;
    const elapsedSeconds = this.elapsed(track, instantOf, until);
    const within = elapsedSeconds <= targetSeconds;
    return { metric, cycle, status: statusOf(track, outcome, within), targetSeconds, elapsedSeconds };
  }

  private elapsed({ intervals }: ClockTrack, instantOf: InstantOf, until: number): number {
    let seconds = 0;
    for (const { from, to, counted, calendar, terms } of intervals)
      if (counted) {
        const stretch = { from: instantOf(from), to: to === null ? null : instantOf(to), calendar, terms };
        seconds += secondsIn(stretch, this.book, until);
      }
    return seconds;
  }
}

function statusOf({ intervals }: ClockTrack, outcome: ClockTrack['outcome'], within: boolean): Verdict['status'] {
  switch (outcome) {
    case 'fulfilled':
      return within ? 'met' : 'missed';
    case 'cancelled':
      return 'cancelled';
    case 'open':
      if (!within) return 'breached';
      return intervals[intervals.length - 1]?.cause === 'held' ? 'paused' : 'running';
  }
}

import { availableParallelism } from 'node:os';
import { Pool } from 'pg';
import { plainOf } from '../../eventing/projections/connection.adapter';
import { compiledBeside, inThreads } from '../../eventing/workers/threads.adapter';
import { CLOCK_ENGINE_VERSION } from '../../service-levels/clocks';
import { knownContents, learnTerms } from '../../service-levels/known-terms';
import { Report, reportOf, Tally } from './backtest';
import type { ThreadPart } from './backtest-thread.adapter';
import { judgePart, PartProgress, PartRequest } from './judge-part.adapter';
import { readHead } from './mirror-scan.query';

/**
 * Runs a back-test over the mirror of the log.
 *
 * Guarantee: it reads `event_log` up to one sequence and nothing else, and writes nothing; so that a second run up to the same sequence
 * gives the same bytes, whatever happens meanwhile and in however many threads it is done. Cases are divided among the threads; a
 * short log is judged in the thread of the caller.
 */
const threadsMax = 4;
const sequencesPerThread = 100_000;

export interface BacktestRequest extends Pick<PartRequest, 'terms' | 'from' | 'to' | 'changesMax'> {
  /** Up to which event of the log; the newest when absent. */
  readonly sequence?: number | undefined;
}

export interface Manifest {
  readonly sequence: number;
  /** When the event at that sequence was recorded: clocks that still run are judged as of then. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly engine: number;
  readonly policy: string;
  readonly calendars: readonly string[];
  /** Digest of the policy's and the calendars' content. */
  readonly terms: string;
}

export interface BacktestResult extends Report {
  readonly manifest: Manifest;
}

export type BacktestProgress = PartProgress;

export interface BacktestSurroundings {
  readonly pool: Pool;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BacktestProgress) => void;
  /** Whoever waits for an answer of this process comes first. */
  readonly inBackground?: boolean;
  /** As many as the machine has processors for and the log is long enough for, when absent. */
  readonly threads?: number;
}

/** How far all parts together are: they are judged when the last of them has been read. */
const together = (parts: readonly PartProgress[]): BacktestProgress => {
  const reading = parts.filter(({ phase }) => phase === 'reading');
  const counted = reading.length ? reading : parts;
  const sum = (figure: 'done' | 'total'): number => counted.reduce((total, part) => total + part[figure], 0);
  if (!reading.length) return { phase: 'judging', done: sum('done'), total: sum('total') };
  // All of them read the same events, each its own cases' of them.
  return { phase: 'reading', done: Math.floor(sum('done') / reading.length), total: sum('total') / reading.length };
};

const judgeInThreads = (
  request: Omit<PartRequest, 'part'>,
  { pool, signal, onProgress, inBackground = false }: BacktestSurroundings,
  threads: number,
): Promise<readonly Tally[]> => {
  const reached: PartProgress[] = Array.from({ length: threads }, () => ({
    ...{ phase: 'reading', done: 0, total: request.until },
  }));
  const common = { ...request, database: plainOf(pool), contents: knownContents(), inBackground };
  const parts = reached.map((_, place): ThreadPart => ({ ...common, part: { place, of: threads } }));
  return inThreads<ThreadPart, PartProgress, Tally>(compiledBeside(__dirname, 'backtest-thread.adapter'), parts, {
    signal,
    onNote: (progress, place) => {
      reached[place] = progress;
      onProgress(together(reached));
    },
  });
};

/** @throws AbortError when the signal says so */
export const runBacktest = async (
  { terms, from, to, sequence, changesMax }: BacktestRequest,
  surroundings: BacktestSurroundings,
): Promise<BacktestResult> => {
  const { pool: db, signal, onProgress } = surroundings;
  const head = (await readHead(db, sequence)) ?? { sequence: 0, recordedAt: new Date(0).toISOString() };
  const [until, at] = [head.sequence, Date.parse(head.recordedAt)];
  const threads = surroundings.threads ?? threadsFor(until);
  const request = { terms, from, to, until, at, changesMax };
  const tallies =
    threads > 1
      ? await judgeInThreads(request, surroundings, threads)
      : [await judgePart({ ...request, part: { place: 0, of: 1 } }, { db, signal, onProgress })];
  return { manifest: manifestOf({ terms, from, to }, head), ...reportOf(tallies, changesMax) };
};

const threadsFor = (sequences: number): number =>
  Math.min(threadsMax, availableParallelism(), Math.ceil(sequences / sequencesPerThread));

const manifestOf = (
  { terms, from, to }: Pick<BacktestRequest, 'terms' | 'from' | 'to'>,
  head: { readonly sequence: number; readonly recordedAt: string },
): Manifest => ({
  ...{ sequence: head.sequence, at: head.recordedAt, engine: CLOCK_ENGINE_VERSION },
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  policy: `${terms.policy.id}@${terms.policy.revision}`,
  calendars: terms.calendars.map(({ id, revision }) => `${id}@${revision}`).sort(),
  terms: learnTerms(terms),
});

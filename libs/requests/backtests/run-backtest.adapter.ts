import { Pool } from 'pg';
import { Recorded, streamOf } from '../../eventing/event';
import { EventTypes } from '../../eventing/event-types';
import { LoggedEvent } from '../../eventing/projections/mirror';
import { readStreams } from '../../eventing/projections/projection-store.adapter';
import { type ServiceEvent } from '../../service-levels/clock-state';
import { CLOCK_ENGINE_VERSION } from '../../service-levels/clocks';
import { knownTerms, learnTerms, standardKey } from '../../service-levels/known-terms';
import { Terms } from '../../service-levels/policy';
import { instantOf, isClerical } from '../clock-events';
import { correctRequest } from '../corrections';
import { requestCategory, RequestEvent } from '../events';
import { Backtest, CaseFacts, Report } from './backtest';
import { isIdle } from './idle';
import { lineOf, meaningOf, meaningOfText, needsWhole } from './lines';
import { lineBreak, readHead, readLines } from './mirror-scan.query';
import { Facts, Population } from './population';

/**
 * Runs a back-test over the mirror of the log.
 *
 * Guarantee: it reads `event_log` up to one sequence and nothing else, and writes nothing; so that a second run up to the same sequence
 * gives the same bytes, whatever happens meanwhile. It gives way to other work of the process every few milliseconds.
 */
const sequencesPerPage = 20_000;
const casesPerLook = 64;
const sliceMilliseconds = 12;
const wholeCasesPerRead = 200;

export interface BacktestRequest {
  readonly terms: Terms;
  /** Epoch milliseconds between which cases were opened: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
  /** Up to which event of the log; the newest when absent. */
  readonly sequence?: number | undefined;
  readonly changesMax: number;
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

export interface BacktestProgress {
  readonly phase: 'reading' | 'judging';
  readonly done: number;
  readonly total: number;
}

export interface BacktestSurroundings {
  readonly pool: Pool;
  readonly types: EventTypes;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BacktestProgress) => void;
}

type Judge = (key: string, facts: CaseFacts, history: readonly (ServiceEvent | number)[]) => void;

interface Scanned {
  readonly population: Population;
  /** Cases to be read again with all of their events. */
  readonly whole: ReadonlySet<string>;
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const scan = async ({ pool, signal, onProgress }: BacktestSurroundings, until: number): Promise<Scanned> => {
  const [population, whole] = [new Population(), new Set<string>()];
  const page = (after: number): Promise<string> => readLines(pool, after, Math.min(after + sequencesPerPage, until));
  let [after, coming] = [0, page(0)];
  while (after < until) {
    const lines = await coming;
    signal.throwIfAborted();
    after = Math.min(after + sequencesPerPage, until);
    // The database finds the next page while this one is taken apart.
    if (after < until) coming = page(after);
    coming.catch(() => undefined);
    for (const text of lines ? lines.split(lineBreak) : []) {
      const line = lineOf(text);
      if (needsWhole(line)) whole.add(line.key);
      population.add(line.key, line.at, line.content, meaningOfText);
    }
    onProgress({ phase: 'reading', done: after, total: until });
  }
  population.close();
  return { population, whole };
};

const judgeWhole = (key: string, events: readonly Recorded<RequestEvent>[], judge: Judge): void => {
  const own = new Population();
  for (const event of events.filter((each) => !isClerical(each)))
    own.add(key, instantOf(event), String(event.revision), () => meaningOf(event));
  own.close();
  if (own.keys.length) judge(key, own.factsOf(0), own.history(0));
};

/** Histories of cases with corrections or older schemas, each from its whole events. */
const readWhole = async (
  { pool, types, signal }: BacktestSurroundings,
  keys: readonly string[],
  until: number,
  judge: Judge,
): Promise<void> => {
  for (let first = 0; first < keys.length; first += wholeCasesPerRead) {
    signal.throwIfAborted();
    const some = keys.slice(first, first + wholeCasesPerRead);
    const events = await readStreams(
      pool,
      some.map((key) => streamOf(requestCategory, key)),
    );
    const streams = new Map(some.map((key) => [streamOf(requestCategory, key), [] as LoggedEvent[]]));
    for (const event of events) if (event.sequence <= until) streams.get(event.stream)?.push(event);
    for (const key of some) {
      const own = streams.get(streamOf(requestCategory, key)) ?? [];
      judgeWhole(key, correctRequest(own.map((event) => types.decode<RequestEvent>(event))), judge);
    }
  }
};

const openedAt = (history: readonly (ServiceEvent | number)[]): number => {
  const opening = history.find((event) => typeof event !== 'number' && event.kind === 'opened');
  return typeof opening === 'object' ? opening.at : Number.NaN;
};

const asked = [
  ['types', 'type'],
  ['categories', 'category'],
  ['products', 'product'],
  ['teams', 'team'],
  ['priorities', 'priority'],
] as const;

const matching =
  ({ policy: { match } }: Terms) =>
  (facts: Facts): boolean =>
    asked.every(([list, fact]) => match[list]?.some((value) => value === facts[fact]) ?? true);

/** @throws AbortError when the signal says so */
export const runBacktest = async (
  { terms, from, to, sequence, changesMax }: BacktestRequest,
  surroundings: BacktestSurroundings,
): Promise<BacktestResult> => {
  const { pool, signal, onProgress } = surroundings;
  const head = (await readHead(pool, sequence)) ?? { sequence: 0, recordedAt: new Date(0).toISOString() };
  const at = Date.parse(head.recordedAt);
  const backtest = new Backtest({ before: knownTerms, after: () => terms, at, isFor: matching(terms) }, changesMax);
  const judge: Judge = (key, facts, history) => {
    const opened = openedAt(history);
    if (opened >= from && opened < to) backtest.add(key, facts, history);
  };
  const { population, whole } = await scan(surroundings, head.sequence);
  const policies = [terms.policy, ...[standardKey, ...population.terms()].map((key) => knownTerms(key).policy)];
  population.simplify((content) => isIdle(content, policies));
  let began = performance.now();
  for (const [index, key] of population.keys.entries()) {
    if (!whole.has(key)) judge(key, population.factsOf(index), population.history(index));
    if (index % casesPerLook === 0 && performance.now() - began > sliceMilliseconds) {
      onProgress({ phase: 'judging', done: index, total: population.keys.length });
      await pause();
      signal.throwIfAborted();
      began = performance.now();
    }
  }
  await readWhole(surroundings, [...whole], head.sequence, judge);
  return { manifest: manifestOf({ terms, from, to }, head), ...backtest.report() };
};

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

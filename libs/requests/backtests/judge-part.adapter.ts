import { Recorded, streamOf } from '../../eventing/event';
import { EventTypes } from '../../eventing/event-types';
import { LoggedEvent } from '../../eventing/projections/mirror';
import { Queryable, readStreams } from '../../eventing/projections/projection-store.adapter';
import { knownTerms, standardKey } from '../../service-levels/known-terms';
import { Terms } from '../../service-levels/policy';
import { instantOf, isClerical } from '../clock-events';
import { correctRequest } from '../corrections';
import { requestCategory, RequestEvent, requestEventTypes } from '../events';
import { Backtest, Tally } from './backtest';
import { isIdle } from './idle';
import { lineOf, meaningOf, meaningOfText, needsWhole } from './lines';
import { lineBreak, Part, readLines } from './mirror-scan.query';
import { CaseFacts, Course, Facts, Population } from './population';

/**
 * One part of the population, read and judged.
 *
 * It gives way to other work of its thread every few milliseconds.
 */
const sequencesPerPage = 20_000;
const casesPerLook = 64;
const sliceMilliseconds = 12;
const wholeCasesPerRead = 200;

export interface PartRequest {
  readonly terms: Terms;
  /** Epoch milliseconds between which cases were opened: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
  /** Up to which event of the log. */
  readonly until: number;
  /** Epoch milliseconds at which clocks that still run are judged. */
  readonly at: number;
  readonly changesMax: number;
  readonly part: Part;
}

export interface PartProgress {
  readonly phase: 'reading' | 'judging';
  readonly done: number;
  readonly total: number;
}

export interface PartSurroundings {
  readonly db: Queryable;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PartProgress) => void;
}

type Judge = (key: string, facts: CaseFacts, course: Course | undefined) => void;

interface Scanned {
  readonly population: Population;
  /** Cases to be read again with all of their events. */
  readonly whole: ReadonlySet<string>;
}

const types = new EventTypes().register(requestEventTypes);

/** What was read by itself is no course of the population. */
const nobodyElses = '';

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const scan = async ({ until, part }: PartRequest, { db, signal, onProgress }: PartSurroundings): Promise<Scanned> => {
  const [population, whole] = [new Population(), new Set<string>()];
  const page = (after: number): Promise<string> =>
    readLines(db, after, Math.min(after + sequencesPerPage, until), part);
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
  if (!own.keys.length) return;
  const course = own.courseOf(0);
  judge(key, own.factsOf(0), course && { ...course, name: nobodyElses });
};

/** Histories of cases with corrections or older schemas, each from its whole events. */
const readWhole = async (
  { db, signal }: PartSurroundings,
  keys: readonly string[],
  until: number,
  judge: Judge,
): Promise<void> => {
  for (let first = 0; first < keys.length; first += wholeCasesPerRead) {
    signal.throwIfAborted();
    const some = keys.slice(first, first + wholeCasesPerRead);
    const events = await readStreams(
      db,
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

/** @throws the signal's reason */
export const judgePart = async (request: PartRequest, surroundings: PartSurroundings): Promise<Tally> => {
  const { terms, from, to, until, at, changesMax } = request;
  const { signal, onProgress } = surroundings;
  const backtest = new Backtest({ before: knownTerms, after: () => terms, at, isFor: matching(terms) }, changesMax);
  const judge: Judge = (key, facts, course) => {
    const [opened = NaN] = course?.instants ?? [];
    if (course && opened >= from && opened < to) backtest.add(key, facts, course);
  };
  const { population, whole } = await scan(request, surroundings);
  const policies = [terms.policy, ...[standardKey, ...population.terms()].map((key) => knownTerms(key).policy)];
  population.simplify((content) => isIdle(content, policies));
  let began = performance.now();
  for (const [index, key] of population.keys.entries()) {
    if (!whole.has(key)) judge(key, population.factsOf(index), population.courseOf(index));
    if (index % casesPerLook === 0 && performance.now() - began > sliceMilliseconds) {
      onProgress({ phase: 'judging', done: index, total: population.keys.length });
      await pause();
      signal.throwIfAborted();
      began = performance.now();
    }
  }
  await readWhole(surroundings, [...whole], until, judge);
  return backtest.tally();
};

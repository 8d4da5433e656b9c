import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoredEvent, streamOf } from '../../../libs/eventing/event';
import { storedEvent } from '../../../libs/eventing/event-store.adapter';
import { Limiter } from '../../../libs/eventing/limits';
import { Engine } from '../../../libs/platform/engine/engine';
import { requestCategory, RequestEvent } from '../../../libs/requests/events';
import { liveContext } from '../../../libs/requests/read-models/testing/read-server';
import { Request, requestEvolution } from '../../../libs/requests/request';
import { opened } from '../../../libs/requests/testing/given';
import { Installation } from './installation';
import { wholeLog } from './invariants';
import { signal, treeOn } from './process-tree';
import { Random } from './random';

/** Many cases whose first response is due at about the same time, on a real server, which may be killed meanwhile. */
const writersMax = 64;
const drainMillisecondsMax = 120_000;
const lookEveryMilliseconds = 300;
const prepareMillisecondsMax = 120_000;
/** Of a P1, around the clock. */
const targetMilliseconds = 900_000;
const breachedAfter = 1_000;
/** What to open one of them may take. */
const openMilliseconds = 8;

export interface StormOptions {
  readonly cases: number;
  /** Timers a second; all at once when it is Infinity. */
  readonly perSecond: number;
  /** Kills of the server and its stores together, once the storm has begun. */
  readonly kills: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface StormReport {
  readonly cases: number;
  readonly kills: number;
  /** Cases of which the breach stands in the log once, at its due instant, with one word to the leads about it. */
  readonly exact: number;
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  readonly misdated: readonly string[];
  /** From the last due instant until the last breach was seen in the log; with kills, until somebody looked. */
  readonly drainedMilliseconds: number;
  /** From each due instant until its breach was seen in the log; empty when there were kills. */
  readonly latencies: readonly number[];
}

interface Planned {
  readonly number: string;
  /** Epoch milliseconds of the due instant. */
  readonly dueAt: number;
}

const second = (instant: number): number => Math.floor(instant / 1000) * 1000;

/** A case as if its opening had been imported and it was worked on just now: only what comes from now on is armed. */
const openCase = (engine: Engine, { number, dueAt }: Planned, customer: string): Promise<unknown> => {
  const occurredAt = new Date(dueAt - targetMilliseconds).toISOString();
  const opening = { ...opened({ number, customer }), notes: { origin: 'import:storm:1', occurredAt } };
  const work: RequestEvent = { type: 'RequestClassified', data: { category: 'storm' } };
  return engine.runner.execute<Request, RequestEvent>({
    ...{ evolution: requestEvolution, key: number, expects: 'new', body: {}, context: liveContext('storm') },
    decide: () => [opening, work],
  });
};

const openAll = async (engine: Engine, planned: readonly Planned[]): Promise<void> => {
  const [limiter, customer] = [new Limiter(writersMax), randomUUID()];
  await Promise.all(planned.map((each) => limiter.run(() => openCase(engine, each, customer))));
};

const isAbout = (type: string, { type: found, data }: StoredEvent): boolean =>
  found === type && Object(data).metric === 'first-response' && (Object(data).cause ?? 'breached') === 'breached';

const byStream = (events: readonly StoredEvent[], type: string): ReadonlyMap<string, readonly StoredEvent[]> => {
  const found = new Map<string, StoredEvent[]>();
  for (const event of events)
    if (isAbout(type, event)) found.set(event.stream, [...(found.get(event.stream) ?? []), event]);
  return found;
};

const streamOfCase = ({ number }: Planned): string => streamOf(requestCategory, number);

type Verdict = Pick<StormReport, 'exact' | 'missing' | 'doubled' | 'misdated'>;

/** Compares what was planned with what stands in the log. */
export const judgeStorm = (planned: readonly Planned[], events: readonly StoredEvent[]): Verdict => {
  const [breaches, notices] = [byStream(events, 'ServiceLevelBreached'), byStream(events, 'ServiceLevelNotified')];
  const counts = (each: Planned): readonly number[] =>
    [breaches, notices].map((found) => found.get(streamOfCase(each))?.length ?? 0);
  const missing = planned.filter((each) => counts(each).includes(0)).map(({ number }) => number);
  const doubled = planned.filter((each) => counts(each).some((count) => count > 1)).map(({ number }) => number);
  const misdated = planned
    .filter((each) => {
      const at = breaches.get(streamOfCase(each))?.[0]?.metadata.occurredAt;
      return at !== undefined && Date.parse(at) !== second(each.dueAt);
    })
    .map(({ number }) => number);
  const wrong = new Set([...missing, ...doubled, ...misdated]);
  return { exact: planned.length - wrong.size, missing, doubled, misdated };
};

/** When each breach was seen in the log, by stream; goes on until all were, or the time is over. */
const watch = async (engine: Engine, streams: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> => {
  const seen = new Map<string, number>();
  const subscription = engine.store.subscribe([requestCategory], await engine.store.head());
  const late = setTimeout(() => void subscription.unsubscribe(), prepareMillisecondsMax + drainMillisecondsMax);
  for await (const resolved of subscription) {
    const event = storedEvent(resolved);
    if (!event || !isAbout('ServiceLevelBreached', event) || !streams.has(event.stream)) continue;
    if (!seen.has(event.stream)) seen.set(event.stream, Date.now());
    if (seen.size === streams.size) break;
  }
  clearTimeout(late);
  return seen;
};

const kill = async (installation: Installation): Promise<void> => {
  signal(treeOn(installation.data).all, 'SIGKILL');
  installation.down();
  await installation.server.ended;
  await installation.start();
};

const untilComplete = async (
  installation: Installation,
  planned: readonly Planned[],
): Promise<readonly StoredEvent[]> =>
  installation.beside(async (engine) => {
    for (const deadline = Date.now() + drainMillisecondsMax; ; await sleep(lookEveryMilliseconds)) {
      const events = await wholeLog(engine);
      if (!judgeStorm(planned, events).missing.length || Date.now() > deadline) return events;
    }
  });

const planOf = ({ cases, perSecond }: StormOptions, firstDueAt: number): readonly Planned[] =>
  Array.from({ length: cases }, (_, index) => ({
    number: `CSR-STORM-${firstDueAt}-${index}`,
    dueAt: firstDueAt + (index * 1000) / perSecond,
  }));

interface Prepared {
  readonly planned: readonly Planned[];
  readonly seen: Promise<ReadonlyMap<string, number>>;
  readonly close: () => Promise<void>;
}

/** Work on an imported case arms what comes after it: on a machine that was too slow to open them all, others are opened. */
const inTime = async (installation: Installation, options: StormOptions): Promise<Prepared> => {
  for (let milliseconds = 5_000 + options.cases * openMilliseconds; ; milliseconds *= 4) {
    const prepared = await prepare(installation, options, milliseconds);
    if ((prepared.planned[0]?.dueAt ?? 0) > Date.now()) return prepared;
    if (milliseconds > prepareMillisecondsMax) throw new Error(`${options.cases} cases cannot be opened in time`);
    await prepared.close();
  }
};

/** @param prepareMilliseconds how long it takes to open the cases; the first one is due after that */
const prepare = async (
  installation: Installation,
  options: StormOptions,
  prepareMilliseconds: number,
): Promise<Prepared> => {
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (close = resolve));
  return new Promise((resolve, reject) => {
    const beside = installation.beside(async (engine) => {
      const planned = planOf(options, second(Date.now()) + prepareMilliseconds);
      const seen = watch(engine, new Set(planned.map(streamOfCase)));
      seen.catch(() => undefined);
      await openAll(engine, planned);
      resolve({ planned, seen, close: () => (close(), beside) });
      await closed;
    });
    beside.catch(reject);
  });
};

export const runStorm = async (installation: Installation, options: StormOptions): Promise<StormReport> => {
  const { cases, kills, seed, say } = options;
  const random = new Random(seed);
  await installation.start();
  const { planned, seen, close } = await inTime(installation, options);
  const [first, last] = [planned[0]?.dueAt ?? 0, planned.at(-1)?.dueAt ?? 0];
  say(`${cases} cases opened, ${Math.round((first - Date.now()) / 1000)} s before the first is due`);
  let latencies: readonly number[] = [];
  let drainedAt = 0;
  if (kills === 0) {
    const arrivals = await seen;
    latencies = planned.flatMap((each) => {
      const at = arrivals.get(streamOfCase(each));
      return at === undefined ? [] : [at - second(each.dueAt) - breachedAfter];
    });
    drainedAt = Math.max(...arrivals.values());
  }
  await close();
  for (let strike = 0; strike < kills; strike++) {
    await sleep(Math.max(0, first + breachedAfter - Date.now()) + random.between(0, 700));
    say(`kill ${strike + 1}`);
    await kill(installation);
  }
  const events = await untilComplete(installation, planned);
  if (kills > 0) drainedAt = Date.now();
  const drainedMilliseconds = drainedAt - second(last) - breachedAfter;
  return { cases, kills, ...judgeStorm(planned, events), drainedMilliseconds, latencies };
};

import { Lab } from './lab';
import { Read } from './reads';
import { measureDistribution } from './routing';
import { Measured, Row, Unit } from './row';
import { storeRows } from './store-rows';
import { Timings } from './statistics';

/**
 * Every row of the benchmark: what it is called for ever, what it means, and what it is compared with in the same run.
 * These are the names that others rely on.
 */
export const promisedNames = [
  'commands.c1.perSecond',
  'commands.c32.perSecond',
  'commands.c32.p99',
  'commands.c256.perSecond',
  'append.c32.perSecond',
  'queue.page.p99',
  'request.get.p99',
  'request.history.p99',
  'projection.lag.p99',
  'rebuild.eventsPerSecond',
  'rebuild.emmett.eventsPerSecond',
  'memory.rest.megabytes',
  'start.cold.milliseconds',
  'start.warm.milliseconds',
] as const;

const better = (unit: Unit): Row['better'] => (unit === 'ms' || unit === 'MB' ? 'lower' : 'higher');

type Figure = keyof Timings;

const unitOf = (figure: Figure, counted: Unit): Unit => (figure === 'perSecond' ? counted : 'ms');

/** Commands beside the bare client's appends at as many callers. */
const commandRow = (callers: 1 | 32 | 256, figure: Figure): Row => {
  const unit = unitOf(figure, 'commands/s');
  const measure = async (lab: Lab): Promise<Measured> => {
    const value = (await lab.commands(callers))[figure];
    return {
      value,
      baseline: { name: `append.c${callers}.${figure}`, value: (await lab.appends(callers))[figure] },
    };
  };
  return { name: `commands.c${callers}.${figure}`, unit, better: better(unit), measure };
};

const processorRow: Row = {
  ...{ name: 'commands.c32.processorMilliseconds', unit: 'ms', better: 'lower' },
  measure: async (lab) => ({ value: (await lab.commands(32)).processorMilliseconds }),
};

/** The bare client's appends beside what the disk alone does. */
const appendRow = (callers: 1 | 32 | 256, figure: Figure): Row => {
  const unit = unitOf(figure, 'events/s');
  const measure = async (lab: Lab): Promise<Measured> => ({
    value: (await lab.appends(callers))[figure],
    baseline: { name: `disk.c${callers}.${figure}`, value: (await lab.disk(callers))[figure] },
  });
  return { name: `append.c${callers}.${figure}`, unit, better: better(unit), measure };
};

/** Reads beside a bare route that answers with as much. @param timed how they are measured: among what has been appended, or among many rows */
const readRow = (
  name: string,
  read: Read,
  figure: Figure,
  timed = (lab: Lab): Promise<Timings> => lab.read(read),
): Row => {
  const unit = unitOf(figure, 'calls/s');
  const measure = async (lab: Lab): Promise<Measured> => ({
    value: (await timed(lab))[figure],
    baseline: { name: `route.bare.get.${figure}`, value: (await lab.bareRoute()).get[figure] },
  });
  return { name: `${name}.${figure}`, unit, better: better(unit), measure };
};

const readAmongManyRow = (name: string, read: Read): Row =>
  readRow(`${name}.many`, read, 'p99', (lab) => lab.readAmongMany(read));

const row = (name: string, unit: Unit, measure: Row['measure'], absent?: string): Row => ({
  ...{ name, unit, better: better(unit), measure, absent },
});

const lagRow = (figure: 'p50' | 'p99'): Row =>
  row(`projection.lag.${figure}`, 'ms', async (lab) => {
    const { visible, plainRead } = await lab.steady();
    return {
      value: visible[figure],
      baseline: { name: `request.get.steady500.${figure}`, value: plainRead[figure] },
    };
  });

const eventsLagRow = (figure: 'p50' | 'p99'): Row =>
  row(`projection.lag.events500.${figure}`, 'ms', async (lab) => ({
    value: (await lab.lag())[figure],
    baseline: { name: `append.c1.${figure}`, value: (await lab.appends(1))[figure] },
  }));

const steadyRow = (figure: 'p50' | 'p99'): Row =>
  row(`commands.steady500.${figure}`, 'ms', async (lab) => ({
    value: (await lab.steady()).commands[figure],
    baseline: { name: `append.c1.${figure}`, value: (await lab.appends(1))[figure] },
  }));

const rebuildRow = (name: string, figure: 'all' | 'queueAlone'): Row =>
  row(name, 'events/s', async (lab) => {
    const rates = await lab.rebuild();
    return { value: rates[figure], baseline: { name: 'rebuild.sql.eventsPerSecond', value: rates.byHand } };
  });

const emmettRow = row(
  'rebuild.emmett.eventsPerSecond',
  'events/s',
  async (lab) => {
    const value = await lab.emmett();
    if (value === undefined) return undefined;
    return {
      value,
      baseline: { name: 'rebuild.queue.eventsPerSecond', value: (await lab.rebuild()).queueAlone },
    };
  },
  'set CASEFOLD_BENCH_EMMETT to a folder where @event-driven-io/emmett-postgresql is installed',
);

const startRow = (figure: 'cold' | 'warm'): Row =>
  row(`start.${figure}.milliseconds`, 'ms', async (lab) => ({
    value: (await lab.starts())[figure],
    baseline: { name: 'start.bare.milliseconds', value: (await lab.bareRoute()).startMilliseconds },
  }));

const memoryRow = (name: string, megabytes: (lab: Lab) => Promise<number>): Row =>
  row(name, 'MB', async (lab) => ({
    value: await megabytes(lab),
    baseline: { name: 'memory.bare.megabytes', value: (await lab.bareRoute()).megabytes },
  }));

export const rows: readonly Row[] = [
  commandRow(1, 'perSecond'),
  commandRow(1, 'p50'),
  commandRow(1, 'p99'),
  commandRow(32, 'perSecond'),
  commandRow(32, 'p50'),
  commandRow(32, 'p99'),
  processorRow,
  commandRow(256, 'perSecond'),
  commandRow(256, 'p99'),
  steadyRow('p50'),
  steadyRow('p99'),
  lagRow('p50'),
  lagRow('p99'),
  appendRow(1, 'perSecond'),
  appendRow(32, 'perSecond'),
  appendRow(256, 'perSecond'),
  row('route.bare.perSecond', 'calls/s', async (lab) => ({ value: (await lab.bareRoute()).post.perSecond })),
  memoryRow('memory.rest.megabytes', async (lab) => (await lab.starts()).megabytesAtRest),
  startRow('cold'),
  startRow('warm'),
  // As many as were asked for, or as many as could be made in the time there is.
  row('population.cases', 'cases', async (lab) => ({ value: (await lab.populated()).cases })),
  row('population.eventsPerSecond', 'events/s', async (lab) => {
    const { events, seconds } = await lab.populated();
    return {
      value: events / seconds,
      baseline: { name: 'append.c32.perSecond', value: (await lab.appends(32)).perSecond },
    };
  }),
  readRow('queue.page', 'queue', 'p50'),
  readRow('queue.page', 'queue', 'p99'),
  readRow('queue.page', 'queue', 'perSecond'),
  readRow('request.get', 'request', 'p50'),
  readRow('request.get', 'request', 'p99'),
  readRow('request.history', 'history', 'p50'),
  readRow('request.history', 'history', 'p99'),
  readRow('customer.overview', 'customer', 'p50'),
  readRow('customer.overview', 'customer', 'p99'),
  readRow('customer.overview', 'customer', 'perSecond'),
  readRow('search.rare', 'searchRare', 'p99'),
  readRow('search.frequent', 'searchFrequent', 'p99'),
  readRow('search.filter', 'searchFilter', 'p99'),
  readRow('request.similar', 'similar', 'p99'),
  readRow('request.asOf', 'pastRequest', 'p50'),
  readRow('request.asOf', 'pastRequest', 'p99'),
  readRow('queue.asOf', 'pastQueue', 'p50'),
  readRow('queue.asOf', 'pastQueue', 'p99'),
  eventsLagRow('p50'),
  eventsLagRow('p99'),
  row('projection.catchUp.eventsPerSecond', 'events/s', async (lab) => ({
    value: (await lab.populated()).caughtUpPerSecond,
    baseline: { name: 'rebuild.eventsPerSecond', value: (await lab.rebuild()).all },
  })),
  memoryRow('memory.after.megabytes', (lab) => lab.memoryAfter()),
  rebuildRow('rebuild.eventsPerSecond', 'all'),
  rebuildRow('rebuild.queue.eventsPerSecond', 'queueAlone'),
  row('clocks.evaluate.perSecond', 'calls/s', async (lab) => ({ value: (await lab.clocks()).evaluations })),
  row('clocks.due.perSecond', 'calls/s', async (lab) => {
    const { dueInOfficeHours: value, dueAroundTheClock } = await lab.clocks();
    return { value, baseline: { name: 'clocks.due.always.perSecond', value: dueAroundTheClock } };
  }),
  row('routing.decisionsPerSecond', 'calls/s', async () => ({ value: measureDistribution() })),
  row('routing.given.perSecond', 'cases/s', async (lab) => ({
    value: await lab.giving(),
    baseline: { name: 'routing.decisionsPerSecond', value: measureDistribution() },
  })),
  row('backtest.casesPerSecond', 'cases/s', async (lab) => {
    const { cases, seconds, scanSeconds } = await lab.backtest();
    return { value: cases / seconds, baseline: { name: 'database.scan.casesPerSecond', value: cases / scanSeconds } };
  }),
  row('backtest.megabytes', 'MB', async (lab) => ({ value: (await lab.backtest()).megabytes })),
  row('timers.next.p99', 'ms', async (lab) => {
    const { next, bare } = await lab.timers();
    return { value: next, baseline: { name: 'database.bare.p99', value: bare } };
  }),
  readAmongManyRow('queue.page', 'queue'),
  readAmongManyRow('request.get', 'request'),
  readAmongManyRow('customer.overview', 'customer'),
  readAmongManyRow('search.rare', 'searchRare'),
  readAmongManyRow('search.frequent', 'searchFrequent'),
  readAmongManyRow('search.filter', 'searchFilter'),
  readAmongManyRow('request.similar', 'similar'),
  // Writes tables of its own into the database.
  emmettRow,
  // Last, because they need nothing of what is above and take long.
  ...storeRows,
];

import type { Lab } from './lab';
import type { Row, Unit } from './row';
import { batchSizes, storeCallers, type StoreFigures } from './store';

/** The event store alone; beside each row its limit, the same client at a server that answers without storing. */
const row = (name: string, unit: Unit, figure: (figures: StoreFigures) => number): Row => ({
  ...{ name: `store.${name}`, unit, better: unit === 'ms' || unit === 'MB' ? 'lower' : 'higher' },
  measure: async (lab: Lab) => ({
    value: figure(await lab.store('stored')),
    baseline: { name: `limit.${name}`, value: figure(await lab.store('answered')) },
  }),
});

export const storeRows: readonly Row[] = [
  ...storeCallers.flatMap((callers) => [
    row(`append.c${callers}.perSecond`, 'events/s', ({ appends }) => appends[callers].perSecond),
    row(`append.c${callers}.p50`, 'ms', ({ appends }) => appends[callers].p50),
    row(`append.c${callers}.p99`, 'ms', ({ appends }) => appends[callers].p99),
  ]),
  ...batchSizes.map((size) => row(`batch${size}.eventsPerSecond`, 'events/s', ({ batches }) => batches[size])),
  row('readAll.eventsPerSecond', 'events/s', ({ readAll }) => readAll),
  row('readStream.eventsPerSecond', 'events/s', ({ readStream }) => readStream),
  row('readStreamOf8.p50', 'ms', ({ readEight }) => readEight.p50),
  row('readStreamOf8.p99', 'ms', ({ readEight }) => readEight.p99),
  row('live.p50', 'ms', ({ live }) => live.p50),
  row('live.p99', 'ms', ({ live }) => live.p99),
  row('filteredAll.eventsPerSecond', 'events/s', ({ filtered }) => filtered),
  row('memory.megabytes', 'MB', ({ megabytes }) => megabytes),
];

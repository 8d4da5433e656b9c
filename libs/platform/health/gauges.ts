import { Gauge } from 'prom-client';
import { metrics } from './metrics';

/** What a gauge is called, what it means, and where its value stands in what was read. */
export type Gauges<Reading> = Readonly<
  Record<string, { readonly help: string; readonly of: (reading: Reading) => number }>
>;

/** Gauges that are read when somebody asks. When nothing can be read the last values stay. */
export const showGauges = <Reading>(gauges: Gauges<Reading>, read: () => Promise<Reading>): void => {
  for (const [name, { help, of }] of Object.entries(gauges)) {
    metrics.removeSingleMetric(name);
    new Gauge({
      ...{ name, help, registers: [metrics] },
      async collect() {
        const reading = await read().catch(() => undefined);
        if (reading !== undefined) this.set(of(reading));
      },
    });
  }
};

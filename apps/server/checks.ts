import { readQuarantine } from '../../libs/eventing/projections/quarantine.adapter';
import { Stores } from '../../libs/platform/embedded/stores';
import { Engine } from '../../libs/platform/engine/engine';
import { HealthCheck } from '../../libs/platform/health/health-checks';
import { Worker } from './worker';

/** Whether each store answers. */
export const storesCheck = (stores: Stores): HealthCheck => ({
  name: 'stores',
  check: () => {
    const states = stores.state();
    const down = Object.values(states).some(({ status }) => status !== 'up');
    return Promise.resolve({ status: down ? 'red' : 'green', details: states });
  },
});

/** How far the read models are behind the log, and which cases stand still. */
export const workerCheck = (engine: Engine, worker: Worker | undefined): HealthCheck => ({
  name: 'projections',
  check: async () => {
    const [position, quarantined] = await Promise.all([engine.positions.current(), readQuarantine(engine.pool)]);
    return {
      status: quarantined.length ? 'amber' : 'green',
      details: {
        position: String(position),
        leads: worker?.projections.leads ?? false,
        quarantined: quarantined.length,
      },
    };
  },
});

import { readAuditSummary, readMismatches } from '../../libs/eventing/audit/audit-store.adapter';
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

const mismatchesNamed = 5;

/** Whether the read models are what the log makes of them, as far as the self-audit has looked. */
export const auditCheck = ({ pool }: Engine): HealthCheck => ({
  name: 'audit',
  check: async () => {
    const [{ streams, mismatches, wholePassAt }, found] = await Promise.all([
      readAuditSummary(pool),
      readMismatches(pool),
    ]);
    const named = found.slice(0, mismatchesNamed).map(({ stream, part }) => `${stream} ${part}`);
    return {
      // A wrong row makes the answers about one case wrong; to send nobody here would make all of them missing.
      status: mismatches ? 'amber' : 'green',
      details: { verifiedIn24Hours: streams, wholePassAt, mismatches, ...(named.length ? { named } : {}) },
    };
  },
});

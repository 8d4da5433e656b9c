import { readAuditSummary, readMismatches } from '../../libs/eventing/audit/audit-store.adapter';
import { HeldStream, readHeld } from '../../libs/eventing/processes/held-streams.adapter';
import { Quarantined, readQuarantine } from '../../libs/eventing/projections/quarantine.adapter';
import { Stores } from '../../libs/platform/embedded/stores';
import { Engine } from '../../libs/platform/engine/engine';
import { HealthCheck } from '../../libs/platform/health/health-checks';
import { idle, Keeper } from './keeper';

/** Whether each store answers. */
export const storesCheck = (stores: Stores): HealthCheck => ({
  name: 'stores',
  check: () => {
    const states = stores.state();
    const down = Object.values(states).some(({ status }) => status !== 'up');
    return Promise.resolve({ status: down ? 'red' : 'green', details: states });
  },
});

const behindSecondsMax = 10;
const standingNamed = 5;

// The error may quote what is in the event, and the page is public; it stands in `casefold projections`.
const standing = ({ projection, key, revision, eventId, since }: Quarantined): object => ({
  ...{ projection, key, revision, eventId, since },
});

const left = ({ process, stream, eventId, since }: HeldStream): object => ({ process, stream, eventId, since });

/** How far the read models are behind the log, what keeps them from it, and which cases stand still there or in a process. */
export const workerCheck = (engine: Engine, keeper: Keeper | undefined): HealthCheck => ({
  name: 'projections',
  check: async () => {
    const [{ position, asOf }, quarantined, held] = await Promise.all([
      engine.positions.reach(),
      readQuarantine(engine.pool),
      readHeld(engine.pool),
    ]);
    const { leads, isDiverged, trouble } = keeper?.state ?? idle;
    const behindSeconds = asOf ? Math.max(0, Math.round((Date.now() - asOf.getTime()) / 1000)) : null;
    const isBehind = behindSeconds !== null && behindSeconds > behindSecondsMax;
    return {
      status: isDiverged ? 'red' : quarantined.length || held.length || isBehind ? 'amber' : 'green',
      details: {
        position: String(position),
        ...{ asOf, behindSeconds },
        leads,
        ...(isDiverged ? { reason: 'the log is not the one that the read models were made from' } : {}),
        ...(trouble ? { trouble } : {}),
        quarantined: quarantined.length,
        ...(quarantined.length ? { standing: quarantined.slice(0, standingNamed).map(standing) } : {}),
        held: held.length,
        ...(held.length ? { left: held.slice(0, standingNamed).map(left) } : {}),
      },
    };
  },
});

const mismatchesNamed = 5;

/** Whether what is derived is what the log makes of it, as far as the self-audit has looked. */
export const auditCheck = ({ pool }: Engine): HealthCheck => ({
  name: 'audit',
  check: async () => {
    const [{ streams, mismatches, wholePassAt }, found] = await Promise.all([
      readAuditSummary(pool),
      readMismatches(pool),
    ]);
    const named = found.slice(0, mismatchesNamed).map(({ stream, part }) => `${stream} ${part}`);
    return {
      // What is wrong makes the answers about one case wrong; to send nobody here would make all of them missing.
      status: mismatches ? 'amber' : 'green',
      details: { verifiedIn24Hours: streams, wholePassAt, mismatches, ...(named.length ? { named } : {}) },
    };
  },
});

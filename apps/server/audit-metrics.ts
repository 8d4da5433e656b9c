import { AuditSummary, readAuditSummary } from '../../libs/eventing/audit/audit-store.adapter';
import { Engine } from '../../libs/platform/engine/engine';
import { Gauges, showGauges } from '../../libs/platform/health/gauges';

const millisecondsPerSecond = 1_000;

const gauges: Gauges<AuditSummary> = {
  casefold_audit_verified_streams_24h: {
    help: 'Streams whose chain, copies, rows, words and files were compared with the log in the last 24 hours',
    of: ({ streams }) => streams,
  },
  casefold_audit_verified_events_24h: { help: 'Events of these streams', of: ({ events }) => events },
  casefold_audit_mismatches: {
    help: 'Differences from the log that still are there',
    of: ({ mismatches }) => mismatches,
  },
  casefold_audit_whole_pass_timestamp_seconds: {
    help: 'When the last pass through the whole log ended; 0 before the first',
    of: ({ wholePassAt }) => (wholePassAt?.getTime() ?? 0) / millisecondsPerSecond,
  },
};

/** Shows what the self-audit has seen, whichever worker did it. */
export const measureAudits = ({ pool }: Engine): void => showGauges(gauges, () => readAuditSummary(pool));

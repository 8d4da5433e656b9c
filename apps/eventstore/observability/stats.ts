import { statSync } from 'node:fs';
import type { GrpcServer } from '../grpc/grpc-server';
import type { EventLog } from '../log/event-log';

/** What the server says of itself, as flat names and numbers; read when asked for, so that asking costs the most. */
export type Stats = () => Record<string, number>;

export const statsOf =
  (log: EventLog, server: GrpcServer): Stats =>
  () => {
    const memory = process.memoryUsage();
    return {
      'process-uptime-seconds': Math.round(process.uptime()),
      'process-memory-resident-bytes': memory.rss,
      'process-memory-heap-bytes': memory.heapUsed,
      'grpc-connections': server.connections,
      'grpc-calls-open': server.openCalls,
      'log-end-position': log.endPosition,
      'log-file-bytes': statSync(log.path).size,
      'appends-stored': log.counts.appends,
      'appends-refused': log.counts.refused,
      'events-stored': log.counts.events,
      'commits-done': log.counts.commits,
      'commits-failed': log.counts.failures,
      'appends-waiting': log.waiting,
    };
  };

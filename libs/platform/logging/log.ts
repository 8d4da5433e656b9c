import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** Structured, one line each, on stderr. What is logged are codes, routes, ids of ours and durations: no names, no bodies. */
export type Log = Logger;

/** @param isTerminal a person looks at it: only what needs their attention is told */
export const createLog = ({ isTerminal }: { readonly isTerminal: boolean }): Log =>
  pino(
    { level: isTerminal ? 'warn' : 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );

/** Nest tells how it wires itself at length; its warnings and errors are what others need. */
export const nestLog = (log: Log): LoggerService => ({
  log: () => undefined,
  warn: (message: unknown, context?: unknown) => log.warn({ context }, String(message)),
  error: (message: unknown, ...rest: unknown[]) => log.error({ context: rest.at(-1) }, String(message)),
  fatal: (message: unknown, ...rest: unknown[]) => log.fatal({ context: rest.at(-1) }, String(message)),
});

import { CommanderError } from 'commander';
import { CommandIdReused, NotFound, RevisionMismatch, Unavailable } from '../../libs/eventing/failures';
import { Rejection } from '../../libs/eventing/rejection';
import { ConfigError } from '../../libs/platform/config/config';
import { DirectoryHeld } from '../../libs/platform/embedded/directory-lock';

/** The command line's answers to its caller; scripts rely on them. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unavailable: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a sentence for whoever gave it. */
export class Failed extends Error {
  override readonly name = 'Failed';

  constructor(
    readonly outcome: Exclude<keyof typeof exitCodes, 'done'>,
    message: string,
  ) {
    super(message);
  }
}

export interface Ending {
  readonly exitCode: ExitCode;
  /** For standard error; absent when everything was said already. */
  readonly message?: string;
}

const refusals = [Rejection, NotFound, CommandIdReused, RevisionMismatch];
const lostConnections = /ECONNREFUSED|ECONNRESET|ENOENT.*\.s\.PGSQL|UNAVAILABLE|terminating connection/;

/** What an error says of itself. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What an error means for the caller. */
export const endingOf = (error: unknown): Ending => {
  const message = messageOf(error);
  if (error instanceof Failed) return { exitCode: exitCodes[error.outcome], message };
  // Commander has said it on its own.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage };
  if (error instanceof ConfigError) return { exitCode: exitCodes.usage, message };
  if (error instanceof DirectoryHeld || error instanceof Unavailable)
    return { exitCode: exitCodes.unavailable, message };
  if (refusals.some((refusal) => error instanceof refusal))
    return { exitCode: exitCodes.refused, message: message || 'there is no such thing' };
  if (lostConnections.test(message)) return { exitCode: exitCodes.unavailable, message: `a store is gone: ${message}` };
  return { exitCode: exitCodes.refused, message: `unexpected: ${message}` };
};

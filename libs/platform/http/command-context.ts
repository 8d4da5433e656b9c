import { v4 as uuidv4 } from 'uuid';
import { CommandContext } from '../../eventing/command-runner';
import { commandIdOf } from '../../eventing/envelope';
import { Caller } from '../auth/caller';

/** What a request's headers say about the command it carries. */
export interface CommandHeaders {
  readonly idempotencyKey: string | undefined;
  readonly ifMatch: number | undefined;
  readonly traceparent: string | undefined;
}

/** What a command follows from, where it is not somebody's own idea. */
export interface Cause {
  readonly correlationId: string;
  /** Id of an event or a command. */
  readonly causationId: string;
  /** Rules that led to it, itself the last; see `EventMetadata.rules`. */
  readonly rules?: string | undefined;
}

export interface CommandOrigin {
  readonly caller: Pick<Caller, 'id'>;
  /** Stream, or name of the operation that makes one; an idempotency key is good for one target. */
  readonly target: string;
  readonly headers: CommandHeaders;
  readonly now: Date;
  readonly cause?: Cause | undefined;
}

/** Context of a command that came in from outside. Without a key of the caller's the command can have no retry. */
export const contextOf = ({ caller, target, headers, now, cause }: CommandOrigin): CommandContext => {
  const commandId = commandIdOf(caller.id, target, headers.idempotencyKey ?? uuidv4());
  return {
    actor: caller.id,
    commandId,
    fresh: headers.idempotencyKey === undefined,
    correlationId: cause?.correlationId ?? commandId,
    causationId: cause?.causationId ?? commandId,
    rules: cause?.rules,
    recordedAt: now.toISOString(),
    origin: 'live',
    ifMatch: headers.ifMatch,
    traceparent: headers.traceparent,
  };
};

/** Context of a command that a process gives in answer to an event; the same event gives the same command for ever. */
export const reactionContext = (
  process: string,
  event: { readonly id: string; readonly metadata: { readonly $correlationId: string; readonly rules?: string } },
  now: Date,
): CommandContext => ({
  actor: process,
  commandId: commandIdOf(process, 'reaction', event.id),
  // A reaction has no body that could differ, so that the store may recognise its repetition by the event's id.
  fresh: true,
  correlationId: event.metadata.$correlationId,
  causationId: event.id,
  rules: event.metadata.rules,
  recordedAt: now.toISOString(),
  origin: 'live',
});

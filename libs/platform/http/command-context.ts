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

export interface CommandOrigin {
  readonly caller: Pick<Caller, 'id'>;
  /** Stream, or name of the operation that makes one; an idempotency key is good for one target. */
  readonly target: string;
  readonly headers: CommandHeaders;
  readonly now: Date;
}

/** Context of a command that came in from outside. Without a key of the caller's the command can have no retry. */
export const contextOf = ({ caller, target, headers, now }: CommandOrigin): CommandContext => {
  const commandId = commandIdOf(caller.id, target, headers.idempotencyKey ?? uuidv4());
  return {
    actor: caller.id,
    commandId,
    fresh: headers.idempotencyKey === undefined,
    correlationId: commandId,
    causationId: commandId,
    recordedAt: now.toISOString(),
    origin: 'live',
    ifMatch: headers.ifMatch,
    traceparent: headers.traceparent,
  };
};

/** Context of a command that a process gives in answer to an event; the same event gives the same command for ever. */
export const reactionContext = (
  process: string,
  event: { readonly id: string; readonly metadata: { readonly $correlationId: string } },
  now: Date,
): CommandContext => ({
  actor: process,
  commandId: commandIdOf(process, 'reaction', event.id),
  // A reaction has no body that could differ, so that the store may recognise its repetition by the event's id.
  fresh: true,
  correlationId: event.metadata.$correlationId,
  causationId: event.id,
  recordedAt: now.toISOString(),
  origin: 'live',
});

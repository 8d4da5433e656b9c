import { applyDecorators, createParamDecorator, ExecutionContext } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, Role } from '../platform/auth/caller';
import { CommandHeaders } from '../platform/http/command-context';
import { commandHeaders } from '../platform/http/command-headers.http';
import { commandRoute } from '../platform/http/command-route.http';
import { malformed } from '../platform/http/problem';
import { handlePattern, isId } from './handles';

/** Whom a command comes from, and which team or member of staff it is for. */
export interface DirectoryTarget {
  /** Handle or id. */
  readonly id: string;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

/** An order about a team or somebody. Each verb has a class of its own, which the command bus knows its handler by. */
export abstract class DirectoryCommand<Body extends object> {
  constructor(
    readonly target: DirectoryTarget,
    readonly body: Body,
  ) {}
}

interface TargetedRequest {
  readonly params: { readonly id: string };
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export const Target = createParamDecorator((_: unknown, context: ExecutionContext): DirectoryTarget => {
  const { params, caller, headers } = context.switchToHttp().getRequest<TargetedRequest>();
  if (!isId(params.id) && !handlePattern.test(params.id))
    throw malformed('MALFORMED_REQUEST', 'Neither a handle nor an id.');
  return { id: params.id, caller, headers: commandHeaders(headers) };
});

/** The route of one verb. */
export const DirectoryRoute = (verb: string, roles: readonly Role[]): MethodDecorator =>
  applyDecorators(
    commandRoute({
      verb,
      path: `:id/${verb}`,
      roles,
      of: { name: 'id', example: 'alice', description: 'handle or id' },
    }),
    ApiTags('teams'),
  );

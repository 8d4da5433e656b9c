import { applyDecorators, ExecutionContext, HttpCode, Post, SetMetadata, Type, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { Allow } from '../auth/auth.guard';
import { Role } from '../auth/caller';
import { CommandAnswer, CommandAnswerInterceptor } from './command-answer.http';

/** What the routes of commands share; each domain makes its own of them. */
interface CommandRoute {
  readonly verb: string;
  /** When it is not called like the verb. */
  readonly path?: string;
  readonly roles: readonly Role[];
  /** What stands in the path. */
  readonly of?: {
    readonly name: string;
    readonly example?: string;
    readonly format?: string;
    readonly description?: string;
  };
  /** What `If-Match` names. */
  readonly revision?: string;
}

const decidedOn = 'the revision that the decision rests on, in quotes';
const ApiIdempotencyKey = (): MethodDecorator => ApiHeader({ name: 'Idempotency-Key', required: false });

const verbKey = 'casefold:verb';

/** The verb of the route that was called. */
export const verbOf = (context: ExecutionContext): string => {
  const verb: unknown = Reflect.getMetadata(verbKey, context.getHandler());
  if (typeof verb !== 'string') throw new Error('this is not the route of a verb');
  return verb;
};

/** A command that answers in its own way. */
export const verbRoute = ({ verb, path = verb, roles, of, revision = decidedOn }: CommandRoute): MethodDecorator =>
  applyDecorators(
    Post(path),
    SetMetadata(verbKey, verb),
    HttpCode(200),
    Allow(...roles),
    ...(of ? [ApiParam(of)] : []),
    ApiIdempotencyKey(),
    ApiHeader({ name: 'If-Match', required: false, description: revision }),
  );

/** A command that answers as commands do. */
export const commandRoute = (route: CommandRoute): MethodDecorator =>
  applyDecorators(verbRoute(route), UseInterceptors(CommandAnswerInterceptor), ApiOkResponse({ type: CommandAnswer }));

/** A command that begins something, which has no revision yet. @param answer when it is more than what commands answer */
export const openingRoute = (roles: readonly Role[], answer: Type<CommandAnswer> = CommandAnswer): MethodDecorator =>
  applyDecorators(
    Post(),
    HttpCode(201),
    Allow(...roles),
    UseInterceptors(CommandAnswerInterceptor),
    ApiIdempotencyKey(),
    ApiCreatedResponse({ type: answer }),
  );

import {
  applyDecorators,
  CallHandler,
  createParamDecorator,
  ExecutionContext,
  Get,
  Injectable,
  NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiParam,
  ApiQuery,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { catchError, Observable, tap, throwError } from 'rxjs';
import { Allow } from '../../platform/auth/auth.guard';
import { Caller } from '../../platform/auth/caller';
import { Engine } from '../../platform/engine/engine';
import { Parameter, position, readQuery } from '../../platform/http/query-parameters';
import { incompleteness, notShownYet } from './incomplete.http';
import { mayRead, Scope, scopeOf } from '../permissions';

/** What all routes that read share: who may, how new the answer is, and which parameters there are. */
interface ReadRequest {
  readonly query: unknown;
  readonly params: { readonly number?: string };
  readonly caller: Caller;
  /** Set by the interceptor, before anything is read: what is read later is at least as new. */
  readPosition?: string;
}

const afterOf = (query: unknown): bigint | undefined => {
  const { after } = Object(query);
  return after === undefined ? undefined : readQuery({ after }, { after: position }).after;
};

/** Waits until the read models have passed `?after=`, bounded, and says in the headers how far they are and what they lack. */
@Injectable()
export class PositionInterceptor implements NestInterceptor {
  constructor(private readonly engine: Engine) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<ReadRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { position: reached, stale, standing, asOf } = await this.engine.positions.passed(afterOf(request.query));
    request.readPosition = String(reached > 0n ? reached : 0n);
    void reply.header('casefold-position', request.readPosition);
    if (asOf) void reply.header('casefold-recorded-until', asOf.toISOString());
    if (stale) void reply.header('casefold-stale', 'true');
    // A customer who asks for another's case must not learn from this that there is one.
    const isStaff = scopeOf(request.caller).customer === undefined;
    const lacking = await incompleteness(this.engine, standing, request.params.number);
    if (lacking === undefined) return next.handle();
    return next.handle().pipe(
      tap(() => void reply.header('casefold-incomplete', lacking)),
      catchError((error: unknown) => throwError(() => (isStaff && request.params.number ? notShownYet(error) : error))),
    );
  }
}

/** Position that the answer is at least as new as. */
export const ReadPosition = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { readPosition } = context.switchToHttp().getRequest<ReadRequest>();
  if (readPosition === undefined) throw new Error('this route does not ask for the position');
  return readPosition;
});

type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The query, read strictly. `after` belongs to every route. */
export const QueryOf = createParamDecorator((parameters: Parameters | undefined, context: ExecutionContext) =>
  readQuery(context.switchToHttp().getRequest<ReadRequest>().query, { after: position, ...parameters }),
);

/** Values of a route's parameters. */
export type ValuesOf<P extends Parameters> = { readonly [K in keyof P]?: ReturnType<P[K]> };

const callerScope = createParamDecorator((_: unknown, context: ExecutionContext): Scope =>
  scopeOf(context.switchToHttp().getRequest<ReadRequest>().caller),
);

/** What the caller may see. */
export const CallerScope = (): ParameterDecorator => callerScope();

/** A route that reads: who may use it stands in the table of permissions. */
export const ReadRoute = (path: string, what: keyof typeof mayRead): MethodDecorator =>
  applyDecorators(
    Get(path),
    Allow(...mayRead[what]),
    UseInterceptors(PositionInterceptor),
    ApiTags('read models'),
    ApiBearerAuth(),
    ApiQuery({ name: 'after', required: false, description: 'wait, at most 2 s, until this position has been read' }),
    ...(path.startsWith(':number') ? [ApiParam({ name: 'number', type: String, example: 'CSR-7K3-M9Q-XA4' })] : []),
    ApiUnauthorizedResponse({ description: 'no valid token' }),
    ApiForbiddenResponse({ description: 'the role may not read this' }),
    ApiNotFoundResponse({ description: 'there is no such case, or none that the caller may see' }),
    ApiUnprocessableEntityResponse({ description: 'a parameter is unknown or its value is wrong' }),
  );

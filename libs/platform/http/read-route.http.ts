import {
  applyDecorators,
  CallHandler,
  createParamDecorator,
  ExecutionContext,
  Get,
  Injectable,
  NestInterceptor,
  Type,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiQuery,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { catchError, Observable, tap, throwError } from 'rxjs';
import { Allow } from '../auth/auth.guard';
import { Caller, Role, Scope, scopeOf } from '../auth/caller';
import { Engine } from '../engine/engine';
import { Parameter, position, readQuery } from './query-parameters';

/** What all routes that read share: who may, how new the answer is, and which parameters there are. */
export interface ReadRequest {
  readonly query: unknown;
  readonly params: Readonly<Record<string, string | undefined>>;
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
  constructor(protected readonly engine: Engine) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<ReadRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { position: reached, stale, standing, asOf } = await this.engine.positions.passed(afterOf(request.query));
    request.readPosition = String(reached > 0n ? reached : 0n);
    void reply.header('casefold-position', request.readPosition);
    if (asOf) void reply.header('casefold-recorded-until', asOf.toISOString());
    if (stale) void reply.header('casefold-stale', 'true');
    const lacking = standing ? await this.lacking(standing, request) : undefined;
    if (lacking === undefined) return next.handle();
    return next.handle().pipe(
      tap(() => void reply.header('casefold-incomplete', lacking)),
      catchError((error: unknown) => throwError(() => this.refusal(error, request))),
    );
  }

  /** What an answer lacks while so many keys stand still; undefined when it lacks nothing. */
  protected lacking(standing: number, _request: ReadRequest): Promise<string | undefined> {
    return Promise.resolve(String(standing));
  }

  /** What becomes of a refusal while something is lacking. */
  protected refusal(error: unknown, _request: ReadRequest): unknown {
    return error;
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

interface Reading {
  readonly roles: readonly Role[];
  readonly tag: string;
  /** What 404 means here. */
  readonly missing: string;
  readonly interceptor?: Type<PositionInterceptor>;
}

/** A route that reads, as each domain makes its own of it. */
export const readRoute = (
  path: string,
  { roles, tag, missing, interceptor = PositionInterceptor }: Reading,
): MethodDecorator =>
  applyDecorators(
    Get(path),
    Allow(...roles),
    UseInterceptors(interceptor),
    ApiTags(tag),
    ApiQuery({ name: 'after', required: false, description: 'wait, at most 2 s, until this position has been read' }),
    ApiUnauthorizedResponse({ description: 'no valid token' }),
    ApiForbiddenResponse({ description: 'the role may not read this' }),
    ApiNotFoundResponse({ description: missing }),
    ApiUnprocessableEntityResponse({ description: 'a parameter is unknown or its value is wrong' }),
  );

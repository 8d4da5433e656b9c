import {
  applyDecorators,
  CallHandler,
  createParamDecorator,
  ExecutionContext,
  HttpCode,
  Injectable,
  NestInterceptor,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { map, Observable } from 'rxjs';
import { Outcome } from '../eventing/command-runner';
import { Allow } from '../platform/auth/auth.guard';
import { Caller } from '../platform/auth/caller';
import { CommandHeaders } from '../platform/http/command-context';
import { commandHeaders } from '../platform/http/command-headers.http';
import { malformed } from '../platform/http/problem';
import { mayPromise } from './permissions';

/** What every command on policies and calendars answers. Its revision is that of the book: there is one order for all of them. */
export class BookAnswer {
  @ApiProperty({ example: 'gold' }) readonly id: string;
  @ApiProperty({ example: '3', description: 'revision of the book after the command' }) readonly revision: string;
  @ApiProperty({ example: '81745', description: 'to wait on with ?after=' }) readonly position: string;
  @ApiProperty({ type: [String], example: ['PolicyActivated'], description: 'empty when it was already so' })
  readonly events: readonly string[];
}

/** Whom a command comes from, and which policy or calendar it is for. */
export interface BookTarget {
  readonly id: string;
  readonly verb: string;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

/** An order for the book. Each verb has a class of its own, which the command bus knows its handler by. */
export abstract class BookCommand<Body extends object> {
  constructor(
    readonly target: BookTarget,
    readonly body: Body,
  ) {}
}

interface TargetedRequest {
  readonly params: { readonly id: string };
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const idPattern = /^[a-z0-9][a-z0-9-]{0,39}$/;

export const Target = createParamDecorator((verb: string, context: ExecutionContext): BookTarget => {
  const { params, caller, headers } = context.switchToHttp().getRequest<TargetedRequest>();
  if (!idPattern.test(params.id))
    throw malformed('MALFORMED_REQUEST', 'An id has up to 40 lower-case letters, digits and dashes.');
  return { id: params.id, verb, caller, headers: commandHeaders(headers) };
});

@Injectable()
export class BookAnswerInterceptor implements NestInterceptor<Outcome, BookAnswer> {
  intercept(context: ExecutionContext, next: CallHandler<Outcome>): Observable<BookAnswer> {
    const http = context.switchToHttp();
    const { id } = http.getRequest<TargetedRequest>().params;
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((outcome) => answer(id, outcome, reply)));
  }
}

const answer = (id: string, { revision, position, events, replayed }: Outcome, reply: FastifyReply): BookAnswer => {
  const reached = String(position > 0n ? position : 0n);
  void reply.header('etag', `"${revision}"`).header('casefold-position', reached);
  if (replayed) void reply.header('idempotency-replayed', 'true');
  return { id, revision: String(revision), position: reached, events };
};

/** The route of one verb. */
export const BookRoute = (verb: string): MethodDecorator =>
  applyDecorators(
    Post(`:id/${verb}`),
    HttpCode(200),
    Allow(...mayPromise),
    UseInterceptors(BookAnswerInterceptor),
    ApiTags('service levels'),
    ApiParam({ name: 'id', example: 'gold' }),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiHeader({ name: 'If-Match', required: false, description: 'the revision of the book, in quotes' }),
    ApiOkResponse({ type: BookAnswer }),
  );

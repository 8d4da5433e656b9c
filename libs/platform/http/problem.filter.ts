import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../logging/log';
import type { KnownRoutes } from './known-routes';
import { Problem, problemMediaType } from './problem';
import { problemFor } from './problem-for';

/** The last stop of every failure inside Nest: one problem document for the caller, one line for us when it is our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: KnownRoutes,
    private readonly log: Log,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    const problem = this.isMiss(error, request)
      ? this.routes.missed(request.method, pathOf(request))
      : problemFor(error);
    this.record(problem, request);
    // An answer that has begun, such as a stream, cannot be taken back; cutting it off is how its reader learns of it.
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, problem, pathOf(request));
  }

  private record(problem: Problem, { method, routeOptions: { url: route } }: FastifyRequest): void {
    // Whoever asks whether we are ready asks again in a moment, and what is not ready was logged when it changed.
    if (problem.status < 500 || problem.code === 'NOT_READY') return;
    this.log.error({ ...describe(problem), method, route }, 'request failed');
  }

  /** Nest's own words for "no route"; a handler that finds nothing says so with the engine's NotFound. */
  private isMiss(error: unknown, request: FastifyRequest): boolean {
    return error instanceof NotFoundException && request.is404;
  }
}

const sendProblem = (reply: FastifyReply, problem: Problem, instance: string): void => {
  const body = JSON.stringify(problem.body(instance));
  void reply.code(problem.status).headers(problem.headers).type(problemMediaType).send(body);
};

interface RawAnswer {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

/** For a failure below Fastify's own replies. */
export const endWithProblem = (raw: RawAnswer, problem: Problem, instance: string): void => {
  const body = JSON.stringify(problem.body(instance));
  raw.writeHead(problem.status, {
    ...problem.headers,
    'content-type': problemMediaType,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
  });
  raw.end(body);
};

/** Without the query, which may hold what somebody searched for. */
export const pathOf = ({ url }: { readonly url: string }): string => url.split('?', 1)[0] ?? '/';

/** What the log may know. Messages of the database repeat values of rows, so only its codes are kept. */
const describe = ({ code, cause, stack }: Problem): Record<string, unknown> => {
  if (!(cause instanceof Error)) return { code, stack };
  const { name, message, stack: causeStack } = cause;
  if ('severity' in cause && 'code' in cause) return { code, name, sqlState: cause.code, stack: framesOf(causeStack) };
  return { code, name, message, stack: framesOf(causeStack) };
};

const framesOf = (stack: string | undefined): string[] =>
  stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];

import type { Type, DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { measureRequests } from '../health/metrics';
import { type Log, nestLog } from '../logging/log';
import { readBodiesStrictly } from './body-parser';
import { answerClientError } from './client-error';
import { httpLimits } from './http-limits';
import { KnownRoutes } from './known-routes';
import { Problem } from './problem';
import { ProblemFilter, endWithProblem, pathOf } from './problem.filter';
import { problemFor } from './problem-for';
import { checkRequests } from './request-checks';
import { addSecurityHeaders } from './security-headers';
import { StrictValidation } from './validation.pipe';

/** A Nest application that answers every request, however broken, in the terms of interface.md. Not listening yet. */
export const createHttpServer = async (
  root: Type | DynamicModule,
  { log }: { readonly log: Log },
): Promise<NestFastifyApplication> => {
  const adapter = new FastifyAdapter(serverOptions);
  const server: FastifyInstance = adapter.getInstance();
  server.server.maxHeadersCount = httpLimits.headersMax + 1;
  server.server.on('checkExpectation', refuseExpectation);
  const routes = new KnownRoutes(server);
  measureRequests(server);
  checkRequests(server);
  addSecurityHeaders(server);
  readBodiesStrictly(server);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    logger: nestLog(log),
    // Who starts us prints one reason and ends; Nest would end the process itself, with the stores still running.
    abortOnError: false,
  });
  app.useGlobalPipes(new StrictValidation());
  app.useGlobalFilters(new ProblemFilter(routes, log));
  return app;
};

/** Node would answer with an empty page to whoever expects something else than to go on. */
const refuseExpectation = ({ url = '/' }: IncomingMessage, response: ServerResponse): void => {
  const problem = new Problem('EXPECTATION_FAILED', 'Expect 100-continue, or nothing.', {
    headers: { connection: 'close' },
  });
  endWithProblem(response, problem, pathOf({ url }));
};

const serverOptions: ConstructorParameters<typeof FastifyAdapter>[0] = {
  logger: false,
  bodyLimit: httpLimits.bodyBytesMax,
  requestTimeout: httpLimits.requestMillisecondsMax,
  keepAliveTimeout: httpLimits.keepAliveMilliseconds,
  routerOptions: { maxParamLength: httpLimits.pathParameterCharactersMax },
  forceCloseConnections: 'idle',
  // Who is connected when we stop gets the answer, and is told to connect anew; the refusal would not be a problem document.
  return503OnClosing: false,
  clientErrorHandler: answerClientError,
  // An address that cannot be decoded reaches neither hooks nor Nest.
  frameworkErrors: (error, request, reply) => endWithProblem(reply.raw, problemFor(error), pathOf(request)),
  http: {
    // Checked with everything else; Node would answer without a body.
    requireHostHeader: false,
    maxHeaderSize: httpLimits.headersBytesMax,
    headersTimeout: httpLimits.headersMillisecondsMax,
    connectionsCheckingInterval: httpLimits.timeoutCheckMilliseconds,
  },
};

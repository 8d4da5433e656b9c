import type { FastifyInstance } from 'fastify';
import { Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Of this process. Slices add theirs with `registers: [metrics]`. */
export const metrics = new Registry();

collectDefaultMetrics({ register: metrics });

const requestSeconds = new Histogram({
  name: 'casefold_http_request_seconds',
  help: 'Time from the first byte of a request to the last of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
});

/** The route is the pattern, never the address: numbers of cases would make a time series each, and tell on people. */
export const measureRequests = (server: FastifyInstance): void => {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    requestSeconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
};

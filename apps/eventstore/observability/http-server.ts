import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Gauge, Registry } from 'prom-client';
import type { Stats } from './stats';

/**
 * Health, statistics and metrics over HTTP, on a port of their own: the gRPC port speaks HTTP/2 only. Reading them
 * changes nothing, so only GET and HEAD are answered.
 */
export const startHttp = (port: number, host: string, stats: Stats): Promise<Server> => {
  const registry = metricsOf(stats);
  const server = createServer((request, response) => {
    answer(request, response, stats, registry).catch(() => send(response, 500, 'text/plain', 'error\n'));
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 100;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  stats: Stats,
  registry: Registry,
): Promise<void> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'GET only\n');
  switch (request.url) {
    case '/health/live':
      // The real server answers 204 too.
      return send(response, 204, 'text/plain', '');
    case '/stats':
      return send(response, 200, 'application/json', JSON.stringify(stats()));
    case '/metrics':
      return send(response, 200, registry.contentType, await registry.metrics());
    default:
      return send(response, 404, 'text/plain', 'not found\n');
  }
};

const send = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, status === 204 ? {} : { 'content-type': type });
  response.end(body);
};

const metricsOf = (stats: Stats): Registry => {
  const registry = new Registry();
  for (const name of Object.keys(stats())) {
    new Gauge({
      name: `eventstore_${name.replaceAll('-', '_')}`,
      help: name.replaceAll('-', ' '),
      registers: [registry],
      collect() {
        this.set(stats()[name] ?? 0);
      },
    });
  }
  return registry;
};

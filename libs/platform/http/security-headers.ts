import type { FastifyInstance } from 'fastify';

const headers: readonly (readonly [string, string])[] = [
  // Answers are about people; no cache on the way may keep one.
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
];

/** Closed by default; a page that needs more, such as the console, sets its own and keeps it. */
export const addSecurityHeaders = (server: FastifyInstance): void => {
  server.addHook('onSend', (_request, reply, payload, done) => {
    for (const [name, value] of headers) if (!reply.hasHeader(name)) void reply.header(name, value);
    done(null, payload);
  });
};

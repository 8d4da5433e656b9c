import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpLimits } from './http-limits';
import { Problem } from './problem';

/** Refuses, before the body is read, what two readers of the same request could understand differently. */
export const checkRequests = (server: FastifyInstance): void => {
  server.addHook('onRequest', (request, _reply, done) => {
    try {
      checkHeaders(request);
      checkHost(request);
      checkAddress(request);
      checkAccept(request);
      checkEncoding(request);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error('the request cannot be checked'));
    }
  });
};

const oncePerRequest = ['authorization', 'host', 'content-type', 'idempotency-key', 'if-match'];

const checkHeaders = ({ raw: { rawHeaders } }: FastifyRequest): void => {
  if (rawHeaders.length > 2 * httpLimits.headersMax)
    throw new Problem('HEADERS_TOO_LARGE', `Send at most ${httpLimits.headersMax} headers.`);
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (seen.has(name) && oncePerRequest.includes(name)) throw malformedRequest(`The header ${name} stands twice.`);
    seen.add(name);
  }
};

// A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
const hostPattern = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/;

const checkHost = ({ headers: { host } }: FastifyRequest): void => {
  if (host === undefined || !hostPattern.test(host)) throw malformedRequest('The Host header is not a host.');
};

const checkAddress = ({ raw: { url = '' } }: FastifyRequest): void => {
  if (!url.startsWith('/') && url !== '*') throw malformedRequest('Send the path alone as the target.');
  if (/%00/.test(url)) throw malformedRequest('The address holds a zero character.');
};

// What the routes of /v1 answer with. The contract itself comes as YAML too, and a file as what it is.
const served = /(^|,)\s*(\*\/\*|application\/(\*|json|problem\+json|x-ndjson)|text\/(\*|event-stream))\s*([;,]|$)/i;

const checkAccept = ({ headers: { accept }, raw: { url = '' } }: FastifyRequest): void => {
  if (!accept || !url.startsWith('/v1/') || /^\/v1\/(openapi|requests\/[^/]+\/attachments\/)/.test(url)) return;
  if (!served.test(accept)) throw new Problem('NOT_ACCEPTABLE', 'The answer is application/json.');
};

const checkEncoding = ({ headers }: FastifyRequest): void => {
  const transfer = headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked')
    throw malformedRequest('The transfer encoding is not chunked.');
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Problem('UNSUPPORTED_ENCODING', 'Send the body as it is, without a content encoding.');
  }
};

const malformedRequest = (detail: string): Problem => new Problem('MALFORMED_REQUEST', detail);

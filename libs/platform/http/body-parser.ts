import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpLimits } from './http-limits';
import { Problem } from './problem';
import { parseStrictJson } from './strict-json';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes what is no JSON as it comes, and sees to its size and type itself. */
    readonly takesStream?: boolean;
  }
}

/** JSON in UTF-8 is the only body there is, but where a route takes a stream; everything else is 415. */
export const readBodiesStrictly = (server: FastifyInstance): void => {
  server.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: httpLimits.bodyBytesMax } as const;
  server.addContentTypeParser('application/json', options, (request, body: Buffer, done) => {
    try {
      checkCharset(request);
      done(null, parseStrictJson(body));
    } catch (error) {
      done(error instanceof Error ? error : new Error('the body cannot be read'));
    }
  });
  server.addContentTypeParser('*', (request, stream, done) => {
    if (request.routeOptions.config.takesStream) done(null, stream);
    else done(notJson());
  });
};

const notJson = (): Problem => new Problem('UNSUPPORTED_MEDIA_TYPE', 'Send application/json in UTF-8.');

const jsonOnly = /^application\/json[ \t]*(;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?;?$/i;

const checkCharset = ({ headers }: FastifyRequest): void => {
  if (!jsonOnly.test(headers['content-type'] ?? '')) {
    throw notJson();
  }
};

import { applyDecorators, createParamDecorator, ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Problem } from './problem';

/** A route whose body is a file. */
export const TakesStream = (): MethodDecorator =>
  applyDecorators(
    RouteConfig({ takesStream: true }),
    ApiConsumes('application/octet-stream'),
    ApiBody({ schema: { type: 'string', format: 'binary' } }),
  );

export interface StreamedBody {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Lower case, without parameters. */
  readonly mediaType: string;
  readonly disposition: string | undefined;
}

/** The body as it comes. @throws Problem UNSUPPORTED_MEDIA_TYPE for JSON, which was read as a body of ours */
export const BodyStream = createParamDecorator((_: unknown, context: ExecutionContext): StreamedBody => {
  const { body, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!(body instanceof Readable))
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'Send the bytes of a file; JSON as application/octet-stream.');
  return {
    pieces: body,
    mediaType: (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() || 'application/octet-stream',
    disposition: headers['content-disposition'],
  };
});

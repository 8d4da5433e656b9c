import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { knownProblems } from '../../libs/platform/http/problem-table';
import { completeContract, Contract } from './openapi-contract';
import { withNullTypes } from './openapi-nullable';

/** The contract as OpenAPI 3.1, made from the routes themselves. */
export const openApiOf = (app: NestFastifyApplication): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setTitle('Casefold')
    .setDescription('Event-sourced case management: commands append events, queries read what is derived from them.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addSecurityRequirements('bearer')
    .build();
  const made = withNullTypes(SwaggerModule.createDocument(app, config, { autoTagControllers: false }));
  return completeContract(made as OpenAPIObject & Contract, knownProblems());
};

// Swagger's page carries its start-up script and styles in itself; it shows nothing but the contract.
const pagePolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** Serves `/v1/openapi.json` and, for people, `/docs`. The document is made at its first use, which keeps the start short. */
export const serveOpenApi = (app: NestFastifyApplication): void => {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (request.url.startsWith('/docs')) void reply.header('content-security-policy', pagePolicy);
      done();
    });
  let made: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (made ??= openApiOf(app)), {
    jsonDocumentUrl: 'v1/openapi.json',
    yamlDocumentUrl: 'v1/openapi.yaml',
  });
};

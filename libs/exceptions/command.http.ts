import { applyDecorators, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { commandRoute } from '../platform/http/command-route.http';
import { numberedTarget } from '../platform/http/typed-number.http';
import { ExceptionNumberPipe } from './number.http';
import { ExceptionVerb, mayExcept } from './permissions';

/** A controller of verbs on one exception. */
export const ExceptionController = (): ClassDecorator =>
  applyDecorators(Controller('v1/exceptions/:number'), ApiTags('exceptions'));

/** The route of one verb: who may use it stands in the table of permissions. */
export const ExceptionRoute = (verb: ExceptionVerb): MethodDecorator =>
  commandRoute({ path: verb, roles: mayExcept[verb], of: { name: 'number', example: 'CER-7K3-M9Q-XA4' } });

/** What the route knows beside the body. @throws Problem NOT_FOUND, with what may have been meant, for a number that is none */
export const Target = numberedTarget<ExceptionVerb>(ExceptionNumberPipe);

import { applyDecorators, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Role } from '../platform/auth/caller';
import { commandRoute } from '../platform/http/command-route.http';
import { numberedTarget } from '../platform/http/typed-number.http';
import { ExceptionNumberPipe } from './number.http';

/** A controller of verbs on one exception. */
export const ExceptionController = (): ClassDecorator =>
  applyDecorators(Controller('v1/exceptions/:number'), ApiTags('exceptions'));

/** The route of one verb, and who may use it. */
export const ExceptionRoute = (verb: string, roles: readonly Role[]): MethodDecorator =>
  commandRoute({ verb, roles, of: { name: 'number', example: 'CER-7K3-M9Q-XA4' } });

/** What the route knows beside the body. @throws Problem NOT_FOUND, with what may have been meant, for a number that is none */
export const Target = numberedTarget(ExceptionNumberPipe);

import { applyDecorators, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Role } from '../platform/auth/caller';
import { commandRoute } from '../platform/http/command-route.http';
import { numberedTarget } from '../platform/http/typed-number.http';
import { NumberPipe } from './number.http';

/** A controller of one verb on a case. */
export const RequestController = (): ClassDecorator =>
  applyDecorators(Controller('v1/requests/:number'), ApiTags('requests'));

/** The route of one verb, and who may use it. @param path when it is not called like the verb */
export const RequestRoute = (verb: string, roles: readonly Role[], path: string = verb): MethodDecorator =>
  commandRoute({ verb, path, roles, of: { name: 'number', example: 'CSR-7K3-M9Q-XA4' } });

/** What the route knows beside the body. @throws Problem NOT_FOUND, with what may have been meant, for a number that is none */
export const Target = numberedTarget(NumberPipe);

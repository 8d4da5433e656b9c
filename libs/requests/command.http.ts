import { applyDecorators, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { commandRoute } from '../platform/http/command-route.http';
import { numberedTarget } from '../platform/http/typed-number.http';
import { NumberPipe } from './number.http';
import { mayCommand } from './permissions';

type Verb = Exclude<keyof typeof mayCommand, 'open'>;

/** A controller of one verb on a case. */
export const RequestController = (): ClassDecorator =>
  applyDecorators(Controller('v1/requests/:number'), ApiTags('requests'));

/** The route of one verb: who may use it stands in the table of permissions. @param path when it is not called like the verb */
export const RequestRoute = (verb: Verb, path: string = verb): MethodDecorator =>
  commandRoute({ path, roles: mayCommand[verb], of: { name: 'number', example: 'CSR-7K3-M9Q-XA4' } });

/** What the route knows beside the body. @throws Problem NOT_FOUND, with what may have been meant, for a number that is none */
export const Target = numberedTarget<Verb>(NumberPipe);

import {
  applyDecorators,
  Controller,
  createParamDecorator,
  ExecutionContext,
  HttpCode,
  Injectable,
  PipeTransform,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/auth/auth.guard';
import { Caller } from '../platform/auth/caller';
import { CommandAnswer, CommandAnswerInterceptor } from '../platform/http/command-answer.http';
import { commandHeaders } from '../platform/http/command-headers.http';
import { NumberPipe } from './number.http';
import { mayCommand } from './permissions';
import { CommandTarget } from './request-commands.handler';

type Verb = Exclude<keyof typeof mayCommand, 'open'>;

/** A controller of one verb on a case. */
export const RequestController = (): ClassDecorator =>
  applyDecorators(Controller('v1/requests/:number'), ApiTags('requests'));

/** The route of one verb: who may use it stands in the table of permissions. @param path when it is not called like the verb */
export const RequestRoute = (verb: Verb, path: string = verb): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(200),
    Allow(...mayCommand[verb]),
    UseInterceptors(CommandAnswerInterceptor),
    ApiParam({ name: 'number', example: 'CSR-7K3-M9Q-XA4' }),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiHeader({ name: 'If-Match', required: false, description: 'the revision that the decision rests on, in quotes' }),
    ApiOkResponse({ type: CommandAnswer }),
  );

interface TargetedRequest {
  readonly params: { readonly number: string };
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const typedTarget = createParamDecorator((verb: Verb, context: ExecutionContext): CommandTarget => {
  const request = context.switchToHttp().getRequest<TargetedRequest>();
  return { number: request.params.number, verb, caller: request.caller, headers: commandHeaders(request.headers) };
});

/** Makes the number of a target exact, as it is for the routes that read. */
@Injectable()
class ExactTarget implements PipeTransform<CommandTarget, Promise<CommandTarget>> {
  constructor(private readonly numbers: NumberPipe) {}

  async transform(target: CommandTarget): Promise<CommandTarget> {
    return { ...target, number: await this.numbers.transform({ text: target.number, caller: target.caller }) };
  }
}

/** What the route knows beside the body. @throws Problem NOT_FOUND, with what may have been meant, for a number that is none */
export const Target = (verb: Verb): ParameterDecorator => typedTarget(verb, ExactTarget);

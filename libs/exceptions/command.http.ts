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
import { ExceptionTarget } from './exception-commands.handler';
import { ExceptionNumberPipe } from './number.http';
import { ExceptionVerb, mayExcept } from './permissions';

/** A controller of verbs on one exception. */
export const ExceptionController = (): ClassDecorator =>
  applyDecorators(Controller('v1/exceptions/:number'), ApiTags('exceptions'));

/** The route of one verb: who may use it stands in the table of permissions. */
export const ExceptionRoute = (verb: ExceptionVerb): MethodDecorator =>
  applyDecorators(
    Post(verb),
    HttpCode(200),
    Allow(...mayExcept[verb]),
    UseInterceptors(CommandAnswerInterceptor),
    ApiParam({ name: 'number', example: 'CER-7K3-M9Q-XA4' }),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiHeader({ name: 'If-Match', required: false, description: 'the revision that the decision rests on, in quotes' }),
    ApiOkResponse({ type: CommandAnswer }),
  );

interface TargetedRequest {
  readonly params: { readonly number: string };
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const typedTarget = createParamDecorator((verb: ExceptionVerb, context: ExecutionContext): ExceptionTarget => {
  const { params, caller, headers } = context.switchToHttp().getRequest<TargetedRequest>();
  return { number: params.number, verb, caller, headers: commandHeaders(headers) };
});

/** Makes the number of a target exact, as it is for the routes that read. */
@Injectable()
class ExactTarget implements PipeTransform<ExceptionTarget, Promise<ExceptionTarget>> {
  constructor(private readonly numbers: ExceptionNumberPipe) {}

  async transform(target: ExceptionTarget): Promise<ExceptionTarget> {
    return { ...target, number: await this.numbers.transform({ text: target.number, caller: target.caller }) };
  }
}

/** What the route knows beside the body. @throws Problem NOT_FOUND, with what may have been meant, for a number that is none */
export const Target = (verb: ExceptionVerb): ParameterDecorator => typedTarget(verb, ExactTarget);

import {
  applyDecorators,
  Controller,
  createParamDecorator,
  ExecutionContext,
  HttpCode,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { Allow } from '../platform/auth/auth.guard';
import { Caller } from '../platform/auth/caller';
import { CommandAnswer, CommandAnswerInterceptor } from '../platform/http/command-answer.http';
import { commandHeaders } from '../platform/http/command-headers.http';
import { malformed } from '../platform/http/problem';
import { mayCommandCustomer } from './permissions';
import { CustomerTarget } from './customer-commands.handler';

type Verb = Exclude<keyof typeof mayCommandCustomer, 'register'>;

/** A controller of verbs on one customer. */
export const CustomerController = (): ClassDecorator =>
  applyDecorators(Controller('v1/customers/:id'), ApiTags('customers'));

/** What all routes of verbs share, whatever they answer: who may use one stands in the table of permissions. */
export const CustomerVerb = (verb: Verb): MethodDecorator =>
  applyDecorators(
    Post(verb),
    HttpCode(200),
    Allow(...mayCommandCustomer[verb]),
    ApiParam({ name: 'id', format: 'uuid' }),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiHeader({ name: 'If-Match', required: false, description: 'the revision of the customer, in quotes' }),
  );

/** The route of one verb that answers as commands do. */
export const CustomerRoute = (verb: Verb): MethodDecorator =>
  applyDecorators(
    CustomerVerb(verb),
    UseInterceptors(CommandAnswerInterceptor),
    ApiOkResponse({ type: CommandAnswer }),
  );

interface TargetedRequest {
  readonly params: { readonly id: string };
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** UUIDs are written in lower case everywhere in the log. */
const exactId = (text: string): string => {
  if (!isUUID(text)) throw malformed('MALFORMED_REQUEST', 'The id of a customer is a UUID.');
  return text.toLowerCase();
};

/** The id in the path. @throws Problem MALFORMED_REQUEST */
export const CustomerId = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  exactId(context.switchToHttp().getRequest<TargetedRequest>().params.id),
);

/** What the route knows beside the body. @throws Problem MALFORMED_REQUEST */
export const Target = createParamDecorator((verb: Verb, context: ExecutionContext): CustomerTarget => {
  const { params, caller, headers } = context.switchToHttp().getRequest<TargetedRequest>();
  return { id: exactId(params.id), verb, caller, headers: commandHeaders(headers) };
});

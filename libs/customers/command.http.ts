import { applyDecorators, Controller, createParamDecorator, ExecutionContext } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { Caller, Role } from '../platform/auth/caller';
import { commandHeaders } from '../platform/http/command-headers.http';
import { commandRoute, verbOf, verbRoute } from '../platform/http/command-route.http';
import { malformed } from '../platform/http/problem';
import { CustomerTarget } from './customer-commands.handler';

/** A controller of verbs on one customer. */
export const CustomerController = (): ClassDecorator =>
  applyDecorators(Controller('v1/customers/:id'), ApiTags('customers'));

const routeOf = (verb: string, roles: readonly Role[]) => ({
  verb,
  roles,
  of: { name: 'id', format: 'uuid' },
  revision: 'the revision of the customer, in quotes',
});

/** The route of one verb that answers in its own way, and who may use it. */
export const CustomerVerb = (verb: string, roles: readonly Role[]): MethodDecorator => verbRoute(routeOf(verb, roles));

/** The route of one verb that answers as commands do. */
export const CustomerRoute = (verb: string, roles: readonly Role[]): MethodDecorator =>
  commandRoute(routeOf(verb, roles));

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
export const Target = createParamDecorator((_: unknown, context: ExecutionContext): CustomerTarget => {
  const { params, caller, headers } = context.switchToHttp().getRequest<TargetedRequest>();
  return { id: exactId(params.id), verb: verbOf(context), caller, headers: commandHeaders(headers) };
});

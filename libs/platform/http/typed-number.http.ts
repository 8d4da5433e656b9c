import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { Caller } from '../auth/caller';

/** A number as it stands in the path, and who typed it. */
export interface TypedNumber {
  readonly text: string;
  readonly caller: Caller;
}

interface NumberedRequest {
  readonly params: { readonly number: string };
  readonly caller: Caller;
}

export const typedNumber = createParamDecorator((_: unknown, context: ExecutionContext): TypedNumber => {
  const { params, caller } = context.switchToHttp().getRequest<NumberedRequest>();
  return { text: params.number, caller };
});

import { createParamDecorator, ExecutionContext, Inject, Injectable, PipeTransform, Type } from '@nestjs/common';
import { Caller } from '../auth/caller';
import { CommandHeaders } from './command-context';
import { commandHeaders } from './command-headers.http';
import { verbOf } from './command-route.http';

/** A number as it stands in the path, and who typed it. */
export interface TypedNumber {
  readonly text: string;
  readonly caller: Caller;
}

interface NumberedRequest {
  readonly params: { readonly number: string };
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export const typedNumber = createParamDecorator((_: unknown, context: ExecutionContext): TypedNumber => {
  const { params, caller } = context.switchToHttp().getRequest<NumberedRequest>();
  return { text: params.number, caller };
});

/** Whom a command comes from and which number it is for, as the route saw it. */
export interface NumberedTarget {
  /** Exact. */
  readonly number: string;
  readonly verb: string;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

const typedTarget = createParamDecorator((_: unknown, context: ExecutionContext): NumberedTarget => {
  const { params, caller, headers } = context.switchToHttp().getRequest<NumberedRequest>();
  return { number: params.number, verb: verbOf(context), caller, headers: commandHeaders(headers) };
});

/**
 * What a route of commands knows beside the body.
 * @param numbers makes numbers exact, as it does for the routes that read, and refuses what is none
 */
export const numberedTarget = (
  numbers: Type<PipeTransform<TypedNumber, Promise<string>>>,
): (() => ParameterDecorator) => {
  @Injectable()
  class ExactTarget implements PipeTransform<NumberedTarget, Promise<NumberedTarget>> {
    constructor(@Inject(numbers) private readonly exact: PipeTransform<TypedNumber, Promise<string>>) {}

    async transform(target: NumberedTarget): Promise<NumberedTarget> {
      const typed = { text: target.number, caller: target.caller };
      return { ...target, number: await this.exact.transform(typed, { type: 'custom' }) };
    }
  }
  return () => typedTarget(ExactTarget);
};

import { createParamDecorator, ExecutionContext, Inject, Injectable, PipeTransform, Type } from '@nestjs/common';
import { Caller } from '../auth/caller';
import { CommandHeaders } from './command-context';
import { commandHeaders } from './command-headers.http';

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
export interface NumberedTarget<Verb extends string> {
  /** Exact. */
  readonly number: string;
  readonly verb: Verb;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

const typedTarget = createParamDecorator((verb: string, context: ExecutionContext): NumberedTarget<string> => {
  const { params, caller, headers } = context.switchToHttp().getRequest<NumberedRequest>();
  return { number: params.number, verb, caller, headers: commandHeaders(headers) };
});

/**
 * What a route of commands knows beside the body.
 * @param numbers makes numbers exact, as it does for the routes that read, and refuses what is none
 */
export const numberedTarget = <Verb extends string>(
  numbers: Type<PipeTransform<TypedNumber, Promise<string>>>,
): ((verb: Verb) => ParameterDecorator) => {
  @Injectable()
  class ExactTarget implements PipeTransform<NumberedTarget<Verb>, Promise<NumberedTarget<Verb>>> {
    constructor(@Inject(numbers) private readonly exact: PipeTransform<TypedNumber, Promise<string>>) {}

    async transform(target: NumberedTarget<Verb>): Promise<NumberedTarget<Verb>> {
      const typed = { text: target.number, caller: target.caller };
      return { ...target, number: await this.exact.transform(typed, { type: 'custom' }) };
    }
  }
  return (verb) => typedTarget(verb, ExactTarget);
};

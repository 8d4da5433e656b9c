import { createParamDecorator, ExecutionContext, Injectable, PipeTransform } from '@nestjs/common';
import { corrections } from '../case-numbers/corrections';
import { parseNumber } from '../case-numbers/parse-number';
import { Caller, scopeOf } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { Problem } from '../platform/http/problem';
import { KnownExceptions } from './read-models/exception/known-exceptions.query';
import { exceptionPrefix } from './vocabulary';

interface TypedNumber {
  readonly text: string;
  readonly caller: Caller;
}

interface NumberedRequest {
  readonly params: { readonly number: string };
  readonly caller: Caller;
}

const typedNumber = createParamDecorator((_: unknown, context: ExecutionContext): TypedNumber => {
  const { params, caller } = context.switchToHttp().getRequest<NumberedRequest>();
  return { text: params.number, caller };
});

/** Makes the exact number of what stands in the path. Whether there is such an exception is not asked here. */
@Injectable()
export class ExceptionNumberPipe implements PipeTransform<TypedNumber, Promise<string>> {
  constructor(
    private readonly engine: Engine,
    private readonly known: KnownExceptions,
  ) {}

  /** @throws Problem NOT_FOUND, with the exceptions of the caller's that one slip of the finger would explain */
  async transform({ text, caller }: TypedNumber): Promise<string> {
    const space = { installation: this.engine.installation, prefixes: [exceptionPrefix] };
    const parsed = parseNumber(text, space);
    if (parsed.ok) return parsed.number;
    const didYouMean = await this.known.among(scopeOf(caller), corrections(text, space));
    throw new Problem('NOT_FOUND', 'There is nothing here for you.', {
      members: didYouMean.length ? { didYouMean } : {},
    });
  }
}

/** The exact number that `:number` in the path stands for; 404 when it is none. */
export const ExceptionNumber = (): ParameterDecorator => typedNumber(ExceptionNumberPipe);

import { Injectable, PipeTransform } from '@nestjs/common';
import { corrections } from '../case-numbers/corrections';
import { parseNumber } from '../case-numbers/parse-number';
import { scopeOf } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { Problem } from '../platform/http/problem';
import { TypedNumber, typedNumber } from '../platform/http/typed-number.http';
import { KnownExceptions } from './read-models/exception/known-exceptions.query';
import { exceptionPrefix } from './vocabulary';

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

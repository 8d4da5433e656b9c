import { Injectable, PipeTransform } from '@nestjs/common';
import { corrections } from '../case-numbers/corrections';
import { NumberSpace, parseNumber } from '../case-numbers/parse-number';
import { scopeOf } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { Problem } from '../platform/http/problem';
import { TypedNumber, typedNumber } from '../platform/http/typed-number.http';
import { KnownNumbers } from './read-models/search/known-numbers.query';
import { requestPrefix } from './vocabulary';

/** Which numbers are valid in this installation. */
export const numberSpace = (installation: string): NumberSpace => ({
  installation,
  prefixes: [requestPrefix],
});

/** Makes the exact number of what stands in the path. A valid one costs no look-up; whether there is such a case is not asked here. */
@Injectable()
export class NumberPipe implements PipeTransform<TypedNumber, Promise<string>> {
  constructor(
    private readonly engine: Engine,
    private readonly known: KnownNumbers,
  ) {}

  /** @throws Problem NOT_FOUND, with the cases of the caller's that one slip of the finger would explain */
  async transform({ text, caller }: TypedNumber): Promise<string> {
    const space = numberSpace(this.engine.installation);
    const parsed = parseNumber(text, space);
    if (parsed.ok) return parsed.number;
    const didYouMean = await this.known.among(scopeOf(caller), corrections(text, space));
    throw new Problem('NOT_FOUND', 'There is nothing here for you.', {
      members: didYouMean.length ? { didYouMean } : {},
    });
  }
}

/** The exact number that `:number` in the path stands for; 404 when it is none. Needs `KnownNumbers` in the controller's module. */
export const RequestNumber = (): ParameterDecorator => typedNumber(NumberPipe);

import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { corrections } from '../../../case-numbers/corrections';
import { parseNumber } from '../../../case-numbers/parse-number';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { NotFound } from '../../../eventing/failures';
import { Engine } from '../../../platform/engine/engine';
import { Problem } from '../../../platform/http/problem';
import { shortText } from '../../../platform/http/query-parameters';
import { numberSpace } from '../../number.http';
import { Scope } from '../../permissions';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { requestView, RequestView } from '../request/request-view.http';
import { RequestQuery } from '../request/request.query';
import { KnownNumbers } from './known-numbers.query';

const searchCharactersMax = 200;
const parameters = { search: shortText(searchCharactersMax) };

export class SearchAnswer {
  @ApiProperty({ type: [RequestView] }) readonly items: readonly RequestView[];
  @ApiProperty({ type: [String], description: 'cases whose number differs by one slip of the finger' })
  readonly didYouMean: readonly string[];
  @ApiProperty({ example: '81745' }) readonly position: string;
}

@Controller('v1/requests')
export class SearchController {
  constructor(
    private readonly engine: Engine,
    private readonly requests: RequestQuery,
    private readonly known: KnownNumbers,
    private readonly configuration: ConfigurationBook,
  ) {}

  /** Finds a case by its number, however it was typed. */
  @ReadRoute('', 'request')
  @ApiQuery({ name: 'search', required: true, description: 'a number, as somebody typed it' })
  @ApiOkResponse({ type: SearchAnswer })
  async search(
    @CallerScope() scope: Scope,
    @QueryOf(parameters) { search }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
  ): Promise<SearchAnswer> {
    if (search === undefined) throw needed;
    const space = numberSpace(this.engine.installation);
    const parsed = parseNumber(search, space);
    const items = parsed.ok ? await this.byNumber(scope, parsed.number) : [];
    return { items, didYouMean: await this.known.among(scope, corrections(search, space)), position };
  }

  private async byNumber(scope: Scope, number: string): Promise<readonly RequestView[]> {
    try {
      const names = await this.configuration.standing(this.engine.now().getTime());
      return [requestView(scope, await this.requests.find(scope, number), names)];
    } catch (error) {
      if (error instanceof NotFound) return [];
      throw error;
    }
  }
}

const needed = new Problem('VALIDATION_FAILED', 'Say what to search for.', {
  errors: [{ pointer: '/search', code: 'REQUIRED', detail: 'is required' }],
});

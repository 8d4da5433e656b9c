import { Controller, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { corrections } from '../../../case-numbers/corrections';
import { parseNumber } from '../../../case-numbers/parse-number';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { Engine } from '../../../platform/engine/engine';
import { forbidden, unprocessable } from '../../../platform/http/problem';
import { hasTerms, noTerms, parseSearch, SearchTerms } from '../../../eventing/search/search-terms';
import { readersAndCustomer, Scope } from '../../../platform/auth/caller';
import { numberSpace } from '../../number.http';
import { DirectoryQuery } from '../directory/directory.query';
import { olderOf } from '../older-position';
import { writeCursor } from '../page-cursor';
import { placeOf } from '../page-cursor.http';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { requestView } from '../request/request-view.http';
import { RequestQuery } from '../request/request.query';
import { KnownNumbers } from './known-numbers.query';
import { SearchAnswer } from './search-answer.http';
import { SearchFilter, SearchOrder } from './search-filter';
import { amongStaff, ApiSearch, filterOf, filtersIn, searchParameters } from './search-parameters.http';
import { SearchPage, SearchQuery, SearchWanted } from './search.query';

const itemsUsual = 50;

type Query = ValuesOf<typeof searchParameters> & { readonly after?: bigint };

/** What was typed: a number, or words, or neither. */
interface Typed {
  readonly number: string | undefined;
  readonly terms: SearchTerms;
  readonly didYouMean: readonly string[];
}

const nothing: SearchPage = {
  ...{ numbers: [], total: 0, totalIsAtLeast: false },
  ...{ counts: undefined, next: undefined, position: undefined },
};

@Controller('v1/requests')
export class SearchController {
  constructor(
    private readonly engine: Engine,
    private readonly requests: RequestQuery,
    private readonly known: KnownNumbers,
    private readonly configuration: ConfigurationBook,
    private readonly directory: DirectoryQuery,
    private readonly query: SearchQuery,
  ) {}

  /** Finds cases by their number, however it was typed, by words of what was said in them, by their customer, and by what they are. */
  @ReadRoute('', readersAndCustomer)
  @ApiOperation({ operationId: 'searchRequests', summary: 'Finds requests by their number, however it was typed.' })
  @ApiSearch()
  @ApiOkResponse({ type: SearchAnswer })
  async search(
    @CallerScope() scope: Scope,
    @QueryOf(searchParameters) query: Query,
    @ReadPosition() position: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SearchAnswer> {
    const filters = filtersIn(query);
    if (query.search === undefined && !filters.length) throw needed;
    if (scope.customer !== undefined && filters.some((name) => amongStaff.some((each) => each === name)))
      throw forbidden();
    const typed = await this.typed(scope, query.search ?? '');
    const filter = { ...(await filterOf(this.directory, query, this.engine.now())), number: typed.number };
    if (query.after !== undefined && !(await this.query.upToDate())) void reply.header('casefold-stale', 'true');
    const order = orderOf(query, typed);
    const asked = [query.search, filters.map((name) => [name, query[name as keyof Query]]), order];
    const context = JSON.stringify([this.engine.installation, scope.customer, asked]);
    const from = placeOf(query.cursor, context);
    const paging = { order, from, rowsMax: query.limit ?? itemsUsual, counts: query.counts === true };
    const page = await this.page(scope, { ...typed, isSearched: query.search !== undefined }, filter, filters, paging);
    const [found, names] = await Promise.all([
      this.requests.findSome(scope, page.numbers),
      this.configuration.standing(query.namesAsOf ?? this.engine.now().getTime()),
    ]);
    const items = found.map((each) => requestView(scope, each, names));
    const { total, totalIsAtLeast, counts, next } = page;
    const nextCursor = next ? writeCursor(next, context) : null;
    const reached = olderOf(position, page.position);
    if (reached !== position) void reply.header('casefold-position', reached);
    return { items, total, totalIsAtLeast, counts, didYouMean: typed.didYouMean, nextCursor, position: reached };
  }

  private async page(
    scope: Scope,
    { terms, number, isSearched }: Typed & { readonly isSearched: boolean },
    filter: SearchFilter,
    filters: readonly string[],
    paging: Omit<SearchWanted, 'terms' | 'filter'>,
  ): Promise<SearchPage> {
    // A number is found without the index of words.
    if (number !== undefined && !filters.length) {
      const numbers = await this.known.among(scope, [number]);
      return { ...nothing, numbers, total: numbers.length };
    }
    if (isSearched && number === undefined && !hasTerms(terms)) return nothing;
    return this.query.page(scope, { terms, filter, ...paging });
  }

  private async typed(scope: Scope, search: string): Promise<Typed> {
    const space = numberSpace(this.engine.installation);
    const parsed = parseNumber(search, space);
    if (parsed.ok) return { number: parsed.number, terms: noTerms, didYouMean: [] };
    const didYouMean = await this.known.among(scope, corrections(search, space));
    const terms = termsOf(search);
    // Whoever may not read what was said may not learn from a search either what it was.
    if (hasTerms(terms) && !scope.personal && !didYouMean.length) throw forbidden();
    return { number: undefined, terms: scope.personal ? terms : noTerms, didYouMean };
  }
}

const termsOf = (search: string): SearchTerms => {
  try {
    return parseSearch(search);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unprocessable([{ pointer: '/search', code: 'TOO_MANY_WORDS', detail: error.message }]);
  }
};

/** @throws Problem for relevance without words */
const orderOf = ({ sort }: Query, { terms }: Typed): SearchOrder => {
  if (sort === 'relevance' && !hasTerms(terms)) throw noWords;
  return sort ?? (hasTerms(terms) ? 'relevance' : 'newest');
};

const needed = unprocessable([{ pointer: '/search', code: 'REQUIRED', detail: 'is required, or a filter' }]);
const noWords = unprocessable([
  { pointer: '/sort', code: 'NO_WORDS', detail: 'can be relevance only where words are searched for' },
]);

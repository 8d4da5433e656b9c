import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { flag, instant, oneOf, shortText, someOf, wholeNumber } from '../../../platform/http/query-parameters';
import { priorities, statuses } from '../../vocabulary';
import { DirectoryQuery } from '../directory/directory.query';
import { holders, withoutMeans } from '../holders';
import { ValuesOf } from '../read-route.http';
import { SearchFilter, searchOrders } from './search-filter';

/** The query of a search, and what it means. */
const searchCharactersMax = 200;
const wordCharactersMax = 80;
const cursorCharactersMax = 300;
const itemsMax = 200;

const word = shortText(wordCharactersMax);

export const filterParameters = {
  status: someOf(statuses),
  priority: someOf(priorities),
  ...{ team: word, assignee: word, type: word, category: word, product: word, customer: word },
  without: someOf(holders),
  ...{ openedFrom: instant, openedTo: instant, resolvedFrom: instant, resolvedTo: instant, dueBefore: instant },
  overdue: flag,
};

export const pageParameters = {
  sort: oneOf(...searchOrders),
  limit: wholeNumber(1, itemsMax),
  cursor: shortText(cursorCharactersMax),
  counts: flag,
  namesAsOf: instant,
};

export const searchParameters = { search: shortText(searchCharactersMax), ...filterParameters, ...pageParameters };

export type FilterValues = ValuesOf<typeof filterParameters>;

const query = (name: string, description: string, example?: string): MethodDecorator =>
  ApiQuery({ name, required: false, description, ...(example === undefined ? {} : { example }) });

export const ApiSearchPage = (): MethodDecorator =>
  applyDecorators(
    query('sort', `one of ${searchOrders.join(', ')}; by relevance where there are words, else newest`),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: itemsMax, default: 50 },
    }),
    query('cursor', 'nextCursor of the page before, with the same filters'),
    query('counts', 'true: how many of the found cases are in which state'),
    query('namesAsOf', 'what things were called at this instant'),
  );

export const ApiSearch = (): MethodDecorator =>
  applyDecorators(
    query('search', 'words, a number as somebody typed it, a name, an address or a telephone number of a customer'),
    query('status', 'words separated by commas', 'open,held'),
    query('priority', 'words separated by commas', 'P1,P2'),
    query('team', 'handle or id'),
    query('assignee', 'handle or id; not for customers'),
    query('without', `${withoutMeans}; not for customers`, 'assignee'),
    query('type', 'exact'),
    query('category', 'exact'),
    query('product', 'exact'),
    query('customer', 'id'),
    query('openedFrom', 'opened at this instant or later'),
    query('openedTo', 'opened before this instant'),
    query('resolvedFrom', 'resolved at this instant or later, and not reopened'),
    query('resolvedTo', 'resolved before this instant, and not reopened'),
    query('dueBefore', 'something is due before this instant; not for customers'),
    query('overdue', 'true: something is overdue; false: nothing is; not for customers'),
    ApiSearchPage(),
  );

/** Parameters that would tell customers what only the staff know. */
export const amongStaff = ['assignee', 'without', 'dueBefore', 'overdue'] as const;

/** Of those that are given. */
const earliest = (...instants: readonly (number | undefined)[]): number | undefined => {
  const given = instants.filter((each) => each !== undefined);
  return given.length ? Math.min(...given) : undefined;
};

const textOf = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString();

/** @throws Rejection UNKNOWN_TEAM, UNKNOWN_STAFF */
export const filterOf = async (
  directory: Pick<DirectoryQuery, 'teamId' | 'staffId'>,
  values: FilterValues,
  now: Date,
): Promise<SearchFilter> => {
  const { status: wanted, priority, type, category, product, customer } = values;
  const { team, assignee, without, overdue, dueBefore, openedFrom, openedTo, resolvedFrom, resolvedTo } = values;
  const [teamId, staffId] = await Promise.all([
    team === undefined ? undefined : directory.teamId(team),
    assignee === undefined ? undefined : directory.staffId(assignee),
  ]);
  return {
    ...{ type, category, product, customer: customer?.toLowerCase() },
    ...{ statuses: wanted, priorities: priority, team: teamId, assignee: staffId, without },
    ...{ openedFrom: textOf(openedFrom), openedTo: textOf(openedTo) },
    ...{ resolvedFrom: textOf(resolvedFrom), resolvedTo: textOf(resolvedTo) },
    dueBefore: textOf(earliest(dueBefore, overdue === true ? now.getTime() : undefined)),
    dueFrom: overdue === false ? now.toISOString() : undefined,
  };
};

/** Which filters a query gave, by name. */
export const filtersIn = (values: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(filterParameters).filter((name) => values[name] !== undefined);

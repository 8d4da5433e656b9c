import { Injectable } from '@nestjs/common';
import { Engine } from '../platform/engine/engine';
import { unprocessable } from '../platform/http/problem';
import { readQuery } from '../platform/http/query-parameters';
import { Scope } from '../platform/auth/caller';
import { queueFilterOf, queueFilterParameters } from '../requests/read-models/queue/queue-parameters.http';
import { QueueQuery } from '../requests/read-models/queue/queue.query';
import { filterOf, filterParameters } from '../requests/read-models/search/search-parameters.http';
import { SearchQuery } from '../requests/read-models/search/search.query';
import {
  populationFilterOf,
  populationFilterParameters,
} from '../requests/read-models/service-levels/population-parameters.http';
import { PopulationQuery } from '../requests/read-models/service-levels/population.query';
import { Directory } from '../teams/directory.adapter';
import { ViewFilter, ViewList } from './events';

/**
 * The lists that there are views of: their filters are read by the lists' own code, and their cases counted by it.
 *
 * Guarantee: a count is the total that the list itself gives at the same position, however many are counted at once.
 */
export interface Counted {
  readonly total: number;
  /** There are more than are counted. */
  readonly totalIsAtLeast: boolean;
}

export interface CountedViews {
  /** In the order that they were asked for in. */
  readonly counts: readonly Counted[];
  /** Of the log, that the index of words has reached, where it is behind the read models. */
  readonly position: string | undefined;
}

interface Wanted {
  readonly list: ViewList;
  readonly filter: ViewFilter;
}

const parameters = {
  queue: queueFilterParameters,
  requests: filterParameters,
  clocks: populationFilterParameters,
} as const;
/** Team and person in a filter, by handle or id. */
interface Named {
  readonly team?: string | undefined;
  readonly assignee?: string | undefined;
}

const paths = { queue: '/v1/queue', requests: '/v1/requests', clocks: '/v1/service-levels' } as const;

/** What was stored is known: it was looked up when it was. */
const byId = { teamId: (id: string) => Promise.resolve(id), staffId: (id: string) => Promise.resolve(id) };

/** Where a view's cases are listed. */
export const addressOf = ({ list, filter }: Wanted): string => {
  const query = new URLSearchParams(filter).toString();
  return `${paths[list]}${query && `?${query}`}`;
};

@Injectable()
export class ViewLists {
  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
    private readonly queue: QueueQuery,
    private readonly search: SearchQuery,
    private readonly clocks: PopulationQuery,
  ) {}

  /** The filter as it is kept. @throws Problem for what the list itself would refuse @throws Rejection UNKNOWN_TEAM, UNKNOWN_STAFF */
  async checked(list: ViewList, filter: ViewFilter): Promise<ViewFilter> {
    const { team, assignee }: Named = readQuery(filter, parameters[list], '/filter');
    if (list === 'requests' && !Object.keys(filter).length) throw needed;
    const [teamId, staffId] = await Promise.all([
      team === undefined ? undefined : this.directory.knownTeam(team, '/filter/team'),
      assignee === undefined ? undefined : this.directory.knownStaff(assignee, '/filter/assignee'),
    ]);
    return {
      ...filter,
      ...(teamId === undefined ? {} : { team: teamId }),
      ...(staffId === undefined ? {} : { assignee: staffId }),
    };
  }

  /** Waits, bounded, until all that the read models have is counted. @returns whether it is */
  upToDate(): Promise<boolean> {
    return this.search.upToDate();
  }

  async count(scope: Scope, views: readonly Wanted[]): Promise<CountedViews> {
    const filtersOf = (list: ViewList): readonly ViewFilter[] =>
      views.flatMap((view) => (view.list === list ? [view.filter] : []));
    const now = this.engine.now().getTime();
    const [queueFilters, searchFilters, clockFilters] = await Promise.all([
      Promise.all(filtersOf('queue').map((filter) => queueFilterOf(byId, readQuery(filter, queueFilterParameters)))),
      Promise.all(filtersOf('requests').map((filter) => this.searchFilterOf(filter))),
      Promise.all(
        filtersOf('clocks').map((filter) => populationFilterOf(byId, readQuery(filter, populationFilterParameters))),
      ),
    ]);
    const [queued, found, clocks] = await Promise.all([
      this.queue.totals(scope, queueFilters),
      this.search.totals(scope, searchFilters),
      this.clocks.totals(clockFilters, now),
    ]);
    const exactly = (total: number): Counted => ({ total, totalIsAtLeast: false });
    const counted: Readonly<Record<ViewList, Iterator<Counted>>> = {
      queue: queued.map(exactly).values(),
      requests: found.totals.values(),
      clocks: clocks.map(exactly).values(),
    };
    const counts = views.map(({ list }): Counted => counted[list].next().value ?? exactly(0));
    return { counts, position: found.position };
  }

  private searchFilterOf(filter: ViewFilter) {
    return filterOf(byId, readQuery(filter, filterParameters), this.engine.now());
  }
}

const needed = unprocessable([{ pointer: '/filter', code: 'REQUIRED', detail: 'must name at least one parameter' }]);

import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { shortText, someOf } from '../../../platform/http/query-parameters';
import { priorities } from '../../vocabulary';
import { DirectoryQuery } from '../directory/directory.query';
import { ValuesOf } from '../read-route.http';
import { clockStatuses, PopulationFilter } from './population.query';

/** What the list of clocks is restricted by, and what it means. */
const metricCharactersMax = 80;
const handleCharactersMax = 80;

export const populationFilterParameters = {
  metric: shortText(metricCharactersMax),
  team: shortText(handleCharactersMax),
  priority: someOf(priorities),
  status: someOf(clockStatuses),
};

export const ApiPopulationFilter = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'metric', required: false, example: 'resolution' }),
    ApiQuery({ name: 'team', required: false, description: 'handle or id' }),
    ApiQuery({ name: 'priority', required: false, example: 'P1,P2', description: 'words separated by commas' }),
    ApiQuery({ name: 'status', required: false, example: 'breached,missed', description: 'words separated by commas' }),
  );

/** @throws Rejection UNKNOWN_TEAM */
export const populationFilterOf = async (
  directory: Pick<DirectoryQuery, 'teamId'>,
  { metric, team, priority = priorities, status = clockStatuses }: ValuesOf<typeof populationFilterParameters>,
): Promise<PopulationFilter> => {
  const teamId = team === undefined ? undefined : await directory.teamId(team);
  return { metric, team: teamId, priorities: priority, statuses: status };
};

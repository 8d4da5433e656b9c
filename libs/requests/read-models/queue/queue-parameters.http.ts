import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { shortText, someOf } from '../../../platform/http/query-parameters';
import { priorities, Status, statuses } from '../../vocabulary';
import { DirectoryQuery } from '../directory/directory.query';
import { ValuesOf } from '../read-route.http';
import { holders, withoutMeans } from '../holders';
import { QueueFilter } from './queue.query';

/** What the queue is restricted by, and what it means. */
const handleCharactersMax = 80;
const stillToDo: readonly Status[] = ['held', 'open'];

export const queueFilterParameters = {
  team: shortText(handleCharactersMax),
  assignee: shortText(handleCharactersMax),
  without: someOf(holders),
  status: someOf(statuses),
  priority: someOf(priorities),
};

export const ApiQueueFilter = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'team', required: false, description: 'handle or id' }),
    ApiQuery({ name: 'assignee', required: false, description: 'handle or id' }),
    ApiQuery({ name: 'without', required: false, example: 'assignee', description: withoutMeans }),
    ApiQuery({ name: 'status', required: false, example: 'open,held', description: 'words separated by commas' }),
    ApiQuery({ name: 'priority', required: false, example: 'P1,P2', description: 'words separated by commas' }),
  );

/** @throws Rejection UNKNOWN_TEAM, UNKNOWN_STAFF */
export const queueFilterOf = async (
  directory: Pick<DirectoryQuery, 'teamId' | 'staffId'>,
  { team, assignee, without = [], status = stillToDo, priority = priorities }: ValuesOf<typeof queueFilterParameters>,
): Promise<QueueFilter> => {
  const [teamId, staffId] = await Promise.all([
    team === undefined ? undefined : directory.teamId(team),
    assignee === undefined ? undefined : directory.staffId(assignee),
  ]);
  return { statuses: status, priorities: priority, team: teamId, assignee: staffId, without };
};

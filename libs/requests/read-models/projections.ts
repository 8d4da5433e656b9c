import { AnyProjection } from '../../eventing/projections/projection';
import { accountabilityProjection } from './accountability/accountability.projection';
import { staffProjection } from './directory/staff.projection';
import { teamProjection } from './directory/team.projection';
import { queueProjection } from './queue/queue.projection';
import { requestProjection } from './request/request.projection';
import { serviceLevelsProjection } from './service-levels/service-levels.projection';

/** Every read model of the cases, and the handles that they show. */
export const requestProjections: readonly AnyProjection[] = [
  requestProjection,
  queueProjection,
  serviceLevelsProjection,
  accountabilityProjection,
  staffProjection,
  teamProjection,
];

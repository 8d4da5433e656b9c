import { SearchIndex } from '../../eventing/search/search-index';
import { AnyProjection } from '../../eventing/projections/projection';
import { firingProjection } from '../../automation/read-models/firings/firing.projection';
import { quietProjection } from '../../automation/read-models/quiet/quiet.projection';
import { bulkProjection } from '../../bulk/read-models/bulk/bulk.projection';
import { exceptionProjection } from '../../exceptions/read-models/exception/exception.projection';
import { templateProjection } from '../../templates/read-models/template.projection';
import { viewProjection } from '../../views/read-models/view.projection';
import { accountabilityProjection } from './accountability/accountability.projection';
import { customerProjection } from '../../customers/read-models/record/customer.projection';
import { conversationProjection } from './conversation/conversation.projection';
import { staffProjection } from './directory/staff.projection';
import { teamProjection } from './directory/team.projection';
import { queueProjection } from './queue/queue.projection';
import { relationsProjection } from './relations/relations.projection';
import { requestProjection } from './request/request.projection';
import { draftProjection } from './drafts/draft.projection';
import { workloadProjection } from './workload/workload.projection';
import { customerIndex } from './search/customer-index';
import { requestIndex } from './search/request-index';
import { serviceLevelsProjection } from './service-levels/service-levels.projection';

/**
 * Every read model of the cases, and of the people and teams that they name. A category without a read model is not followed,
 * so that its events would reach neither the log's mirror nor the processes that wait for them.
 */
export const requestProjections: readonly AnyProjection[] = [
  requestProjection,
  queueProjection,
  serviceLevelsProjection,
  accountabilityProjection,
  conversationProjection,
  draftProjection,
  workloadProjection,
  relationsProjection,
  staffProjection,
  teamProjection,
  customerProjection,
  exceptionProjection,
  bulkProjection,
  templateProjection,
  viewProjection,
  firingProjection,
  quietProjection,
];

/** What can be found by words. */
export const searchIndexes: readonly SearchIndex[] = [requestIndex, customerIndex];

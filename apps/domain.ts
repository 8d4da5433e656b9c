import { automationCategory, automationEventTypes, firingCategory } from '../libs/automation/events';
import { bulkCategory, bulkEventTypes } from '../libs/bulk/events';
import {
  customerCategory,
  customerEventTypes,
  identityCategory,
  identityEventTypes,
  retentionCategory,
  retentionEventTypes,
} from '../libs/customers/events';
import { configurationCategory, configurationEventTypes } from '../libs/configuration/events';
import { EventTypes } from '../libs/eventing/event-types';
import { exceptionCategory, exceptionEventTypes } from '../libs/exceptions/events';
import { projectionCategory, projectionEventTypes } from '../libs/eventing/projections/rebuilt';
import { relationCategory, relationEventTypes } from '../libs/relations/events';
import { requestCategory, requestEventTypes } from '../libs/requests/events';
import { draftCategory, draftEventTypes } from '../libs/requests/drafts/events';
import { messageCategory, messageEventTypes } from '../libs/requests/inbound/events';
import { bookEventTypes, serviceLevelCategory } from '../libs/service-levels/events';
import { templateCategory, templateEventTypes } from '../libs/templates/events';
import { viewCategory, viewEventTypes } from '../libs/views/events';
import { staffCategory, staffEventTypes, teamCategory, teamEventTypes } from '../libs/teams/events';

/** Every event type that this build knows; the server and the command line read the same log. */
export const eventTypes = (): EventTypes =>
  new EventTypes()
    .register(requestEventTypes)
    .register(templateEventTypes)
    .register(viewEventTypes)
    .register(messageEventTypes)
    .register(draftEventTypes)
    .register(customerEventTypes)
    .register(identityEventTypes)
    .register(retentionEventTypes)
    .register(staffEventTypes)
    .register(teamEventTypes)
    .register(projectionEventTypes)
    .register(bookEventTypes)
    .register(exceptionEventTypes)
    .register(configurationEventTypes)
    .register(bulkEventTypes)
    .register(automationEventTypes)
    .register(relationEventTypes);

/** Categories of all streams that are ours. */
export const categories: readonly string[] = [
  requestCategory,
  messageCategory,
  draftCategory,
  templateCategory,
  viewCategory,
  customerCategory,
  identityCategory,
  retentionCategory,
  staffCategory,
  teamCategory,
  projectionCategory,
  serviceLevelCategory,
  exceptionCategory,
  configurationCategory,
  bulkCategory,
  automationCategory,
  firingCategory,
  relationCategory,
];

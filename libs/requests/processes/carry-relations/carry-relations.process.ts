import { Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { RelationEvent, relationEventTypes } from '../../../relations/events';
import { RelationCarrier } from '../../carrying.handler';

const isRelation = (event: Recorded): event is Recorded<RelationEvent> => event.type in relationEventTypes;

/** Brings what was decided on all relations into the histories of the requests that it concerns, in the order of the log. */
export const relationCarrying = (carrier: RelationCarrier): Process => ({
  name: 'carry-relations',
  types: Object.keys(relationEventTypes),
  react: async (event) => {
    if (isRelation(event)) await carrier.carry(event);
  },
});

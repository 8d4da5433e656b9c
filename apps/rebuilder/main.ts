import { scanAsThread } from '../../libs/eventing/projections/scan-threads.adapter';
import { requestProjections } from '../../libs/requests/read-models/projections';
import { KnownContents, learnContents } from '../../libs/service-levels/known-terms';
import { eventTypes } from '../domain';

/** A thread of a rebuild; see `rebuildThreads`. */
void scanAsThread<KnownContents>((given) => {
  learnContents(given);
  return { types: eventTypes(), projections: requestProjections };
});

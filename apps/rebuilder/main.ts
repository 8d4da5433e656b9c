import { parentPort, workerData } from 'node:worker_threads';
import { scanAsThread, ThreadTask } from '../../libs/eventing/projections/scan-threads.adapter';
import { requestProjections } from '../../libs/requests/read-models/projections';
import { learnParts, LearntParts } from '../../libs/service-levels/known-terms';
import { eventTypes } from '../domain';

/** One of the threads of a rebuild; see `rebuildThreads`. */
const task: ThreadTask<LearntParts> = workerData;
learnParts(task.given);
void scanAsThread(task, { types: eventTypes(), projections: requestProjections }, (events) =>
  parentPort?.postMessage(events),
);

import { parentPort, workerData } from 'node:worker_threads';
import { scanAsThread } from '../../libs/eventing/projections/scan-threads.adapter';
import { thingProjection, thingTypes } from './thing';

/** A thread that scans for a rebuild of things, of which it was given the poison. */
void scanAsThread(workerData, { types: thingTypes(), projections: [thingProjection(workerData.given)] }, (events) =>
  parentPort?.postMessage(events),
);

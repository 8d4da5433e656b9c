import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ScanThreads } from '../libs/eventing/projections/scan-threads.adapter';
import { compiledBeside } from '../libs/eventing/workers/threads.adapter';
import { knownContents } from '../libs/service-levels/known-terms';

const threadsMax = 4;

/** As many threads as there are processors, each knowing the terms that this one knows by now. */
export const rebuildThreads = (): ScanThreads => ({
  count: Math.min(availableParallelism(), threadsMax),
  program: compiledBeside(join(__dirname, 'rebuilder'), 'main'),
  given: knownContents(),
});

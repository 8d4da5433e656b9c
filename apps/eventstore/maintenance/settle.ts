import { openEnvironment, putFrames } from '../log/environment';
import { checkStore } from '../log/store-check';

/**
 * Brings what a server that was struck down left in the journal into the database, for those who work on the file of
 * events alone. The caller holds the lock on the directory. @throws DamagedStore
 */
export const settle = async (directory: string): Promise<void> => {
  const frames = checkStore(directory);
  if (frames.length === 0) return;
  const environment = openEnvironment(directory);
  await putFrames(environment, frames).finally(() => environment.root.close());
};

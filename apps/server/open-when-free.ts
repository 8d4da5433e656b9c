import { setTimeout as wait } from 'node:timers/promises';
import { Config } from '../../libs/platform/config/config';
import { layoutOf } from '../../libs/platform/embedded/data-directory';
import { DirectoryHeld } from '../../libs/platform/embedded/directory-lock';
import { readRuntime } from '../../libs/platform/embedded/runtime-file';
import { OpenOptions, openStores, Stores } from '../../libs/platform/embedded/stores';

const pauseMilliseconds = 50;
// A predecessor that was told to stop drains for a few seconds; one that stands firm is another server.
const servingMillisecondsMax = 3_000;
const leavingMillisecondsMax = 10_000;

/** Opens the stores, giving a predecessor or a command line that is about to leave the directory the time to do so. */
export const openWhenFree = async (config: Config, options: OpenOptions): Promise<Stores> => {
  const began = performance.now();
  for (;;)
    try {
      return await openStores(config, options);
    } catch (error) {
      if (!(error instanceof DirectoryHeld)) throw error;
      const isServing = readRuntime(layoutOf(config.dataDirectory).run) !== undefined;
      if (performance.now() - began > (isServing ? servingMillisecondsMax : leavingMillisecondsMax)) throw error;
      await wait(pauseMilliseconds);
    }
};

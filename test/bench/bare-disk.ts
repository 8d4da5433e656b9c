import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Started } from './started';
import { Timings, timingsOf } from './statistics';

/** The floor under every durable write: as many events as there are callers, written together and synced, again and again. */
const eventBytes = 512;

export const measureDisk = async (started: Started, callers: number, seconds: number): Promise<Timings> => {
  const file = await open(join(started.folder(), 'synced'), 'w');
  try {
    const bytes = Buffer.alloc(eventBytes * callers, 'x');
    const milliseconds: number[] = [];
    const end = performance.now() + seconds * 1000;
    for (let began = performance.now(); began < end; began = performance.now()) {
      await file.write(bytes);
      await file.datasync();
      milliseconds.push(performance.now() - began);
    }
    const { perSecond, ...quantiles } = timingsOf(milliseconds, seconds);
    return { ...quantiles, perSecond: perSecond * callers };
  } finally {
    await file.close();
  }
};

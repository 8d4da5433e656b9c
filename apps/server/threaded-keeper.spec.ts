import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readConfig } from '../../libs/platform/config/config';
import { KeeperGiven, ThreadedKeeper } from './threaded-keeper';

/** Programs that say what a keeper says, and end as one might. */
const leading = `{ state: { leads: true, isDiverged: false, fenced: 2 }, leading: true }`;
const programs = {
  // Its first life ends in an error, the second does its work.
  mortal: `
    const { parentPort, workerData } = require('node:worker_threads');
    const { existsSync, writeFileSync } = require('node:fs');
    const lived = workerData.config.dataDirectory + '/lived';
    parentPort.postMessage(${leading});
    if (existsSync(lived)) {
      parentPort.postMessage({ state: { leads: true, isDiverged: false, fenced: 3 }, committed: 7 });
      parentPort.once('message', () => parentPort.close());
    } else {
      writeFileSync(lived, '');
      setTimeout(() => { throw Object.assign(new Error('no room'), { code: 'ENOSPC' }); }, 20);
    }`,
  failing: `
    const { parentPort } = require('node:worker_threads');
    parentPort.postMessage({ state: { leads: false, isDiverged: true, fenced: 0 }, failure: { part: 'search', error: 'E' } });
    parentPort.once('message', () => parentPort.close());`,
  deaf: `
    const { parentPort } = require('node:worker_threads');
    parentPort.postMessage(${leading});
    setInterval(() => undefined, 1000);`,
};

const folder = mkdtempSync(join(tmpdir(), 'casefold-keeper-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keeperOf = (name: keyof typeof programs) => {
  const program = join(folder, `${name}.js`);
  writeFileSync(program, programs[name]);
  const config = readConfig({ CASEFOLD_DATA: folder });
  const given: KeeperGiven = { config, eventStorePlace: { socket: '' }, database: {}, keystore: {} };
  const [failures, heard]: [unknown[], string[]] = [[], []];
  const keeper = new ThreadedKeeper(program, given, (part, error) => failures.push([part, error]));
  const troubles = new Set<unknown>();
  keeper.start({ leading: () => heard.push('leading'), committed: (sequence) => heard.push(`committed ${sequence}`) });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      troubles.add(keeper.state.trouble?.what);
      await wait(5);
    }
  };
  return { keeper, failures, heard, troubles, until };
};

describe('read models kept in a thread of their own', () => {
  it('replaces a thread that ends, and says meanwhile what it ended of', async () => {
    const { keeper, failures, heard, troubles, until } = keeperOf('mortal');
    await until(() => heard.includes('committed 7'));
    expect(heard).toEqual(['leading', 'leading', 'committed 7']);
    expect(failures).toEqual([['read models', expect.objectContaining({ message: 'no room' })]]);
    expect(troubles).toContain('no space is left on the disk');
    expect(keeper.state).toEqual({ leads: true, isDiverged: false, fenced: 3 });
    await keeper.stop();
    expect(failures).toHaveLength(1);
  });

  it('hands on what the thread reports', async () => {
    const { keeper, failures, until } = keeperOf('failing');
    await until(() => failures.length > 0);
    expect(failures).toEqual([['search', 'E']]);
    expect(keeper.state.isDiverged).toBe(true);
    await keeper.stop();
  });

  it('ends a thread that does not leave when it is told to', async () => {
    const { keeper, failures, heard, until } = keeperOf('deaf');
    await until(() => heard.length > 0);
    await keeper.stop();
    expect(failures).toEqual([]);
  }, 20_000);
});

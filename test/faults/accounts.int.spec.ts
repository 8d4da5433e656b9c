import { execFile } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isPassable } from '../../libs/platform/embedded/account';
import { root } from './harness/checkout';
import { Installation } from './harness/installation';
import { leftAfter, treeOn } from './harness/process-tree';
import { ServerProcess } from './harness/server-process';

const ordinaryUid = 65_534;
// Neither root, nor the one above, nor the account that PostgreSQL draws.
const strangerUid = 54_322;
const isRoot = process.getuid?.() === 0;

const insist = (condition: boolean, why: string): boolean => {
  if (!condition) process.stderr.write(`\n  SKIPPED accounts of the machine: ${why}\n`);
  return condition;
};

/** Tries, as another account, every door there is. @returns those that opened */
const doorsOpenTo = async (uid: number, doors: readonly string[]): Promise<readonly string[]> => {
  const program = `
    const fs = require('fs'), net = require('net'), doors = process.argv.slice(1), opened = [];
    const connect = (path) => new Promise((done) => net.connect(path)
      .on('error', done).on('connect', function () { opened.push('connect ' + path); this.destroy(); done(); }));
    const attempts = {
      list: (path) => fs.readdirSync(path), read: (path) => fs.readFileSync(path),
      append: (path) => fs.closeSync(fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_APPEND)),
      plant: (path) => fs.writeFileSync(path + '/planted', 'x'), remove: (path) => fs.renameSync(path, path + '.gone'),
    };
    (async () => {
      for (const path of doors) {
        for (const [what, attempt] of Object.entries(attempts)) try { attempt(path); opened.push(what + ' ' + path); } catch {}
        await connect(path);
      }
      process.stdout.write(JSON.stringify(opened));
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program, ...doors], {
    uid,
    gid: uid,
    cwd: '/',
  });
  const opened: unknown = JSON.parse(stdout);
  if (!Array.isArray(opened)) throw new Error(stdout);
  return opened.map(String);
};

const everythingIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).map(({ parentPath, name }) => join(parentPath, name));

describe('another account of the machine', () => {
  const installation = new Installation();
  afterAll(() => installation.remove(), 30_000);

  it('can neither read nor write the files of a running server, nor reach its stores', async () => {
    if (!insist(isRoot, 'needs root, to act as a second account')) return;
    await installation.start();
    const doors = [installation.data, ...everythingIn(installation.data)];
    for (const path of ['run', 'run/eventstore', 'postgres/run/.s.PGSQL.5432', 'secrets/number-key', 'eventstore'])
      expect(doors).toContain(join(installation.data, path));
    expect(await doorsOpenTo(strangerUid, doors)).toEqual([]);
    // So that the question can be answered with yes: the same doors are open to ourselves.
    const own = await doorsOpenTo(0, [join(installation.data, 'run'), join(installation.data, 'run', 'eventstore')]);
    expect(own).toEqual(expect.arrayContaining([`list ${join(installation.data, 'run')}`]));
  }, 120_000);
});

describe('an ordinary account', () => {
  let home: string;
  let server: ServerProcess | undefined;
  beforeAll(() => (home = mkdtempSync(join(tmpdir(), 'casefold-faults-home-'))));
  afterAll(async () => {
    server?.kill();
    await leftAfter(join(home, 'data'), 10_000);
    rmSync(home, { recursive: true, force: true });
  }, 30_000);

  /** A checkout that the account owns, as after a clone; packages are shared. */
  const checkoutFor = (uid: number): string => {
    const checkout = join(home, 'checkout');
    mkdirSync(checkout);
    for (const name of ['apps', 'libs', 'dist', 'package.json', 'package-lock.json'])
      cpSync(join(root, name), join(checkout, name), { recursive: true, preserveTimestamps: true });
    mkdirSync(join(checkout, 'test'));
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    rmSync(join(checkout, 'dist', '.lock'), { force: true });
    for (const path of [home, checkout, ...everythingIn(checkout)])
      if (!path.endsWith('node_modules')) chownSync(path, uid, uid);
    chmodSync(home, 0o700);
    return checkout;
  };

  it('starts everything, owns everything, and stops everything', async () => {
    if (!insist(isRoot, 'needs root, to act as another account')) return;
    if (!insist(isPassable(join(root, 'node_modules'), ordinaryUid), 'other accounts cannot reach this checkout'))
      return;
    const checkout = checkoutFor(ordinaryUid);
    const data = join(home, 'data');
    const program = [join(checkout, 'apps', 'launch.mjs'), 'server'];
    server = new ServerProcess({ data, program, uid: ordinaryUid, cwd: checkout });
    const answer = await fetch(`${await server.url()}/health/ready`);
    expect(answer.status).toBe(200);
    expect(treeOn(data).postmaster).toHaveLength(1);
    expect(await doorsOpenTo(strangerUid, [data, ...everythingIn(data)])).toEqual([]);
    expect(await server.stop()).toMatchObject({ code: 0 });
    expect(await leftAfter(data, 5_000)).toEqual([]);
  }, 150_000);
});

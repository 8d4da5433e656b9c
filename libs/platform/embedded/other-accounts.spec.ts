import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isListed, isPassable } from './account';
import { type Program, build, goneWithin, poolConfigOf, processesOn, startProgram } from './testing/running-program';

// Neither root nor the account that the stores run under.
const strangerUid = 54_321;
const isRoot = process.getuid?.() === 0;

/** Runs as another account a program that tries every door of the data directory; says which it could open. */
const tryDoors = async (uid: number, data: string, doors: readonly string[]): Promise<string[]> => {
  const program = `
    const fs = require('fs'), net = require('net'), [data, ...doors] = process.argv.slice(1), opened = [];
    const connect = (path) => new Promise((done) => {
      const socket = net.connect(path).on('error', done).on('connect', () => done(opened.push('connect ' + path), socket.destroy()));
    });
    const attempts = (path) => ({
      list: () => fs.readdirSync(path), read: () => fs.readFileSync(path), write: () => fs.writeFileSync(path + '/planted', 'x'),
      append: () => fs.closeSync(fs.openSync(path, 'a')), enter: () => process.chdir(path), remove: () => fs.renameSync(path, path + '.gone'),
    });
    Promise.all(doors.map(connect)).then(() => {
      for (const path of [data, ...doors]) for (const [what, attempt] of Object.entries(attempts(path))) {
        try { attempt(); opened.push(what + ' ' + path); } catch {}
      }
      process.stdout.write(JSON.stringify(opened));
    });`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', program, data, ...doors], {
    uid,
    gid: uid,
    cwd: '/',
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
};

const everythingIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).map(({ parentPath, name }) => join(parentPath, name));

const insist = (condition: boolean, why: string): boolean => {
  if (!condition) process.stderr.write(`\n  NOT CHECKED: ${why}\n`);
  return condition;
};

describe('accounts of the machine', () => {
  let data: string;
  let program: Program | undefined;

  beforeAll(build, 60_000);
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'casefold-test-'))));
  afterEach(async () => {
    program?.child.kill('SIGKILL');
    expect(await goneWithin(data, 5_000)).toEqual([]);
    rmSync(data, { recursive: true, force: true });
  });
  const isReady = ({ ready }: Readonly<Record<string, unknown>>) => ready === true;

  it('other than ours can neither read nor write nor reach the stores', async () => {
    if (!insist(isRoot, 'needs root, to act as a second account')) return;
    program = startProgram({ data });
    const line = await program.heard(isReady);
    const doors = [...everythingIn(data), join(String(poolConfigOf(line, 'database').host), '.s.PGSQL.5432')];
    expect(doors.length).toBeGreaterThan(1_000);
    expect(doors).toContain(join(data, 'run', 'eventstore'));
    // Passing through is what PostgreSQL's own account needs; it shows nothing.
    expect(await tryDoors(strangerUid, data, doors)).toEqual([`enter ${data}`]);
  }, 60_000);

  it('find every door that is open, so that the check above can fail', async () => {
    if (!insist(isRoot, 'needs root, to act as a second account')) return;
    const [open, file, socket] = [data, join(data, 'file'), join(data, 'socket')];
    chmodSync(open, 0o777);
    writeFileSync(file, 'x');
    chmodSync(file, 0o666);
    const server = createServer().listen(socket);
    await once(server, 'listening');
    chmodSync(socket, 0o777);
    const opened = await tryDoors(strangerUid, open, [file, socket]).finally(() => server.close());
    for (const door of [`list ${open}`, `write ${open}`, `read ${file}`, `append ${file}`, `connect ${socket}`])
      expect(opened).toContain(door);
  }, 60_000);

  it('do not list the one that PostgreSQL runs under, and no process is root but ours', async () => {
    if (!insist(isRoot, 'needs root, which PostgreSQL refuses')) return;
    program = startProgram({ data });
    await program.heard(isReady);
    const { uid } = lstatSync(join(data, 'postgres'));
    expect(uid).toBeGreaterThan(0);
    expect(isListed(uid)).toBe(false);
    // Files come and go while the server runs.
    const owners = everythingIn(join(data, 'postgres')).map(
      (path) => lstatSync(path, { throwIfNoEntry: false })?.uid ?? uid,
    );
    expect(new Set(owners)).toEqual(new Set([uid]));
    const postgres = processesOn(data).filter(({ command }) => /postgres/.test(command));
    expect(postgres.length).toBeGreaterThan(3);
    for (const { pid } of postgres) expect(lstatSync(`/proc/${pid}`).uid).toBe(uid);
  }, 60_000);

  it('may be ordinary ones, with or without a name', async () => {
    if (!insist(isRoot, 'needs root, to act as other accounts')) return;
    if (!insist(isPassable(__dirname, strangerUid), 'this checkout cannot be reached by another account')) return;
    for (const uid of [65_534, strangerUid]) {
      const home = join(data, String(uid));
      mkdirSync(home, { mode: 0o700 });
      chownSync(home, uid, uid);
      chmodSync(data, 0o711);
      program = startProgram({ data: join(home, 'data'), uid });
      await program.heard(isReady);
      expect(lstatSync(join(home, 'data')).mode & 0o777).toBe(0o700);
      expect(await tryDoors(strangerUid + 1, join(home, 'data'), [home])).toEqual([]);
      program.child.kill('SIGTERM');
      expect(await program.ended()).toBe(0);
    }
  }, 60_000);

  it('need not be able to pass the folders above the data directory', async () => {
    if (!insist(isRoot, 'needs root, to own a folder that nobody can pass')) return;
    const closed = join(data, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    program = startProgram({ data: join(closed, 'data') });
    await program.heard(isReady);
    expect(lstatSync(join(closed, 'data', 'postgres')).uid).toBeGreaterThan(0);
    program.child.kill('SIGTERM');
    expect(await program.ended()).toBe(0);
  }, 60_000);
});

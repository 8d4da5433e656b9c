import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../config/config';
import { prepareDirectory } from './data-directory';
import { DirectoryHeld, livingOwner, lockDirectory } from './directory-lock';
import { identityOf, isRunning } from './process-identity';
import { build, startProgram } from './testing/running-program';

describe('the lock of a data directory', () => {
  let data: string;
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'casefold-lock-'))));
  afterEach(() => rmSync(data, { recursive: true, force: true }));

  const ownedBy = (owner: object) => writeFileSync(join(data, 'lock'), JSON.stringify(owner));

  it('refuses a second owner and says who the first is', () => {
    const lock = lockDirectory(data, 'server');
    expect(() => lockDirectory(data, 'casefold import')).toThrow(DirectoryHeld);
    expect(() => lockDirectory(data, 'casefold import')).toThrow(new RegExp(`process ${process.pid} \\(server\\)`));
    lock.release();
    expect(livingOwner(data)).toBeUndefined();
    lockDirectory(data, 'casefold import').release();
    expect(readdirSync(data)).toEqual([]);
  });

  it('is not fooled by a recycled pid: the same number, started at another time, owns nothing', () => {
    ownedBy({ pid: process.pid, started: 'long ago', role: 'server' });
    expect(livingOwner(data)).toBeUndefined();
    lockDirectory(data, 'server').release();
  });

  it('is taken over from an owner that died, or that left half a lock', () => {
    const { pid = 0 } = spawnSync(process.execPath, ['--version']);
    ownedBy({ pid, started: identityOf(process.pid)?.started, role: 'server' });
    lockDirectory(data, 'server').release();
    writeFileSync(join(data, 'lock'), '{"pid":');
    lockDirectory(data, 'server').release();
  });

  it('is not released by one who lost it', () => {
    const lock = lockDirectory(data, 'server');
    const other = JSON.stringify({ ...identityOf(1), role: 'other' });
    writeFileSync(join(data, 'lock'), other);
    lock.release();
    expect(readFileSync(join(data, 'lock'), 'utf8')).toBe(other);
  });

  it('keeps a second server from starting, and gives way when the first was killed', async () => {
    build();
    const first = startProgram({ data });
    await first.heard(({ ready }) => ready === true);
    const second = startProgram({ data });
    const { failed } = await second.heard((line) => 'failed' in line);
    expect(failed).toContain(`process ${first.child.pid} (server)`);
    first.child.kill('SIGKILL');
    await first.ended();
    const third = startProgram({ data });
    await third.heard(({ ready }) => ready === true);
    third.child.kill('SIGTERM');
    expect(await third.ended()).toBe(0);
    expect(existsSync(join(data, 'lock'))).toBe(false);
  }, 60_000);
});

describe('a process', () => {
  it('runs while it runs, and has ended when it is a zombie or gone', () => {
    const own = identityOf(process.pid);
    expect(own && isRunning(own)).toBe(true);
    expect(identityOf(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('a data directory', () => {
  it('is refused, and its mode kept, when it holds what is not ours', () => {
    const folder = mkdtempSync(join(tmpdir(), 'casefold-foreign-'));
    writeFileSync(join(folder, 'thesis.txt'), 'x');
    expect(() => prepareDirectory(folder)).toThrow(/holds other files/);
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
    expect(() => prepareDirectory(join(folder, 'thesis.txt'))).toThrow(/^CASEFOLD_DATA must be a folder/);
    expect(() => prepareDirectory('/proc/nope')).toThrow(ConfigError);
    rmSync(folder, { recursive: true });
  });
});

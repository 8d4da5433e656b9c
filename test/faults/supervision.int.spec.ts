import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './harness/eventually';
import { Installation } from './harness/installation';
import { checkInvariants } from './harness/invariants';
import { openOrder } from './harness/order';
import { leftAfter, Part, signal, treeOn } from './harness/process-tree';
import { Random } from './harness/random';
import { ServerProcess } from './harness/server-process';
import { Writers } from './harness/writers';

const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_104);
const redMillisecondsMax = 10_000;
const greenMillisecondsMax = 60_000;
const leftMillisecondsMax = 5_000;
const stopMillisecondsMax = 10_000;

describe('a running server', () => {
  const installation = new Installation();
  beforeAll(() => installation.start(), 90_000);
  afterAll(() => installation.remove(), 30_000);

  const succeeds = async (key: string): Promise<void> => {
    const bearer = await installation.bearer('agent', 'alice');
    await eventually('a command succeeds', async () => {
      const { outcome } = await installation.send(bearer, openOrder(bearer.id, key, { name: 'Somebody' }));
      return outcome === 'acknowledged';
    });
  };

  it.each(['eventStore', 'postmaster'] as const)(
    'starts a killed %s again, and is not ready meanwhile',
    async (part: Part) => {
      await succeeds(`before-${part}`);
      const before = treeOn(installation.data);
      expect(before[part]).toHaveLength(1);
      signal(before[part], 'SIGKILL');
      await installation.becomes(503, redMillisecondsMax);
      await installation.becomes(200, greenMillisecondsMax);
      const after = treeOn(installation.data);
      expect(after[part]).toHaveLength(1);
      expect(after.server).toEqual([installation.server.pid]);
      expect(after[part]).not.toEqual(before[part]);
      await succeeds(`after-${part}`);
    },
    120_000,
  );

  it('keeps a second one from its data directory, which says who holds it', async () => {
    const second = new ServerProcess({ data: installation.data });
    const { code } = await second.ended;
    expect(code).toBe(3);
    expect(second.output).toContain(`in use by process ${installation.server.pid} (server)`);
    expect(await installation.readiness()).toBe(200);
  }, 60_000);

  it('drains under load and stops within ten seconds, leaving nothing behind and nothing undone', async () => {
    const writers = new Writers(installation, 6, new Random(seed));
    await eventually('the writers are at work', () => writers.acknowledged >= 30);
    const finished = writers.stop();
    const { code, milliseconds } = await installation.server.stop();
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(stopMillisecondsMax);
    expect(await leftAfter(installation.data, leftMillisecondsMax)).toEqual([]);
    const journal = await finished;
    installation.down();
    await installation.start();
    // The two tests above have sent orders of their own.
    const { findings } = await checkInvariants(installation, journal);
    expect(findings.examples.filter((example) => !example.startsWith('unexplained'))).toEqual([]);
  }, 150_000);
});

describe('a server that is killed', () => {
  const installation = new Installation();
  afterAll(() => installation.remove(), 30_000);

  /** A process that has ended and that nobody has waited for, as they collect where the first process does not reap. */
  const unwaitedFor = async (): Promise<{ pid: number; started: string; end: () => void }> => {
    const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 300'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [said]: unknown[] = await once(parent.stdout, 'data');
    const pid = Number(String(said));
    const fields = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    await eventually('it has ended', () => fields()[0] === 'Z');
    return { pid, started: fields()[19] ?? '', end: () => parent.kill('SIGKILL') };
  };

  it('leaves neither of its stores running', async () => {
    await installation.start();
    expect(treeOn(installation.data).all.length).toBeGreaterThan(5);
    installation.server.kill();
    await installation.server.ended;
    installation.down();
    expect(await leftAfter(installation.data, leftMillisecondsMax)).toEqual([]);
  }, 120_000);

  it('leaves locks that keep no other from starting, although the process in them was not waited for', async () => {
    const dead = await unwaitedFor();
    try {
      const { pid, started } = dead;
      const socketLock = join(installation.data, 'postgres', 'run', '.s.PGSQL.5432.lock');
      writeFileSync(socketLock, `${pid}\n${installation.data}\n1\n5432\n\n`);
      const holder = { pid, started, since: new Date().toISOString() };
      writeFileSync(join(installation.data, 'eventstore', 'server.lock'), JSON.stringify(holder));
      await installation.start();
      expect(await installation.stop()).toMatchObject({ code: 0, signal: null });
    } finally {
      dead.end();
    }
  }, 120_000);
});

import { type Running, type StoreState, Supervisor } from './supervisor';
import { until } from './waiting';

/** A child that the test ends when it wants. */
const child = () => {
  let end: (reason: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (end = resolve));
  return { running: { ended, stop: async () => end('stopped') } satisfies Running, end };
};

describe('a supervisor', () => {
  it('starts what ends again, waits longer each time, and calls it down after six failures', async () => {
    const states: StoreState[] = [];
    const starts: number[] = [];
    const first = child();
    const supervisor = new Supervisor(
      async () => {
        starts.push(Date.now());
        if (starts.length === 1) return first.running;
        throw new Error(`failure ${starts.length - 1}`);
      },
      (state) => states.push(state),
    );
    await supervisor.begin();
    first.end('it fell over');
    await until(() => (supervisor.state.status === 'down' ? true : undefined), 15_000);
    await supervisor.stop();
    expect(states.slice(0, 3)).toEqual([
      { status: 'up' },
      { status: 'restarting', reason: 'it fell over' },
      { status: 'restarting', reason: 'failure 1' },
    ]);
    const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    for (const [index, pause] of pauses.slice(1).entries()) expect(pause).toBeGreaterThan(pauses[index] ?? 0);
    expect(states.at(-2)).toMatchObject({ status: 'down', reason: 'failure 5' });
  }, 30_000);

  it('leaves nothing running when it is stopped in the middle of a restart', async () => {
    const [first, second] = [child(), child()];
    let isStarting = false;
    let isStopped = false;
    let finish: (running: Running) => void = () => undefined;
    const starting = new Promise<Running>((resolve) => (finish = resolve));
    const starts = [async () => first.running, () => ((isStarting = true), starting)];
    const supervisor = new Supervisor(
      () => starts.shift()?.() ?? Promise.reject(new Error('too many starts')),
      () => undefined,
    );
    await supervisor.begin();
    first.end('it fell over');
    await until(() => isStarting || undefined, 5_000);
    const stopping = supervisor.stop();
    finish({ ended: second.running.ended, stop: async () => void (isStopped = true) });
    await stopping;
    expect(isStopped).toBe(true);
    expect(supervisor.state).toEqual({ status: 'down', reason: 'stopped' });
  }, 15_000);

  it('tells why the first start failed', async () => {
    const supervisor = new Supervisor(
      () => Promise.reject(new Error('no disk')),
      () => undefined,
    );
    await expect(supervisor.begin()).rejects.toThrow('no disk');
    await supervisor.stop();
  });
});

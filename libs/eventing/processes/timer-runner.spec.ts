import { eventually } from '../../../test/faults/harness/eventually';
import { DueKey, TimerRunner } from './timer-runner';

/** Timers in an array that stands for a read model, which the test lets follow when it wants. */
const now = new Date(Date.UTC(2026, 0, 5, 12));
const due = (key: string, secondsAgo: number): DueKey => ({ key, at: new Date(now.getTime() - secondsAgo * 1000) });

let rows: readonly DueKey[] = [];
let fired: string[] = [];
let follow: () => void = () => undefined;
let failing = '';
let runner: TimerRunner;

beforeEach(() => {
  [rows, fired, failing] = [[], [], ''];
  const order = (one: DueKey, other: DueKey): number =>
    one.at.getTime() - other.at.getTime() || one.key.localeCompare(other.key);
  runner = new TimerRunner(
    {
      name: 'test',
      due: async (_, after, keysMax) =>
        [...rows]
          .sort(order)
          .filter((row) => !after || order(row, after) > 0)
          .slice(0, keysMax),
      next: async () => [...rows].sort(order)[0]?.at,
      fire: async ({ key }) => {
        if (key === failing) throw new Error('it cannot be told');
        return BigInt(fired.push(key));
      },
    },
    {
      clock: async () => now,
      leads: () => true,
      passed: () => new Promise<void>((resolve) => (follow = resolve)),
      onFailure: () => undefined,
    },
  );
  runner.start();
});
afterEach(async () => {
  const stopped = runner.stop();
  follow();
  await stopped;
});

const come = (...more: readonly DueKey[]): void => {
  rows = [...rows, ...more];
  runner.nudge();
};

it('tells what falls due while the read models do not hold yet what was told, and that once', async () => {
  come(due('first', 10));
  await eventually('the first is told', () => fired.includes('first'));
  come(due('second', 5), due('third', 20));
  await eventually('the others are told', () => fired.length >= 3);
  expect(fired).toEqual(['first', 'third', 'second']);
});

it('tells again what the read models have passed and still give as due, and the next timer of the same key', async () => {
  come(due('again', 10));
  await eventually('it is told', () => fired.length === 1);
  rows = [due('again', 4)];
  await eventually('its next timer is told', () => fired.length === 2);
  follow();
  await eventually('it is told again', () => fired.length >= 3);
  expect(new Set(fired)).toEqual(new Set(['again']));
});

it('tells many in the order of their instants, batch after batch, and goes on beside one that cannot be told', async () => {
  failing = 'key-0700';
  const many = Array.from({ length: 1_200 }, (_, index) => due(`key-${String(index).padStart(4, '0')}`, 2_000 - index));
  come(...many);
  await eventually('all others are told', () => new Set(fired).size === many.length - 1);
  expect(fired.slice(0, 500).sort()).toEqual(many.slice(0, 500).map(({ key }) => key));
});

import { RequestEvent } from '../../events';
import { held, opened, resolved, reopened, responded, resumed } from '../../testing/given';
import { iso, rebuilt, startOfDay, timeline } from '../testing/timeline';
import { readCursor, writeCursor } from '../page-cursor';
import { nextDue, queueProjection } from './queue.projection';

const minutes = (count: number): number => count * 60;
const hours = (count: number): number => count * 3600;

const due = (...steps: readonly (readonly [seconds: number, event: RequestEvent])[]) => {
  const row = rebuilt(queueProjection, timeline(steps));
  const next = row && nextDue(row);
  return next && [next.metric, (next.at - startOfDay) / 1000];
};

it('is due for a first response before anything else', () =>
  expect(due([0, opened()])).toEqual(['first-response', minutes(15)]));
it('is due for a resolution once the first response is given', () =>
  expect(due([0, opened()], [60, responded()])).toEqual(['resolution', hours(4)]));
it('is due sooner under a higher priority', () =>
  expect(due([0, opened({ priority: 'P2' })], [60, { type: 'RequestClassified', data: { priority: 'P1' } }])).toEqual([
    'first-response',
    minutes(15),
  ]));
it('is never due while it waits for the customer and has been answered', () =>
  expect(due([0, opened()], [60, responded()], [120, held])).toBeUndefined());
it('is due later by the time it waited for the customer', () =>
  expect(due([0, opened()], [60, responded()], [120, held], [720, resumed])).toEqual(['resolution', hours(4) + 600]));
it('is never due once it is resolved', () => expect(due([0, opened()], [60, resolved])).toBeUndefined());
it('is due again after reopening', () =>
  expect(due([0, opened()], [60, responded()], [120, resolved], [720, reopened])).toEqual([
    'resolution',
    hours(4) + 600,
  ]));
it('stands last while nothing is due', () => {
  const row = rebuilt(
    queueProjection,
    timeline([
      [0, opened()],
      [60, resolved],
    ]),
  );
  expect(row && queueProjection.columns.due_at?.of(row)).toBe('infinity');
});

const place = { due: iso(0), number: 'CSR-7K3-M9Q-XA4' };
it('reads the cursors that it wrote', () => expect(readCursor(writeCursor(place, 'c'), 'c')).toEqual(place));
it('refuses a cursor for other filters', () => expect(readCursor(writeCursor(place, 'c'), 'd')).toBeUndefined());
it('refuses a cursor with any character changed, missing or more', () => {
  const cursor = writeCursor(place, 'c');
  for (let index = 0; index < cursor.length; index++) {
    const other = cursor[index] === 'A' ? 'B' : 'A';
    expect(readCursor(cursor.slice(0, index) + other + cursor.slice(index + 1), 'c')).toBeUndefined();
    expect(readCursor(cursor.slice(0, index), 'c')).toBeUndefined();
  }
  expect(readCursor(`${cursor}A`, 'c')).toBeUndefined();
  expect(readCursor(`${cursor}.A`, 'c')).toBeUndefined();
});

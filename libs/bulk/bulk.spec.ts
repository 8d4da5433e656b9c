import { specification } from '../eventing/testing/specification';
import { Bulk, bulkEvolution, cancelBulk, itemsMax, recordItems, startBulk } from './bulk';
import { BulkEvent, BulkItem } from './events';

const given = specification(bulkEvolution, 'job');
const facts = { by: 'alice', role: 'agent', verb: 'note', words: '{}', filter: null } as const;
const started = (...numbers: readonly string[]): BulkEvent => ({ type: 'BulkStarted', data: { ...facts, numbers } });
const item = (number: string): BulkItem => ({ number, outcome: 'done', code: null, revision: 1 });
const done = (upTo: number, ...numbers: readonly string[]): BulkEvent => ({
  type: 'BulkItemsDone',
  data: { items: numbers.map(item), upTo },
});
const recording =
  (from: number, ...numbers: readonly string[]) =>
  (state: Bulk) =>
    recordItems({ from, items: numbers.map(item) }, state);
const cancelling = (state: Bulk) => cancelBulk({ by: 'bob' }, state);
const cancelled: BulkEvent = { type: 'BulkCancelled', data: { by: 'bob' } };

it('is for some requests, and not for too many', () => {
  const starting = (count: number) => (state: Bulk) =>
    startBulk({ ...facts, numbers: Array.from({ length: count }, (_, index) => String(index)) }, state);
  given().when(starting(0)).refused('SELECTION_EMPTY');
  given()
    .when(starting(itemsMax + 1))
    .refused('SELECTION_TOO_LARGE');
  given().when(starting(2)).then(started('0', '1'));
  given(started('0')).when(starting(2)).then();
});
it('records the next items once, and is completed with the last', () => {
  given(started('a', 'b', 'c'))
    .when(recording(0, 'a', 'b'))
    .then(done(2, 'a', 'b'));
  given(started('a', 'b', 'c'), done(2, 'a', 'b'))
    .when(recording(0, 'a', 'b'))
    .then();
  given(started('a', 'b', 'c'), done(2, 'a', 'b'))
    .when(recording(2, 'c'))
    .then(done(3, 'c'), { type: 'BulkCompleted', data: {} });
});
it('can be cancelled while it runs, and says what had been done by then', () => {
  given(started('a', 'b')).when(cancelling).then(cancelled);
  given(started('a', 'b'), cancelled).when(cancelling).then();
  given(started('a', 'b'), cancelled)
    .when(recording(0, 'a', 'b'))
    .then(done(2, 'a', 'b'));
  given(started('a'), done(1, 'a'), { type: 'BulkCompleted', data: {} }).when(cancelling).refused('BULK_OVER');
});

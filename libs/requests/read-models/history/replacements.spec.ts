import { RequestEvent } from '../../events';
import { noted, opened } from '../../testing/given';
import { iso, timeline } from '../testing/timeline';
import { replacementsIn } from './replacements';

const correction = (corrects: number, values: object): RequestEvent => ({
  type: 'RequestCorrected',
  data: { corrects, reason: 'typo', values },
});
const of = (...events: readonly RequestEvent[]) =>
  replacementsIn(timeline(events.map((event, index) => [index * 60, event])));

it('says which values a correction replaced, and no others', () =>
  expect(of(opened(), correction(0, { type: 'question', product: 'LaserJet' })).replaced.get(1)).toEqual({
    type: 'incident',
    product: null,
  }));
it('takes the value of an earlier correction for the one that held', () =>
  expect(of(opened(), correction(0, { type: 'question' }), correction(0, { type: 'order' })).replaced.get(2)).toEqual({
    type: 'question',
  }));
it('says which instant was wrong', () =>
  expect(of(opened(), noted, correction(1, { occurredAt: iso(5) })).replaced.get(2)).toEqual({ occurredAt: iso(60) }));
it('names the corrections of an event, oldest first', () =>
  expect(of(opened(), correction(0, { type: 'a' }), correction(0, { type: 'b' })).correctedBy.get(0)).toEqual([1, 2]));
it('bears a correction of an event that is not there', () =>
  expect(of(opened(), correction(9, { type: 'a' })).replaced.get(1)).toEqual({}));

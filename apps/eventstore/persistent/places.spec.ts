import { tombstoneRevision } from '../log/record';
import { parsePlace, parseStart, placeText, startText } from './places';

describe('places as text', () => {
  it('are revisions in a stream and positions in $all', () => {
    expect(placeText('orders', 19)).toBe('19');
    expect(placeText('$all', 19)).toBe('C:19/P:19');
    expect(placeText('orders', tombstoneRevision)).toBe('9223372036854775807');
  });

  it.each(['orders', '$all'])('are read as they were written: %s', (stream) => {
    expect(parsePlace(stream, placeText(stream, 123))).toBe(123);
    for (const start of [{ at: 'start' }, { at: 'end' }, { at: 'value', value: 7n }] as const) {
      expect(parseStart(stream, startText(stream, start))).toEqual(start);
    }
  });

  it('are not made out of something else', () => {
    expect(parsePlace('orders', 'C:1/P:1')).toBeUndefined();
    expect(parsePlace('$all', '1')).toBeUndefined();
    expect(parsePlace('orders', '')).toBeUndefined();
  });
});

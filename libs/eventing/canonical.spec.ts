import fc from 'fast-check';
import { canonical, depthMax, NotCanonical } from './canonical';

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__' && !key.includes('\0')),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

it('is stable: what was written is written the same after reading it', () => {
  fc.assert(fc.property(json, (value) => canonical(JSON.parse(canonical(value))) === canonical(value)));
});

it('does not depend on the order in which members were set', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__' && !key.includes('\0')),
        fc.maxSafeInteger(),
      ),
      (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonical(reversed)).toBe(canonical(value));
      },
    ),
  );
});

// RFC 8785, section 3.2.3, without the numbers that this subset refuses.
it('sorts by UTF-16 code units and escapes as the RFC says', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew',
    '1': 'One',
    '\ud83d\ude00': 'Smiley',
    '\u0080': 'Control',
    '\u00f6': 'o',
  };
  const keys = Object.keys(JSON.parse(canonical(value)) as object);
  expect(canonical(value).startsWith('{"\\r":"Carriage Return","1":"One","\u0080":"Control"')).toBe(true);
  expect(keys).toHaveLength(7);
  expect(canonical('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
});

it.each([
  ['U+0000', { a: ['x\0'] }, '/a/0'],
  ['a lone surrogate', { a: '\ud800' }, '/a'],
  ['a fraction', { a: 1.5 }, '/a'],
  ['an integer that JavaScript cannot count', 2 ** 53, '/'],
  ['infinity', { b: Infinity }, '/b'],
  ['a bigint', { b: 1n }, '/b'],
])('refuses %s and says where', (_what, value, pointer) => {
  expect(() => canonical(value)).toThrow(NotCanonical);
  expect(() => canonical(value)).toThrow(pointer);
});

it('leaves out absent members and writes minus nought as nought', () => {
  expect(canonical({ b: undefined, a: -0 })).toBe('{"a":0}');
});

it('takes the allowed depth and not one more', () => {
  const nested = (depth: number): unknown => (depth === 1 ? 1 : [nested(depth - 1)]);
  expect(canonical(nested(depthMax))).toHaveLength(2 * (depthMax - 1) + 1);
  expect(() => canonical(nested(depthMax + 1))).toThrow(NotCanonical);
});

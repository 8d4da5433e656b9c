import fc from 'fast-check';
import { Allowance } from './allowance';
import { compileExpression, compileSteadyExpression } from './expression';

// A machine that does much else may not get round to a test within what one is usually allowed.
const patientMs = 10_000;
const foreverMs = 60_000;
const evil = `${'a'.repeat(60)}!`;
const withinMs = (work: () => void): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

describe('the expression of a filter', () => {
  it.each([
    ['^[^\\$].*', 'orders', true],
    ['^[^\\$].*', '$settings', false],
    ['(?i)^ORDER-\\d{4}$', 'order-2024', true],
    ['\\Aorder\\z', 'order', true],
    ['order\\Z', 'order-', false],
    ['^order-(?!internal)', 'order-internal', false],
    ['^order-(?!internal)', 'order-7', true],
    ['^(a|b)-\\1$', 'a-a', true],
    ['(?s)^(?=.b)', 'xb', true],
    ['^(?!(\\$.+$|PersistentConfig\\d+$))', '$metadata', false],
    ['^(?!(\\$.+$|PersistentConfig\\d+$))', 'Happened', true],
    ['^(?!a)(?=.b)\\w+$', 'xb', true],
    ['^(?!a)(?=.b)\\w+$', 'ab', false],
    ['^(?!a)b|c', 'ac', true],
    ['^(?!a)[|)]', '|', true],
    ['(?i)^(?!ORDER)', 'order', false],
  ])('%s on %s gives %s', (source, text, matches) =>
    expect(compileExpression(source, patientMs).test(text)).toBe(matches),
  );

  it('that goes wrong in a backtracking engine is as fast as every other', () => {
    const expression = compileExpression('^(a+)+$');
    // The same in JavaScript's engine takes longer than anybody has.
    expect(withinMs(() => expression.test(evil))).toBeLessThan(foreverMs);
    expect(expression.test(evil)).toBe(false);
  });

  it('that only a backtracking engine knows, and that goes wrong in it, is interrupted and refused', () => {
    const expression = compileExpression('^a(?=a)(a+)+$');
    expect(withinMs(() => expect(() => expression.test(evil)).toThrow(/needs more than/))).toBeLessThan(foreverMs);
    expect(compileExpression('^a(?=a)(a+)+$', patientMs).test('aaa')).toBe(true);
  });

  it('that is slow again and again is refused, and one that is slow now and then is not', () => {
    const greedy = new Allowance(0);
    expect([0, 20, 40, 60, 80, 100].map((at) => greedy.covers(at, at + 19))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    const patient = new Allowance(0);
    for (let at = 0; at < 1_000_000; at += 1_000) expect(patient.covers(at, at + 19)).toBe(true);
  });

  it('of a group is refused unless it is fast on every text', () => {
    expect(compileSteadyExpression('^(order|invoice)-').test('order-1')).toBe(true);
    expect(compileSteadyExpression('^(?!order|\\$)').test('order-1')).toBe(false);
    expect(compileSteadyExpression('^(?!order|\\$)').test('invoice-1')).toBe(true);
    expect(() => compileSteadyExpression('order(?!s)')).toThrow(/a persistent subscription cannot afford/);
    expect(codeOf(() => compileSteadyExpression(`^(?!${'[ab]{90}'.repeat(2)})(?=[ab]{300})`))).toBe(8);
    expect(codeOf(() => compileSteadyExpression('[ab]{500}'))).toBe(8);
    expect(codeOf(() => compileSteadyExpression('('))).toBe(2);
  });

  it.each([`${'x{1000}'.repeat(100)}`, `(${'a'.repeat(100)}){1000}`, 'a'.repeat(60_000), '(?:a?){1000}a{1000}'])(
    'that would be very large is refused before it is: %#',
    (source) => expect(withinMs(() => expect(codeOf(() => compileExpression(source))).toBe(8))).toBeLessThan(foreverMs),
  );

  it('with lookaheads at the front means what it means to a backtracking engine', () => {
    const part = fc.stringMatching(/^(\^|\$|[ab]|\.|a\*|\(a\|b\)|\[ab|\]|\||\\\.){0,4}$/);
    const front = fc.tuple(fc.constantFrom('(?=', '(?!'), part).map(([open, inside]) => `${open}${inside})`);
    fc.assert(
      fc.property(
        fc.array(front, { minLength: 1, maxLength: 2 }),
        part,
        fc.stringMatching(/^[ab]{0,4}$/),
        (fronts, rest, text) => {
          const source = `^${fronts.join('')}${rest}`;
          const expected = valueOf(() => new RegExp(source).test(text));
          const test = valueOf(() => compileExpression(source, patientMs).test(text));
          if (expected !== undefined && test !== undefined) expect([source, test]).toEqual([source, expected]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is read, or refused with a status, whatever it is', () => {
    const parts = fc.constantFrom(...'ab()[]{}|*+?^$.\\-,1:=!<>PdwszpLu'.split(''));
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 24 }), fc.string(), (source, text) => {
        const code = codeOf(() => compileExpression(source.join('')).test(text));
        expect([undefined, 2, 8]).toContain(code);
      }),
      { numRuns: 2_000 },
    );
  });
});

const valueOf = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

const codeOf = (work: () => void): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (Reflect.get(error, 'code') ?? error) : error;
  }
};

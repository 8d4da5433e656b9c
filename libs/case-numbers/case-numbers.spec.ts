import fc from 'fast-check';
import golden from './case-numbers.golden.json';
import { corrections } from './corrections';
import { numberFor } from './number-for';
import { simulateOpenings } from './opening-simulation';
import { parseNumber, type NumberSpace } from './parse-number';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const key = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const here: NumberSpace = { installation: 'acme', prefixes: ['CSR', 'CER'] };
const numberOf = (commandId: string, prefix = 'CSR', installation = here.installation): string =>
  numberFor({ key, prefix, commandId, attempt: 0, installation });
const anyNumber = fc.tuple(fc.string(), fc.constantFrom(...here.prefixes)).map(([id, prefix]) => numberOf(id, prefix));
const compact = (number: string): string[] => [...number.replaceAll('-', '')];
const isNumber = (characters: readonly string[]): boolean => parseNumber(characters.join(''), here).ok;

/** Indices into the nine symbols behind the prefix. */
const places = [3, 4, 5, 6, 7, 8, 9, 10, 11];

describe('numberFor', () => {
  it.each(golden.numbers)('gives $number as frozen', ({ number, key: hex, ...source }) => {
    expect(numberFor({ ...source, key: Buffer.from(hex, 'hex') })).toBe(number);
  });

  it('writes three groups of three behind the prefix', () => {
    fc.assert(fc.property(anyNumber, (number) => expect(number).toMatch(/^C[SE]R(-[0-9A-HJKMNP-TV-Z]{3}){3}$/)));
  });

  it('changes with every one of its sources', () => {
    const base = { key, prefix: 'CSR', commandId: 'a', attempt: 0, installation: 'acme' };
    const changed = [{ prefix: 'CER' }, { commandId: 'b' }, { attempt: 1 }, { key: Buffer.alloc(32, 7) }];
    const payloads = [{}, ...changed].map((change) => numberFor({ ...base, ...change }).slice(4, 13));
    expect(new Set(payloads).size).toBe(5);
    expect(numberFor({ ...base, installation: 'other' })).not.toBe(numberFor(base));
  });

  it('leaves the upper symbols 0 when fewer payload bits are asked for', () => {
    const few = (commandId: string) =>
      numberFor({ key, prefix: 'CSR', commandId, attempt: 0, installation: 'acme', payloadBits: 20 });
    fc.assert(fc.property(fc.string(), (id) => expect(few(id)).toMatch(/^CSR-000-/)));
    expect(new Set(Array.from({ length: 500 }, (_, id) => few(`${id}`))).size).toBeGreaterThan(495);
  });

  it.each([
    { prefix: 'CS' },
    { prefix: 'csr' },
    { prefix: 'CS1' },
    { attempt: -1 },
    { attempt: 0.5 },
    { payloadBits: 36 },
    { payloadBits: 0 },
    { key: Buffer.alloc(15) },
  ])('refuses %p', (wrong) => {
    const source = { key, prefix: 'CSR', commandId: 'a', attempt: 0, installation: 'acme', ...wrong };
    expect(() => numberFor(source)).toThrow(RangeError);
  });
});

describe('parseNumber', () => {
  it('reads back every number as it was written', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        expect(parseNumber(number, here)).toEqual({ ok: true, number, prefix: number.slice(0, 3) });
      }),
    );
  });

  it('forgives case, spaces, dashes, full-width forms, and O, I, L for 0 and 1', () => {
    fc.assert(
      fc.property(anyNumber.chain(sloppy), ([number, text]) =>
        expect(parseNumber(text, here)).toMatchObject({ ok: true, number }),
      ),
    );
  });

  it('keeps prefix letters that would be digits elsewhere', () => {
    const space = { installation: 'acme', prefixes: ['INC', 'OIL'] };
    for (const prefix of space.prefixes) {
      const number = numberOf('a', prefix);
      expect(parseNumber(number.toLowerCase(), space)).toMatchObject({ ok: true, number });
    }
  });

  it('refuses U and whatever else is no symbol, and any other length', () => {
    const number = compact(numberOf('a'));
    for (const wrong of ['U', 'u', 'Ä', '!', '.', '😀', '\0'])
      for (const place of places)
        expect(parseNumber(number.with(place, wrong).join(''), here)).toEqual({ ok: false, reason: 'malformed' });
    for (const text of ['', 'CSR', number.slice(1).join(''), `${number.join('')}0`, '0'.repeat(100_000)])
      expect(parseNumber(text, here)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('tells a prefix that is not in use from a wrong number', () => {
    expect(parseNumber(numberOf('a', 'INC'), here)).toEqual({ ok: false, reason: 'prefix' });
    expect(parseNumber(numberOf('a', 'CSR', 'other'), here)).toEqual({ ok: false, reason: 'check' });
  });

  it('never throws, whatever the text', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'CSRe 0Oil-uﬁ½') }),
    );
    fc.assert(
      fc.property(text, (fuzz) => {
        expect(typeof parseNumber(fuzz, here).ok).toBe('boolean');
        expect(corrections(fuzz, here).length).toBeLessThanOrEqual(12);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('errors', () => {
  const numbers = ['a', 'b', 'c', 'd'].flatMap((id) => [numberOf(id), numberOf(id, 'CER')]).map(compact);

  it('finds every single wrong symbol of eight numbers', () => {
    for (const number of numbers)
      for (const place of places)
        for (const symbol of CROCKFORD) expect(isNumber(number.with(place, symbol))).toBe(symbol === number[place]);
  });

  it('finds every pair of wrong symbols of a number: 36 pairs of places, 961 changes each', () => {
    const number = numbers[0]!;
    let passed = 0;
    let tried = 0;
    for (const [i, j] of pairs())
      for (const left of CROCKFORD)
        for (const right of CROCKFORD) {
          if (left === number[i] || right === number[j]) continue;
          tried++;
          if (isNumber(number.with(i, left).with(j, right))) passed++;
        }
    expect({ tried, passed }).toEqual({ tried: 36 * 961, passed: 0 });
  });

  it('finds every swap, jump swap, twin and jump twin', () => {
    const check = (changed: string[], number: string[]) =>
      expect(isNumber(changed)).toBe(changed.join() === number.join());
    fc.assert(
      fc.property(anyNumber.map(compact), fc.constantFrom(...CROCKFORD), (number, symbol) => {
        for (const [i, j] of pairs().filter(([i, j]) => j - i <= 2)) {
          check(number.with(i, number[j]!).with(j, number[i]!), number);
          if (number[i] === number[j]) check(number.with(i, symbol).with(j, symbol), number);
        }
      }),
    );
  });

  it('finds one or two wrong prefix letters even when that prefix is in use', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const near = letters.flatMap((a) => letters.flatMap((b) => [`${a}${b}R`, `${a}S${b}`, `C${a}${b}`]));
    const space = { installation: 'acme', prefixes: near };
    const passed = near.filter((prefix) => parseNumber(prefix + numberOf('a').slice(3), space).ok);
    expect(new Set(passed)).toEqual(new Set(['CSR']));
  });

  it('lets numbers of about one in 1024 other installations pass, and none of the others', () => {
    const passes = (installation: string, id: string) => parseNumber(numberOf(id, 'CSR', installation), here).ok;
    const others = Array.from({ length: 20_480 }, (_, other) => `other-${other}`);
    const passing = others.filter((other) => passes(other, 'a'));
    expect(passing.length).toBeGreaterThan(5);
    expect(passing.length).toBeLessThan(40);
    for (const other of passing) expect(passes(other, 'b')).toBe(true);
  });

  it('lets exchanged groups and random strings pass about once in 1024', () => {
    const swapped = Array.from({ length: 20_480 }, (_, id) => numberOf(`${id}`)).filter((number) => {
      const [prefix, left, middle, right] = number.split('-');
      return parseNumber(`${prefix}${middle}${left}${right}`, here).ok;
    });
    expect(swapped.length).toBeLessThan(40);
  });
});

describe('corrections', () => {
  it('offers the number for every single wrong symbol, prefix letters included', () => {
    const number = numberOf('a');
    const wrong = places.flatMap((place) =>
      [...CROCKFORD, 'U', '?'].map((symbol) => compact(number).with(place, symbol)),
    );
    for (const characters of [...wrong, compact(number).with(0, 'G'), compact(number).with(1, '5')]) {
      const text = characters.join('');
      if (text !== compact(number).join('')) expect(corrections(text, here)).toContain(number);
    }
  });

  it('offers the number for every exchange of neighbours', () => {
    fc.assert(
      fc.property(anyNumber, fc.integer({ min: 0, max: 10 }), (number, place) => {
        const characters = compact(number);
        const exchanged = characters
          .with(place, characters[place + 1]!)
          .with(place + 1, characters[place]!)
          .join('');
        if (exchanged !== characters.join('')) expect(corrections(exchanged, here)).toContain(number);
      }),
    );
  });

  it('offers only numbers that verify, and none for a number', () => {
    const body = fc.string({ unit: fc.constantFrom(...CROCKFORD), minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(body, (text) => {
        for (const number of corrections(`CSR${text}`, here))
          expect(parseNumber(number, here)).toMatchObject({ ok: true, number });
      }),
    );
    fc.assert(fc.property(anyNumber, (number) => expect(corrections(number, here)).toEqual([])));
  });

  it('does not guess at two unreadable characters', () => {
    expect(corrections(compact(numberOf('a')).with(4, 'U').with(9, 'U').join(''), here)).toEqual([]);
  });

  it('does not offer what would need a second change beside the unreadable character', () => {
    for (const number of Array.from({ length: 20 }, (_, id) => compact(numberOf(`${id}`))))
      for (const symbol of CROCKFORD)
        if (symbol !== number[8]) expect(corrections(number.with(4, 'U').with(8, symbol).join(''), here)).toEqual([]);
  });

  it('offers no prefix that is not in use', () => {
    const text = numberOf('a').replace('CSR', 'CSP');
    expect(corrections(text, here)).toEqual([numberOf('a')]);
    expect(corrections(text, { ...here, prefixes: ['CER', 'CSP'] })).not.toContain(numberOf('a'));
  });
});

describe('opening', () => {
  // A million openings with the same 20 bits take a minute or two and belong to the soak.
  it('gives 200 000 commands a number each, and every retry its own again', () => {
    const outcome = simulateOpenings({ opens: 200_000, payloadBits: 20, key, installation: 'acme' });
    expect(outcome).toMatchObject({ numbers: 200_000, retriesLost: 0 });
    expect(outcome.attempts).toBeGreaterThan(215_000);
  });

  it('does so in a space that is nearly full', () => {
    const outcome = simulateOpenings({ opens: 4_000, payloadBits: 12, key, installation: 'acme' });
    expect(outcome).toMatchObject({ numbers: 4_000, retriesLost: 0 });
    expect(outcome.attemptsMax).toBeGreaterThan(20);
  });

  it('refuses to search for ever', () => {
    expect(() => simulateOpenings({ opens: 16, payloadBits: 4, key, installation: 'acme' })).toThrow(RangeError);
  });
});

function pairs(): [number, number][] {
  return places.flatMap((i) => places.filter((j) => j > i).map((j): [number, number] => [i, j]));
}

/** A number and a careless way to write it. */
function sloppy(number: string): fc.Arbitrary<[string, string]> {
  const confusions: Record<string, string[]> = { '0': ['0', 'O', 'o', '０'], '1': ['1', 'I', 'l', 'L', 'i'] };
  const variants = compact(number).map((character, place) =>
    fc.constantFrom(
      ...((place < 3 ? undefined : confusions[character]) ?? [character, character.toLowerCase(), wide(character)]),
    ),
  );
  const between = fc.constantFrom('', '', ' ', '-', '–', '—', '−', '‑', '\u00a0', '\u00ad', '\u200b', '\t');
  return fc
    .tuple(fc.tuple(...variants), fc.array(between, { minLength: 12, maxLength: 12 }))
    .map(([characters, gaps]) => [number, characters.map((character, place) => gaps[place]! + character).join('')]);
}

function wide(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + 0xfee0);
}

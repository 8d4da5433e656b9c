import fc from 'fast-check';
import { Problem } from './problem';
import { parseStrictJson } from './strict-json';

const outcome = (
  input: string | Buffer,
): { code: string; status: number; pointers?: string[] } | { value: unknown } => {
  try {
    return { value: parseStrictJson(Buffer.from(input)) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const pointers = error.errors.map(({ pointer }) => pointer);
    return { code: error.code, status: error.status, ...(pointers.length ? { pointers } : {}) };
  }
};

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('strict JSON', () => {
  it.each<[string, string | Buffer, string]>([
    ['a cut-off text', '{', 'MALFORMED_JSON'],
    ['no text', '', 'MALFORMED_JSON'],
    ['NaN', '{"a":NaN}', 'MALFORMED_JSON'],
    ['a hexadecimal number', '{"a":0x10}', 'MALFORMED_JSON'],
    ['a comment', '{"a":1}//', 'MALFORMED_JSON'],
    ['a key twice', '{"n":1,"n":2}', 'DUPLICATE_KEY'],
    ['a key twice, written differently', '{"n":1,"\\u006e":2}', 'DUPLICATE_KEY'],
    ['a key twice below', '[{"a":{"b":1,"c":2,"b" : 3}}]', 'DUPLICATE_KEY'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'DUPLICATE_KEY'],
    ['33 levels', nested(33), 'TOO_DEEP'],
    ['50,000 levels', nested(50_000), 'TOO_DEEP'],
    ['a byte that is not UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]), 'INVALID_UTF8'],
    ['a byte order mark', '\ufeff{}', 'INVALID_UTF8'],
    ['UTF-16', Buffer.from('{}', 'utf16le'), 'MALFORMED_JSON'],
    ['an encoded surrogate', Buffer.from('22eda08022', 'hex'), 'INVALID_UTF8'],
  ])('refuses %s', (_, input, code) => {
    expect(outcome(input)).toEqual({ code, status: 400 });
  });

  it.each<[string, string, string[]]>([
    ['__proto__', '{"__proto__":{"isAdmin":true}}', ['/__proto__']],
    ['constructor', '{"a":[{"constructor":{}}]}', ['/a/0/constructor']],
    ['U+0000', '{"a":{"b~/c":["x\\u0000"]}}', ['/a/b~0~1c/0']],
    ['an escape', '{"a":"\\u001b[31m","b":"\\b"}', ['/a', '/b']],
    ['DEL and C1', '{"a":"\u007f","b":"\u0085"}', ['/a', '/b']],
    ['a lone high surrogate', '{"a":"\\ud800"}', ['/a']],
    ['a lone low surrogate', '{"a":"\\udc00x"}', ['/a']],
    ['surrogates the wrong way round', '{"a":"\\udc00\\ud800"}', ['/a']],
    ['half a character in a key', '{"\\ud800":1}', ['/\ufffd']],
    ['1e400', '{"a":1e400}', ['/a']],
    ['2^53', '{"a":9007199254740992}', ['/a']],
    ['2^53 + 1', '{"a":9007199254740993}', ['/a']],
    ['-2^63', '[-9223372036854775808]', ['/0']],
  ])('refuses %s and points at it', (_, input, pointers) => {
    expect(outcome(input)).toEqual({ code: 'VALIDATION_FAILED', status: 422, pointers });
  });

  it.each([
    ['32 levels', nested(32)],
    ['tab, line feed, carriage return', '{"a":"\\t\\n\\r"}'],
    ['pairs of surrogates', '{"a":"\\ud83d\\ude00😀"}'],
    ['the largest integers', '[9007199254740991,-9007199254740991]'],
    ['the same key in two objects', '[{"a":1},{"a":{"a":2}}]'],
    ['texts that look like keys', '{"a":"\\": \\"a\\":","b":["\\"a\\":1","{\\"b\\":1,\\"b\\":2}"]}'],
    ['a bidi override, which is flagged elsewhere', '"\u202e"'],
    ['white space', ' \t\r\n{ "a" : [ ] } '],
  ])('accepts %s', (_, text) => {
    expect(outcome(text)).toEqual({ value: JSON.parse(text) });
  });

  it('takes 500 values, counted at every depth, and no more', () => {
    const list = (length: number): Buffer => Buffer.from(JSON.stringify({ a: Array.from({ length }, () => 0) }));
    expect(parseStrictJson(list(498))).toHaveProperty('a.length', 498);
    expect(() => parseStrictJson(list(499))).toThrow('more than 500 values');
  });

  it('never repeats the body in its words', () => {
    for (const text of ['{"hunter2', '{"a":hunter2}', '{"hunter2":1,"hunter2":2}', '{"a":"hunter2\\u0000"}']) {
      expect(() => parseStrictJson(Buffer.from(text))).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      );
    }
  });

  // A tree that is printed by the test, so that the test knows what is in it without parsing.
  type Tree = { text: string; isFine: boolean };
  const space = fc.constantFrom('', '', ' ', '\n\t');
  const character = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .constantFrom('a', 'b', '"', '\\', ':', '{', '}', '/', 'é', '😀', '\n')
        .map((c) => ({ text: JSON.stringify(c).slice(1, -1), isFine: true })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\\u0061', '\\u00e9', '\\ud83d\\ude00', '\\/').map((text) => ({ text, isFine: true })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\\u0000', '\\b', '\\u007f', '\u0090').map((text) => ({ text, isFine: false })),
    },
  );
  const string = fc.array(character, { maxLength: 4 }).map((parts): Tree => ({
    text: `"${parts.map(({ text }) => text).join('')}"`,
    isFine: parts.every(({ isFine }) => isFine),
  }));
  const leaf = fc.oneof(
    string,
    fc
      .constantFrom('true', 'false', 'null', '-0', '1.5', '1e2', '9007199254740991')
      .map((text): Tree => ({ text, isFine: true })),
    fc.constantFrom('1e16', '9007199254740992', '-1e999').map((text): Tree => ({ text, isFine: false })),
  );
  const tree = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.tuple(space, fc.array(tie('tree'), { maxLength: 3 })).map(([gap, items]): Tree => ({
        text: `[${gap}${items.map(({ text }) => text).join(`${gap},`)}]`,
        isFine: items.every(({ isFine }) => isFine),
      })),
      fc.tuple(space, fc.array(fc.tuple(string, tie('tree')), { maxLength: 4 })).map(([gap, entries]): Tree => {
        const names = entries.map(([{ text }]) => JSON.parse(text));
        return {
          text: `{${entries.map(([key, { text }]) => `${gap}${key.text}${gap}:${text}`).join(',')}}`,
          isFine: entries.every(([key, { isFine }]) => key.isFine && isFine) && new Set(names).size === names.length,
        };
      }),
    ),
  })).tree;

  it('accepts exactly the fine ones among texts that JSON.parse accepts, and reads them alike', () => {
    const seen = { fine: 0, refused: 0 };
    fc.assert(
      fc.property(tree, ({ text, isFine }) => {
        seen[isFine ? 'fine' : 'refused']++;
        const result = outcome(text);
        if (isFine) expect(result).toEqual({ value: JSON.parse(text) });
        else expect(result).toHaveProperty('code');
      }),
      { numRuns: 5_000, seed: 3 },
    );
    expect(Math.min(seen.fine, seen.refused)).toBeGreaterThan(500);
  });

  it('refuses every text that JSON.parse refuses, however it was broken', () => {
    const broken = fc
      .tuple(tree, fc.nat(), fc.constantFrom('', '"', ',', '{', '\\', '\u0000', '1'))
      .map(([{ text }, at, insert]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + insert + text.slice(index + 1);
      });
    fc.assert(
      fc.property(broken, (text) => {
        const result = outcome(text);
        if ('value' in result) expect(result.value).toEqual(JSON.parse(Buffer.from(text).toString()));
      }),
      { numRuns: 5_000, seed: 4 },
    );
  });
});

import { parseMetadata, softDeletedAt, withTruncateBefore } from './metadata';

describe('stream metadata', () => {
  it.each([
    ['{"$maxCount":2}', { maxCount: 2 }],
    ['{"$maxAge":3,"$tb":4}', { maxAgeMs: 3_000, truncateBefore: 4 }],
    ['{"$tb":9223372036854775807}', { truncateBefore: softDeletedAt }],
    ['{"$maxCount":0,"$maxAge":-1,"$tb":-1}', {}],
    ['{"$maxCount":2,"$tb":9223372036854776000}', {}],
    ['{"$maxCount":2,"$maxAge":1.5}', {}],
    ['{"$maxCount":2,"$cacheControl":"1"}', {}],
    ['{"$maxCount":2,"$tb":null}', {}],
    ['{"$maxCount":2,"$acl":7}', {}],
    ['{"$maxCount":2,"other":{"$tb":"x","a":[1,{"b":2}]},"text":"a\\"},{,:"}', { maxCount: 2 }],
    ['[1]', {}],
    ['', {}],
  ])('%s', (text, expected) => {
    expect(parseMetadata(text)).toEqual(expected);
  });

  it('knows 2^63-1 from its neighbours', () => {
    expect(parseMetadata('{"$tb":9223372036854775806}').truncateBefore).toBeLessThan(softDeletedAt);
  });

  it('is rewritten at $tb alone', () => {
    expect(withTruncateBefore('{"a":9223372036854775807, "$tb" : 1 ,"b":[2]}', 5)).toBe(
      '{"a":9223372036854775807, "$tb" : 5 ,"b":[2]}',
    );
    expect(withTruncateBefore('nonsense', 5)).toBeUndefined();
  });
});

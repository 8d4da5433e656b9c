import { withNullTypes } from './openapi-nullable';

it.each([
  ['a type', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  ['an enumeration', { type: 'string', enum: ['a'], nullable: true }, { type: ['string', 'null'], enum: ['a', null] }],
  ['a reference', { $ref: '#/x', nullable: true }, { anyOf: [{ $ref: '#/x' }, { type: 'null' }] }],
  [
    'a reference with words of its own',
    { type: 'object', allOf: [{ $ref: '#/x' }], description: 'why', nullable: true },
    { anyOf: [{ $ref: '#/x' }, { type: 'null' }], description: 'why' },
  ],
  [
    'what is deep inside',
    { a: [{ b: { type: 'number', nullable: true } }] },
    { a: [{ b: { type: ['number', 'null'] } }] },
  ],
  ['what cannot be null', { type: 'string' }, { type: 'string' }],
])('rewrites %s', (_what, before, after) => {
  expect(withNullTypes(before)).toEqual(after);
});

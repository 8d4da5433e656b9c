import fc from 'fast-check';
import { rejectionOf } from '../eventing/testing/rejections';
import { recorded } from '../eventing/testing/specification';
import { applyConfiguration } from './commands/apply/apply';
import { Configuration, evolveConfiguration, initialConfiguration, nameOf, wordState } from './configuration';
import { ConfigurationDocument, readDocument } from './document';
import { documentAt, planLines, planOf } from './plan';
import { readFields, wordFaults } from './words';

/** What requests may name: read, planned, applied and looked up. */
const monday = '2026-01-05T09:00:00.000Z';
const tuesday = '2026-01-06T09:00:00.000Z';
const at = (instant: string) => Date.parse(instant);

const read = (value: unknown): ConfigurationDocument => {
  const { document, faults } = readDocument(value);
  expect(faults).toEqual([]);
  return document;
};

/** The configuration after documents, each from its instant on. */
const after = (...steps: readonly (readonly [string, unknown])[]): Configuration =>
  steps.reduce<Configuration>(
    (state, [from, value]) =>
      recorded('configuration', 'book', applyConfiguration({ document: read(value), from, now: monday }, state)).reduce(
        evolveConfiguration,
        state,
      ),
    initialConfiguration,
  );

describe('a vocabulary', () => {
  it('takes every word until something is configured there, and then only what is listed', () => {
    const standing = { configuration: initialConfiguration, at: at(monday) };
    expect(wordState(standing, 'products', 'LaserJet 4')).toBe('accepted');
    const closed = { configuration: after([monday, { products: { a: { name: 'A' } } }]), at: at(monday) };
    expect(wordState(closed, 'products', 'a')).toBe('accepted');
    expect(wordState(closed, 'products', 'LaserJet 4')).toBe('unknown');
    expect(wordState(closed, 'categories', 'whatever')).toBe('accepted');
    expect(wordFaults(closed, { products: 'x', categories: 'x' })).toEqual([
      { pointer: '/product', code: 'UNKNOWN_PRODUCT', detail: 'is not configured' },
    ]);
  });

  it('refuses what is retired from its instant on, and keeps its name for those who look back', () => {
    const configuration = after(
      [monday, { products: { a: { name: 'A' }, b: { name: 'B' } } }],
      [tuesday, { products: { b: { name: 'B' } } }],
    );
    expect(wordState({ configuration, at: at(monday) }, 'products', 'a')).toBe('accepted');
    expect(wordState({ configuration, at: at(tuesday) }, 'products', 'a')).toBe('retired');
    expect(nameOf({ configuration, at: at(tuesday) }, 'products', 'a')).toBe('A');
  });

  it('keeps its ids when names change, and the names of each time', () => {
    const configuration = after(
      [monday, { codes: { fixed: { name: 'Fixed' } } }],
      [tuesday, { codes: { fixed: { name: 'Solved' } } }],
    );
    expect(nameOf({ configuration, at: at(tuesday) - 1 }, 'codes', 'fixed')).toBe('Fixed');
    expect(nameOf({ configuration, at: at(tuesday) }, 'codes', 'fixed')).toBe('Solved');
  });

  it.each(['__proto__', 'constructor', 'toString'])('knows nothing by the name of %s', (name) => {
    const configuration = after([monday, { types: { incident: { name: 'Incident' } } }]);
    expect(wordState({ configuration, at: at(monday) }, 'types', name)).toBe('unknown');
    expect(readFields({ configuration, at: at(monday) }, name, { [name]: 1 }).faults).toHaveLength(1);
  });
});

describe('custom fields', () => {
  const configuration = after([
    monday,
    {
      fields: {
        serial: { name: 'Serial', kind: 'text' },
        floor: { name: 'Floor', kind: 'number' },
        leased: { name: 'Leased', kind: 'boolean' },
        bought: { name: 'Bought', kind: 'date' },
        colour: { name: 'Colour', kind: 'choice', choices: { red: 'Red' } },
      },
      types: {
        printer: {
          name: 'Printer',
          fields: { serial: 'required', floor: 'optional', leased: 'optional', bought: 'optional', colour: 'optional' },
        },
      },
    },
  ]);
  const standing = { configuration, at: at(monday) };

  it('are read by their kind', () =>
    expect(
      readFields(standing, 'printer', {
        ...{ serial: 'X-1', floor: -0.5, leased: false, bought: '2024-02-29', colour: 'red' },
      }),
    ).toEqual({
      values: {
        serial: { text: 'X-1' },
        floor: { number: '-0.5' },
        leased: { boolean: false },
        bought: { date: '2024-02-29' },
        colour: { choice: 'red' },
      },
      faults: [],
    }));

  it.each([
    ['serial', 5],
    ['serial', ' '],
    ['floor', '3'],
    ['floor', 1e300],
    ['leased', 'yes'],
    ['bought', '2023-02-29'],
    ['colour', 'blue'],
    ['other', 'x'],
  ])('refuse %s = %j with its pointer', (id, value) => {
    const { faults } = readFields(standing, 'printer', { serial: 'X', [id]: value });
    expect(faults).toMatchObject([{ pointer: `/fields/${id}`, code: 'FIELD_INVALID' }]);
  });

  it('are asked for where the type needs them, unless the request has them already', () => {
    const lacking = [{ pointer: '/fields/serial', code: 'FIELD_REQUIRED', detail: expect.any(String) }];
    expect(readFields(standing, 'printer', {}).faults).toEqual(lacking);
    expect(readFields(standing, 'printer', { serial: null }, { serial: {} }).faults).toEqual(lacking);
    expect(readFields(standing, 'printer', {}, { serial: {} }).faults).toEqual([]);
  });
});

describe('a document', () => {
  it.each<[string, unknown, string, string]>([
    ['is an object', 7, '', 'NOT_AN_OBJECT'],
    ['has sections that are known', { colours: {} }, '/colours', 'UNKNOWN_PROPERTY'],
    ['names what it lists', { products: { a: {} } }, '/products/a/name', 'NOT_A_NAME'],
    ['has ids that requests can name', { products: { '!': { name: 'x' } } }, '/products/!', 'NOT_AN_ID'],
    ['lists the choices of a choice', { fields: { a: { name: 'A', kind: 'choice' } } }, '/fields/a', 'CHOICES'],
    ['has a whole matrix', { priorities: { low: {} } }, '/priorities/low/low', 'UNKNOWN_WORD'],
    [
      'has each rule once',
      {
        routing: {
          rules: [
            { id: 'a', team: 't' },
            { id: 'a', team: 't' },
          ],
        },
      },
      '/routing/rules/1/id',
      'RULE_TWICE',
    ],
  ])('%s', (_, value, pointer, code) =>
    expect(readDocument(value).faults).toEqual(expect.arrayContaining([expect.objectContaining({ pointer, code })])),
  );

  it.each<[string, unknown, string, string]>([
    [
      'fields of types that there are',
      { types: { a: { name: 'A', fields: { b: 'optional' } } } },
      '/types/a/fields/b',
      'UNKNOWN_FIELD',
    ],
    ['fields that no type needs when they go', { fields: {} }, '/types/change/fields/language', 'UNKNOWN_FIELD'],
    [
      'parents that there are',
      { categories: { a: { name: 'A', parent: 'b' } } },
      '/categories/a/parent',
      'UNKNOWN_PARENT',
    ],
    [
      'parents without a circle',
      { categories: { a: { name: 'A', parent: 'b' }, b: { name: 'B', parent: 'a' } } },
      '/categories/a/parent',
      'UNKNOWN_PARENT',
    ],
    [
      'fields that keep their kind',
      { fields: { language: { name: 'L', kind: 'text' } } },
      '/fields/language/kind',
      'KIND_CHANGED',
    ],
    [
      'rules that can match',
      { types: { a: { name: 'A' } }, routing: { rules: [{ id: 'r', when: { types: ['b'] }, team: 't' }] } },
      '/routing/rules/0/when/types/0',
      'UNKNOWN_WORD',
    ],
  ])('must have %s', (_, value, pointer, code) => {
    const refusal = rejectionOf(() =>
      applyConfiguration({ document: read(value), from: monday, now: monday }, initialConfiguration),
    );
    expect(refusal.code).toBe('CONFIGURATION_INVALID');
    expect(refusal.fields).toEqual(expect.arrayContaining([expect.objectContaining({ pointer, code })]));
  });

  it('holds from now on or later, never before', () =>
    expect(
      rejectionOf(() =>
        applyConfiguration({ document: read({ products: {} }), from: monday, now: tuesday }, initialConfiguration),
      ).fields,
    ).toMatchObject([{ pointer: '/from', code: 'IN_THE_PAST' }]));

  const names = fc.constantFrom('A', 'B', 'C');
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'Störung 7');
  const documents = fc.record(
    {
      products: fc.dictionary(ids, fc.record({ name: names })),
      codes: fc.dictionary(ids, fc.record({ name: names })),
      types: fc.dictionary(ids, fc.record({ name: names, fields: fc.constantFrom({}, { language: 'required' }) })),
      routing: fc.record({
        rules: fc.uniqueArray(fc.record({ id: ids, team: ids, when: fc.constantFrom({}, { priorities: ['P1'] }) }), {
          selector: ({ id }) => id,
        }),
      }),
    },
    { requiredKeys: [] },
  );

  it('is what holds once it is applied, changes nothing the second time, and leaves what it does not name', () => {
    fc.assert(
      fc.property(fc.array(documents, { minLength: 1, maxLength: 5 }), (given) => {
        const configuration = after(...given.map((document) => [monday, document] as const));
        const standing = { configuration, at: at(monday) };
        const exported = documentAt(standing);
        for (const [kind, section] of Object.entries(read(given.at(-1))))
          expect({ kind, section: Object(exported)[kind] }).toEqual({ kind, section });
        expect(planOf(standing, exported)).toEqual([]);
        // As somebody has it who wrote it down and read it again.
        expect(planOf(standing, read(JSON.parse(JSON.stringify(exported))))).toEqual([]);
        expect(exported.categories).toEqual(documentAt({ configuration: initialConfiguration, at: 0 }).categories);
      }),
      { numRuns: 300 },
    );
  });

  it('is never too wild to be read', () =>
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        expect(Array.isArray(readDocument(value).faults)).toBe(true);
      }),
      { numRuns: 1_000 },
    ));

  it('shows the difference first, and what it closes', () => {
    const standing = { configuration: initialConfiguration, at: at(monday) };
    const document = read({ codes: { fixed: { name: 'Solved' }, new: { name: 'New' } } });
    expect(planLines(standing, planOf(standing, document))).toEqual([
      ...['answered', 'declined', 'duplicate'].map((id) => `- codes ${id}`),
      '~ codes fixed name: "Fixed" → "Solved"',
      '+ codes new: {"name":"New"}',
      ...['not-reproducible', 'workaround'].map((id) => `- codes ${id}`),
      '! codes: until now every word was taken; from now on only those that are listed',
    ]);
  });
});

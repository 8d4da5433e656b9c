import fc from 'fast-check';
import { MappingError } from './mapping';
import { loadMapping, shippedMappings } from './mapping-file.adapter';
import { parseMapping } from './parse-mapping';

const smallest = {
  name: 'tiny',
  source: 'made up',
  caseId: 'id',
  time: { format: 'yyyy-MM-dd', zone: 'UTC' },
  moments: [{ name: 'seen', at: ['day'] }],
  request: { subject: 'Case {id}', description: 'x', type: 'incident', impact: 'low', urgency: 'low' },
  team: 'desk',
  customer: { shared: 'everybody' },
  handlePrefix: 'tiny',
  steps: [],
};

const pointerOf = (json: unknown): string => {
  try {
    parseMapping(json);
    return 'accepted';
  } catch (error) {
    if (error instanceof MappingError) return error.pointer;
    throw error;
  }
};

describe('a mapping', () => {
  it('needs no more than its columns and words', () => {
    expect(parseMapping(smallest)).toMatchObject({ delimiter: ',', order: 'file', steps: [], opening: null });
  });

  it.each([
    ['what is missing', { ...smallest, caseId: undefined }, '/caseId'],
    ['what is misspelt', { ...smallest, stpes: [] }, '/stpes'],
    ['what is of another kind', { ...smallest, moments: [{ name: 'seen', at: 'day' }] }, '/moments/0/at'],
    ['a status that is none', { ...smallest, steps: [{ activities: 'any', becomes: 'done' }] }, '/steps/0/becomes'],
    ['a name that would not fit a handle', { ...smallest, handlePrefix: 'Tiny Co' }, '/handlePrefix'],
    ['what is no mapping at all', 'hello', ''],
  ])('names %s', (_, json, pointer) => expect(pointerOf(json)).toBe(pointer));

  it('is refused in words, whatever stands in the file', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ key: fc.constantFrom(...Object.keys(smallest)), value: fc.jsonValue() })),
        (json) => {
          const broken =
            typeof json === 'object' && json !== null && 'key' in json
              ? { ...smallest, [String(json.key)]: json.value }
              : json;
          expect(typeof pointerOf(broken)).toBe('string');
        },
      ),
    ));

  it('that is not known is answered with those that are', () => {
    expect(() => loadMapping('italian')).toThrow(/italian-helpdesk/);
    expect(shippedMappings()).toEqual([
      'italian-helpdesk',
      'nyc311-500',
      'servicenow-incidents-890',
      'volvo-closed-problems',
    ]);
  });
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes } from '../../apps/domain';
import { EventTypes } from '../../libs/eventing/event-types';
import { StoredEvent } from '../../libs/eventing/event';
import { eventExamples } from './event-examples';

const types = eventTypes();
const corpus = join(__dirname, '..', 'golden', 'events');
const examples = Object.entries(eventExamples);

const strings = (value: unknown, pointer = ''): readonly string[] => {
  if (typeof value === 'string') return [pointer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => strings(member, `${pointer}/${key}`));
};

const unclassified = (registry: EventTypes, type: string, data: object): readonly string[] =>
  strings(data).filter((pointer) => registry.classOf(type, pointer) === 'unclassified');

it('has an example of every event type', () => {
  expect(Object.keys(eventExamples).sort()).toEqual(types.names());
});

it.each(examples)('says of every string of %s whether it is personal', (type, data) => {
  expect(unclassified(types, type, data)).toEqual([]);
});

it.each(examples)('lists no string that %s does not have', (type, data) => {
  const { personal, plain } = types.of(type);
  expect([...personal, ...plain].sort()).toEqual([...strings(data)].sort());
});

it('notices a string that nobody has classified', () => {
  expect(unclassified(types, 'RequestNoted', { ...eventExamples.RequestNoted, about: 'somebody' })).toEqual(['/about']);
});

// Once a version is written it can be read for ever: its example is kept as it was, and must still decode.
describe('the frozen corpus', () => {
  const frozenName = (type: string): string => `${type}.v${types.of(type).schema}.json`;

  it.each(examples)('holds the newest version of %s, unchanged', (type, data) => {
    const file = join(corpus, frozenName(type));
    // A new type or version is frozen by its first run, on a developer's machine only; afterwards it may not change.
    if (!existsSync(file) && process.env['CI'] === undefined) writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
    expect(data).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it.each(readdirSync(corpus))('still decodes %s', (file) => {
    const [, type, schema] = /^(\w+)\.v(\d+)\.json$/.exec(file) ?? [];
    if (!type || !schema) throw new Error(`${file} names no type and version`);
    const metadata = {
      schema,
      commandId: 'c',
      $correlationId: 'c',
      $causationId: 'c',
      actor: 'a',
      recordedAt: '',
      occurredAt: '',
      origin: 'live',
      prev: '',
      hash: '',
    };
    const stored: StoredEvent = {
      stream: 'x-1',
      revision: 0,
      id: 'e',
      type,
      data: JSON.parse(readFileSync(join(corpus, file), 'utf8')) as unknown,
      metadata,
      position: 1n,
    };
    expect(unclassified(types, type, types.decode(stored).data)).toEqual([]);
  });
});

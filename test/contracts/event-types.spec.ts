import { eventTypes } from '../../apps/domain';
import { EventTypes } from '../../libs/eventing/event-types';
import { eventExamples, otherShapes } from './event-examples';

const types = eventTypes();
const examples = Object.entries(eventExamples);

const strings = (value: unknown, pointer = ''): readonly string[] => {
  if (typeof value === 'string') return [pointer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => strings(member, `${pointer}/${key}`));
};

const unclassified = (registry: EventTypes, type: string, data: object): readonly string[] =>
  strings(data).filter((pointer) => registry.classOf(type, pointer) === 'unclassified');

/** `*` stands for any one step. */
const covers = (pattern: string, pointer: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`).test(pointer);

it('has an example of every event type', () => {
  expect(Object.keys(eventExamples).sort()).toEqual(types.names());
});

it.each(examples)('says of every string of %s whether it is personal', (type, data) => {
  expect(unclassified(types, type, data)).toEqual([]);
});

it.each(examples)('lists no string that %s does not have', (type, data) => {
  const { personal, plain } = types.of(type);
  const listed = [...personal, ...plain];
  // A member that is a word or an object, such as a calendar's week, stands in the list as both.
  const isEither = (pointer: string): boolean => listed.some((other) => other.startsWith(`${pointer}/`));
  const held = [data, ...(otherShapes[type] ?? [])].flatMap((shape) => strings(shape));
  const found = new Set(held.map((pointer) => listed.find((pattern) => covers(pattern, pointer))));
  expect(listed.filter((pattern) => !found.has(pattern) && !isEither(pattern))).toEqual([]);
});

it('notices a string that nobody has classified', () => {
  expect(unclassified(types, 'RequestNoted', { ...eventExamples.RequestNoted, about: 'somebody' })).toEqual(['/about']);
});

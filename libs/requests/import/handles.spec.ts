import { handleOf } from './handles';

const handlePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

it.each([
  ['Value 1', 'italian-value-1'],
  ['Opened by  180', 'italian-opened-by-180'],
])('%p becomes %s', (name, handle) => expect(handleOf('italian', name)).toBe(handle));

it('names that differ in what a handle cannot hold stay apart', () => {
  const names = ['Åsa', 'Asa', 'Åsa!', '东京', '東京', 'x'.repeat(80), 'x'.repeat(81)];
  const handles = names.map((name) => handleOf('volvo', name));
  expect(new Set(handles).size).toBe(names.length);
  for (const handle of handles) expect(handle).toMatch(handlePattern);
});

import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderProblem, makeFolder } from './make-folder';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'casefold-folder-'));
  writeFileSync(join(place, 'file'), '');
  symlinkSync(join(place, 'nowhere'), join(place, 'link'));
});
afterAll(() => rmSync(place, { recursive: true }));

it('makes a folder with those above it, and leaves one that is there', () => {
  for (let time = 0; time < 2; time++) makeFolder(join(place, 'a', 'b', 'c'), 0o700);
  expect(statSync(join(place, 'a', 'b', 'c')).mode & 0o777).toBe(0o700);
});

it.each([
  ['a file', () => join(place, 'file')],
  ['something below a file', () => join(place, 'file', 'below')],
  ['a link that leads nowhere', () => join(place, 'link')],
  // Where Node's recursive way never ends.
  ['something in a folder that takes none', () => '/proc/nope/below'],
])('refuses %s', (_, folder) => expect(() => makeFolder(folder(), 0o700)).toThrow(FolderProblem));

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const rootFrom = (folder: string): string => {
  if (existsSync(join(folder, 'apps', 'launch.mjs'))) return folder;
  if (dirname(folder) === folder) throw new Error('this is no checkout');
  return rootFrom(dirname(folder));
};

/** The checkout that this file belongs to, whether it runs from source or compiled. */
export const root = rootFrom(__dirname);
export const launcher = join(root, 'apps', 'launch.mjs');
export const compiled = (path: string): string => join(root, 'dist', path);

/** What `npm start` has node run: the server under test has the memory of the real one. */
export const startArguments: readonly string[] = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: { readonly start: string } }
).scripts.start
  .split(' ')
  .slice(1)
  .map((argument) => (argument === 'apps/launch.mjs' ? launcher : argument));

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Mapping, MappingError } from './mapping';
import { parseMapping } from './parse-mapping';

const fileBytesMax = 1 << 20;
const foldersUpMax = 8;

/** Compiled code lies elsewhere than the mappings, which stay where they are written: below the package's root. */
const shippedFolder = (): string => {
  let folder = __dirname;
  for (let up = 0; up < foldersUpMax && !existsSync(join(folder, 'package.json')); up++) folder = dirname(folder);
  return join(folder, 'libs', 'requests', 'import', 'mappings');
};

export const shippedMappings = (): readonly string[] =>
  readdirSync(shippedFolder())
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();

/** @param nameOrFile of a mapping that ships with Casefold, or a file that ends in `.json` @throws MappingError */
export const loadMapping = (nameOrFile: string): Mapping => {
  const isFile = nameOrFile.endsWith('.json');
  if (!isFile && !shippedMappings().includes(nameOrFile))
    throw new MappingError('', `is none that ships; there are ${shippedMappings().join(', ')}, or name a file.json`);
  return parseMapping(parsed(isFile ? nameOrFile : join(shippedFolder(), `${nameOrFile}.json`)));
};

const parsed = (file: string): unknown => {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > fileBytesMax) throw new Error('it is too long');
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new MappingError(
      '',
      `cannot be read from ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const codeDirectory = join(__dirname, '..', '..');
let digest: string | undefined;

/** Which code this is: a digest of every file that could change what a fold gives. */
export const buildDigest = (): string => (digest ??= digestOf(codeDirectory));

const digestOf = (directory: string): string => {
  const hash = createHash('sha256');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((each) => /\.[jt]s$/.test(each)).sort())
    hash.update(file).update(readFileSync(join(directory, file)));
  return hash.digest('hex');
};

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './error-code';

/** A folder that cannot be had. The message is a sentence for whoever named it. */
export class FolderProblem extends Error {
  override readonly name = 'FolderProblem';
}

const missingOf = (folder: string): readonly string[] =>
  existsSync(folder) ? [] : [...missingOf(dirname(folder)), folder];

/**
 * Makes a folder and those above it, where they are missing. One by one, since the runtime's own way never comes back where a
 * folder is there and nothing can be made in it, such as /proc.
 * @throws FolderProblem
 */
export const makeFolder = (folder: string, mode: number): void => {
  try {
    for (const each of missingOf(folder)) mkdirSync(each, { mode });
  } catch (error) {
    // Somebody else may have made it at the same time.
    if (codeOf(error) !== 'EEXIST')
      throw new FolderProblem(`the folder ${folder} cannot be made (${String(codeOf(error))})`);
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new FolderProblem(`${folder} is no folder`);
};

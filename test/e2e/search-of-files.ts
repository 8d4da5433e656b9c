import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Looks for a text in every file below a folder, in each form that a program might have brought it into. */
export interface Hit {
  readonly file: string;
  readonly form: string;
}

export interface Searched {
  readonly files: number;
  readonly bytes: number;
  readonly hits: readonly Hit[];
}

/** Where in a run of three bytes a text begins decides what base64 makes of it; the ends depend on what stands beside it. */
const inBase64 = (text: string, begin: 0 | 1 | 2): string => {
  const encoded = Buffer.from('x'.repeat(begin) + text).toString('base64');
  return encoded.slice(begin === 0 ? 0 : 4, encoded.length - 4);
};

const wide = (text: string, isBigEndian: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
};

export const formsOf = (text: string): ReadonlyMap<string, Buffer> =>
  new Map([
    ['plain', Buffer.from(text)],
    ['lower', Buffer.from(text.toLowerCase())],
    ['upper', Buffer.from(text.toUpperCase())],
    ['utf-16le', wide(text, false)],
    ['utf-16be', wide(text, true)],
    ['hex', Buffer.from(Buffer.from(text).toString('hex'))],
    ['json escapes', Buffer.from([...text].map((each) => `\\u00${Buffer.from(each).toString('hex')}`).join(''))],
    ['percent', Buffer.from([...text].map((each) => `%${Buffer.from(each).toString('hex').toUpperCase()}`).join(''))],
    ['reversed', Buffer.from([...text].reverse().join(''))],
    ...([0, 1, 2] as const).map((begin) => [`base64 at ${begin}`, Buffer.from(inBase64(text, begin))] as const),
  ]);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

const searchesMax = 5;

/**
 * A file that goes while others are read may have come back under another name, so that all are searched again then.
 * @param texts long enough that chance does not write them
 */
export const searchFiles = (folder: string, texts: readonly string[]): Searched => {
  for (let search = 1; ; search++)
    try {
      return searchOnce(folder, texts);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT') || search === searchesMax)
        throw error;
    }
};

const searchOnce = (folder: string, texts: readonly string[]): Searched => {
  const forms = texts.flatMap((text) =>
    [...formsOf(text)].map(([form, bytes]) => ({ form: `${text} ${form}`, bytes })),
  );
  const files = filesIn(folder);
  let bytes = 0;
  const hits = files.flatMap((file) => {
    const content = readFileSync(file);
    bytes += content.length;
    return forms.filter((each) => content.includes(each.bytes)).map(({ form }) => ({ file, form }));
  });
  return { files: files.length, bytes, hits };
};

import { readFile } from 'node:fs/promises';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { parseInstant } from '../../libs/platform/http/instant';
import { Failed, messageOf } from './failures';

const aliasesMax = 100;

/** @throws Failed for what is no instant @param name of the option */
export const instantOf = (name: string, text: string): string => {
  const parsed = parseInstant(text);
  if (parsed === null) throw new Failed('usage', `--${name} is no instant such as 2026-03-31T09:00:00Z`);
  return parsed;
};

export interface Written {
  readonly value: unknown;
  /** `12:3`: line and column at which a JSON pointer leads to something. */
  placeOf(pointer: string): string;
}

const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** YAML, of which JSON is a part. @throws Failed with the lines of what cannot be read */
export const readYaml = async (file: string): Promise<Written> => {
  const lineCounter = new LineCounter();
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failed('usage', `${file} cannot be read: ${messageOf(error)}`);
  });
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) throw new Failed('usage', `${file}: ${broken.message}`);
  const placeOf = (pointer: string): string => {
    // What is missing is reported where it should stand.
    for (let steps = stepsOf(pointer); ; steps = steps.slice(0, -1)) {
      const node: unknown = document.getIn(steps, true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      if (start !== undefined) {
        const { line, col } = lineCounter.linePos(start);
        return `${line}:${col}`;
      }
      if (!steps.length) return '1:1';
    }
  };
  return { value: document.toJS({ maxAliasCount: aliasesMax }), placeOf };
};

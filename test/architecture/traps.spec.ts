import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSourceFile,
  forEachChild,
  isCallExpression,
  isPropertyAssignment,
  isStringLiteralLike,
  Node,
  ScriptTarget,
} from 'typescript';

/** Pages about what others have tripped over say which tests show that we do not. A test that was renamed or dropped is missed here. */
const root = join(__dirname, '..', '..');

interface Trap {
  readonly title: string;
  readonly text: string;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

const trapsIn = (text: string): readonly Trap[] =>
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      const named = lines.flatMap((line) => {
        const [, file, name] = /^- `([^`]+)`: (.+)$/.exec(line) ?? [];
        return file && name ? [{ file, name }] : [];
      });
      return {
        title,
        text: lines
          .filter((line) => !line.startsWith('- '))
          .join(' ')
          .trim(),
        tests: named,
      };
    });

/** What is given to `it(…)`, `it.each(…)(…)`, or named in a table of rules. */
const testNames = (file: string): ReadonlySet<string> => {
  const names = new Set<string>();
  const source = createSourceFile(file, readFileSync(join(root, file), 'utf8'), ScriptTarget.Latest, true);
  const visit = (node: Node): void => {
    const [first] = isCallExpression(node) && /^it\b/.test(node.expression.getText()) ? node.arguments : [];
    const named = isPropertyAssignment(node) && node.name.getText() === 'name' ? node.initializer : first;
    if (named && isStringLiteralLike(named)) names.add(named.text);
    forEachChild(node, visit);
  };
  visit(source);
  return names;
};

const missing = ({ tests }: Trap): readonly string[] =>
  tests
    .filter(({ file, name }) => !existsSync(join(root, file)) || !testNames(file).has(name))
    .map(({ file, name }) => `${file}: ${name}`);

const pages = [
  { file: 'libs/eventing/traps.md', count: 25 },
  { file: 'libs/requests/complaints.md', count: 63 },
].map(({ file, count }) => ({ file, count, traps: trapsIn(readFileSync(join(root, file), 'utf8')) }));

/** The numbers of a title: `7. …`, or `48, 50–53. …` for threads that are alike. */
const numbersOf = (title: string): readonly number[] =>
  (title.split('.')[0] ?? '').split(', ').flatMap((part) => {
    const [first = NaN, last = first] = part.split('–').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });

it.each(pages)('are all there: $file', ({ count, traps }) => {
  const numbers = traps.flatMap(({ title }) => numbersOf(title)).sort((left, right) => left - right);
  expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
});

const traps = pages.flatMap(({ file, traps }) => traps.map((trap) => [`${file} ${trap.title}`, trap] as const));

it.each(traps)('%s', (_, trap) => {
  expect(missing(trap)).toEqual([]);
  expect(trap.tests.length > 0 || /Cannot happen/.test(trap.text)).toBe(true);
});

it('are missed when a test has another name, or is in another file', () => {
  const [trap] = trapsIn(
    '### 1. X\\n\\n- `test/architecture/traps.spec.ts`: is not there\\n- `test/none.spec.ts`: x\\n'.replaceAll(
      '\\n',
      '\n',
    ),
  );
  expect(trap && missing(trap)).toEqual(['test/architecture/traps.spec.ts: is not there', 'test/none.spec.ts: x']);
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What no linter checks and every reader stumbles over. Each rule can be shown to fail by the sample beside it. */
const root = join(__dirname, '..', '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
}).split('\n');
const sources = tracked.filter((file) => /^(apps|libs|test)\/.*\.(ts|mjs|tsx)$/.test(file));
const production = sources.filter((file) => !/\.spec\.ts$|\/testing\/|^test\//.test(file));

interface TidyRule {
  readonly name: string;
  readonly files: readonly string[];
  readonly offends: (file: string, text: string) => boolean;
  readonly sample: { readonly file: string; readonly text: string };
}

const linesMax = 350;
const edge = /\.(http|handler|module|query|adapter|process|filter|guard|pipe)\.ts$/;
const pure = production.filter(
  (file) => file.startsWith('libs/') && !edge.test(file) && !file.startsWith('libs/platform/'),
);

const rules: readonly TidyRule[] = [
  {
    name: 'no file is longer than people read',
    files: production,
    offends: (_, text) => text.split('\n').length > linesMax,
    sample: { file: 'a.ts', text: '\n'.repeat(400) },
  },
  {
    name: 'no barrels',
    files: sources,
    offends: (file) => /(^|\/)index\.ts$/.test(file),
    sample: { file: 'libs/x/index.ts', text: '' },
  },
  {
    name: 'no drawer for everything',
    files: sources,
    offends: (file) => /(^|\/)(utils|helpers|common)\.ts$/.test(file),
    sample: { file: 'libs/x/utils.ts', text: '' },
  },
  {
    name: 'no escape from the types',
    files: sources,
    offends: (_, text) => /@ts-(ignore|nocheck|expect-error)|eslint-disable|\bas any\b/.test(text),
    sample: { file: 'a.ts', text: `// ${'@ts'}-ignore` },
  },
  {
    name: 'no skipped or focused tests',
    files: sources,
    offends: (_, text) => /\b(it|test|describe)\.(only|todo)\b|\b[xf](it|describe)\(/.test(text),
    sample: { file: 'a.spec.ts', text: `${'x'}it('x')` },
  },
  {
    name: 'no clock and no chance in pure files',
    files: pure,
    offends: (_, text) => /new Date\(\)|Date\.now\(\)|Math\.random\(/.test(text),
    sample: { file: 'libs/x/a.ts', text: `new ${'Date'}()` },
  },
  {
    name: 'nothing left for later',
    files: sources,
    offends: (_, text) => /\b(TODO|FIXME|HACK)\b/.test(text),
    sample: { file: 'a.ts', text: `// ${'TO'}DO` },
  },
  {
    name: 'no request scope and no in-memory domain events',
    files: production,
    offends: (_, text) => /Scope\.REQUEST|forwardRef\(|extends AggregateRoot|@Saga\(|\bEventBus\b/.test(text),
    sample: { file: 'a.ts', text: `${'forward'}Ref(() => x)` },
  },
  {
    // They are late, ahead, or stuck: see libs/eventing/traps.md.
    name: 'no checkpoints and streams that the store makes up',
    files: production.filter((file) => !file.startsWith('apps/eventstore/')),
    offends: (_, text) =>
      /\$(ce|et|by_category)\b|checkpointReached|ToPersistentSubscription|createProjection\(/.test(text),
    sample: { file: 'a.ts', text: `subscribeToStream('${'$'}ce-request')` },
  },
];

// This file names what it forbids.
const others = (files: readonly string[]): readonly string[] =>
  files.filter((file) => !file.endsWith('architecture/tidy.spec.ts'));

it.each(rules)('$name', ({ files, offends }) => {
  expect(others(files).filter((file) => offends(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

it.each(rules)('would notice: $name', ({ offends, sample }) => {
  expect(offends(sample.file, sample.text)).toBe(true);
});

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const cruise = ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs'];

it('keeps who may import whom', () => {
  expect(
    execFileSync(process.execPath, [...cruise, 'apps', 'libs', 'test'], { cwd: root, encoding: 'utf8' }),
  ).toContain('no dependency violations');
}, 60_000);

describe('the rules notice', () => {
  // In a copy: whatever else is compiling this checkout would meet the planted files too.
  const copy = mkdtempSync(join(tmpdir(), 'casefold-rules-'));
  beforeAll(() => {
    for (const name of ['apps', 'libs', '.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const plant = (home: string, name: string, text: string): string => {
    mkdirSync(join(copy, home), { recursive: true });
    const folder = mkdtempSync(join(copy, home, 'planted-'));
    writeFileSync(join(folder, name), text);
    return folder;
  };

  it.each([
    ['libs/eventing', 'x.ts', `import '../../requests/events';`, 'engine-knows-no-domain'],
    ['apps/eventstore', 'x.ts', `import '../../../libs/eventing/event';`, 'event-store-stands-alone'],
    ['libs/requests', 'x.ts', `import 'pg';`, 'pure-files-stay-pure'],
    ['libs/requests/commands', 'x.ts', `import '../escalate/escalate';`, 'slices-stay-apart'],
    [
      'libs/requests/read-models',
      'x.query.ts',
      `import '../../commands/escalate/escalate';`,
      'read-models-decide-nothing',
    ],
    ['libs/teams', 'x.ts', `import '../../requests/request';`, 'domains-meet-in-events'],
  ])(
    'in %s: %s with %s',
    (home, name, text, rule) => {
      const folder = plant(home, name, text);
      const { stdout, status } = spawnSync(process.execPath, [...cruise, join(folder, name)], {
        cwd: copy,
        encoding: 'utf8',
      });
      expect(stdout).toContain(rule);
      expect(status).not.toBe(0);
    },
    60_000,
  );
});

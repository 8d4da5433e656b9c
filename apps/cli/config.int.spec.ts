import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { openInstallation, TestInstallation } from '../../test/support/stores';
import { Directory } from '../../libs/teams/directory.adapter';
import { seedDirectory } from '../seed';
import { eventTypes } from '../domain';
import { runCommandLine } from './cli';

/** A configuration in a file: taken out, changed, looked at, applied. */
let installation: TestInstallation;

beforeAll(async () => {
  installation = await openInstallation(eventTypes());
  await seedDirectory(new Directory(installation.engine.runner, installation.engine.installation), new Date());
}, 60_000);
afterAll(() => installation.stop(), 30_000);

const casefold = async (line: string) => {
  let [out, notes] = ['', ''];
  const exitCode = await runCommandLine(line.split(' '), {
    terminal: { out: (text) => void (out += text), note: (text) => void (notes += text), isWatched: false },
    environment: { CASEFOLD_DATA: installation.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  return { exitCode, out, notes };
};

const fileOf = (text: string): string => {
  const file = join(installation.dataDirectory, 'configuration.yaml');
  writeFileSync(file, text);
  return file;
};

it('comes out as YAML that changes nothing when it is applied, shows a difference first, and applies it when it is meant', async () => {
  const exported = await casefold('config export');
  expect(exported).toMatchObject({ exitCode: 0, notes: '' });
  expect(await casefold(`config apply ${fileOf(exported.out)} --as alice --yes`)).toEqual({
    ...{ exitCode: 0, out: 'nothing to change\n', notes: '' },
  });
  const document = parse(exported.out);
  document.codes.fixed.name = 'Solved';
  document.routing.rules = [{ id: 'printers', when: { categories: ['printing'] }, team: 'support' }];
  const file = fileOf(stringify(document));
  const plan = '~ codes fixed name: "Fixed" → "Solved"\n';
  const looked = await casefold(`config apply ${file} --as alice --dry-run`);
  expect(looked).toMatchObject({ exitCode: 0, out: expect.stringContaining(plan) });
  const unmeant = await casefold(`config apply ${file} --as alice`);
  expect(unmeant).toMatchObject({ exitCode: 2, notes: expect.stringContaining('--yes') });
  expect((await casefold('config export')).out).toBe(exported.out);
  const applied = await casefold(`config apply ${file} --as alice --yes`);
  expect(applied).toMatchObject({ exitCode: 0, out: expect.stringContaining('2 changes hold from') });
  const after = await casefold('config export --json');
  expect(JSON.parse(after.out)).toMatchObject({
    codes: { fixed: { name: 'Solved' } },
    routing: { rules: [{ id: 'printers', team: 'support', skills: [] }] },
  });
  expect((await casefold(`config apply ${file} --as alice --yes`)).out).toBe('nothing to change\n');
}, 60_000);

it('says at which lines a file is wrong', async () => {
  const file = fileOf('products:\n  a: { name: A }\n  b:\n    name: ""\ncolours: {}\n');
  const { exitCode, notes } = await casefold(`config apply ${file} --as alice --yes`);
  expect(exitCode).toBe(1);
  expect(notes).toContain(`${file}:5:`);
  expect(notes).toContain(`${file}:4:11 /products/b/name`);
  expect((await casefold(`config apply ${fileOf('a: [')} --as alice`)).exitCode).toBe(2);
  const lacking = fileOf('products:\n  a: { name: A }\n  b: {}\n');
  expect(await casefold(`config apply ${lacking} --as alice`)).toMatchObject({
    ...{ exitCode: 1, notes: expect.stringContaining(`${lacking}:3:6 /products/b/name`) },
  });
  const empty = fileOf('');
  expect(await casefold(`config apply ${empty} --as alice`)).toMatchObject({
    ...{ exitCode: 1, notes: expect.stringContaining(`${empty}:1:1 / must be an object`) },
  });
  const late = await casefold(
    `config apply ${fileOf('codes: { a: { name: A } }')} --as alice --from 2001-01-01T00:00:00Z`,
  );
  expect(late).toMatchObject({ exitCode: 1, out: '', notes: expect.stringContaining('/from requests of then') });
  expect((await casefold(`config apply ${file}.none --as alice`)).exitCode).toBe(2);
}, 60_000);

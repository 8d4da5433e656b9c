import { randomUUID } from 'node:crypto';
import { openInstallation, TestInstallation } from '../../test/support/stores';
import { numberFor } from '../../libs/case-numbers/number-for';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { contextOf } from '../../libs/platform/http/command-context';
import { requestProjections } from '../../libs/requests/read-models/projections';
import { requestEvolution } from '../../libs/requests/request';
import { opened, resolved } from '../../libs/requests/testing/given';
import { categories, eventTypes } from '../domain';
import { runCommandLine } from './cli';

let installation: TestInstallation;
let runner: ProjectionRunner;
const numbers: string[] = [];

beforeAll(async () => {
  installation = await openInstallation(eventTypes());
  const { engine } = installation;
  const { store, pool, types, build, numberKey: key, installation: of } = engine;
  runner = new ProjectionRunner({
    ...{ store, pool, types, build, categories, projections: requestProjections },
    onFailure: (error) => console.error(error),
  });
  runner.start();
  let last = 0n;
  for (let index = 0; index < 5; index++) {
    const number = numberFor({ key, prefix: 'CSR', commandId: randomUUID(), attempt: 0, installation: of });
    const headers = { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined };
    const context = contextOf({ caller: { id: 'alice' }, target: number, headers, now: new Date() });
    const decide = () => [opened({ number, customer: randomUUID() }), resolved];
    const command = { evolution: requestEvolution, key: number, expects: 'new' as const, body: {}, context, decide };
    last = (await engine.runner.execute(command)).position;
    numbers.push(number);
  }
  while ((await engine.positions.passed(last)).stale);
}, 60_000);
afterAll(async () => {
  await runner.stop();
  await installation.stop();
}, 30_000);

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

it('finds all as the log says, of everything, of a sample and of one case', async () => {
  expect(await casefold('audit')).toMatchObject({
    exitCode: 0,
    notes: '',
    out: expect.stringContaining('10 events in 5 streams'),
  });
  const sample = await casefold('audit --sample 3 --json');
  expect(JSON.parse(sample.out)).toMatchObject({ mismatches: [] });
  expect((await casefold(`audit ${numbers[2]}`)).out).toContain('2 events in 1 streams');
});

it('names what differs and ends with exit code 1', async () => {
  const { pool } = installation.engine;
  await pool.query(`update queue_v${versionOf('queue')} set status = 'open' where key = $1`, [numbers[1]]);
  const { exitCode, out, notes } = await casefold('audit');
  expect([exitCode, notes]).toEqual([1, 'casefold: 1 differences from the log\n']);
  expect(out).toContain(`request ${numbers[1]}: queue: its row is another`);
  expect((await casefold(`audit ${numbers[1]}`)).exitCode).toBe(1);
  expect((await casefold(`audit ${numbers[2]}`)).exitCode).toBe(0);
});

it('refuses a sample of nothing', async () => expect((await casefold('audit --sample 0')).exitCode).toBe(2));

const versionOf = (wanted: string): number | undefined =>
  requestProjections.find(({ name }) => name === wanted)?.version;

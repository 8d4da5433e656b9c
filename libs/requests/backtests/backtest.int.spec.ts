import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes } from '../../../apps/domain';
import { eventually } from '../../../test/faults/harness/eventually';
import { openInstallation, TestInstallation } from '../../../test/support/stores';
import { ProjectionRunner } from '../../eventing/projections/projection-runner';
import { tableOf } from '../../eventing/projections/projection';
import { judgeClocks, statusAt } from '../../service-levels/clocks';
import { knownTerms } from '../../service-levels/known-terms';
import { Terms } from '../../service-levels/policy';
import { standardTerms } from '../../service-levels/seeds';
import { Directory } from '../../teams/directory.adapter';
import { RequestEvent } from '../events';
import { knowFile } from '../import/csv-file.adapter';
import { importLog, noCounts } from '../import/import-log.adapter';
import { loadMapping } from '../import/mapping-file.adapter';
import { requestProjection, RequestRow } from '../read-models/request/request.projection';
import { serviceLevelsProjection, ServiceLevelsRow } from '../read-models/service-levels/service-levels.projection';
import { liveContext } from '../read-models/testing/read-server';
import { requestEvolution } from '../request';
import { assigned, closed, held, opened, resolved, responded, resumed } from '../testing/given';
import { BacktestRequest, BacktestResult, BacktestSurroundings, runBacktest } from './run-backtest.adapter';

const folder = process.env['CASEFOLD_DATASETS'] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'datasets');
// The larger two are brought in when CASEFOLD_ALL_LOGS is set: together they take longer than all other tests here.
const smaller = ['servicenow-incidents-890', 'nyc311-500'] as const;
const larger = ['italian-helpdesk', 'volvo-closed-problems'] as const;
const logs = [...smaller, ...(process.env['CASEFOLD_ALL_LOGS'] === undefined ? [] : larger)];

let installation: TestInstallation;
let projections: ProjectionRunner;

beforeAll(async () => {
  installation = await openInstallation(eventTypes());
  const { store, pool, types, build } = installation.engine;
  projections = new ProjectionRunner({
    ...{ store, pool, types, build, projections: [requestProjection, serviceLevelsProjection] },
    ...{ categories: ['request'], onFailure: (error) => console.error(error) },
  });
  projections.start();
}, 60_000);
afterAll(async () => {
  await projections.stop();
  await installation.stop();
}, 30_000);

const caughtUp = async (): Promise<void> => {
  const head = (await installation.engine.store.head()) ?? -1n;
  await eventually(
    'the read models hold all of it',
    async () => !(await installation.engine.positions.passed(head)).stale,
  );
};

const always = { from: Date.UTC(1900, 0, 1), to: Date.UTC(2100, 0, 1), changesMax: 1_000 };
const tried = (
  terms: Terms,
  more: Partial<BacktestRequest> = {},
  { signal = new AbortController().signal, onProgress = () => undefined, threads }: Partial<BacktestSurroundings> = {},
) =>
  runBacktest(
    { terms, ...always, ...more },
    { pool: installation.engine.pool, signal, onProgress, ...(threads === undefined ? {} : { threads }) },
  );

/** The standard policy with another name and other targets: each is so many times as long. */
const times = (factor: number): Terms => ({
  ...standardTerms,
  policy: {
    ...standardTerms.policy,
    id: 'draft',
    clocks: standardTerms.policy.clocks.map((clock) => ({
      ...clock,
      targets: Object.fromEntries(
        Object.entries(clock.targets).map(([priority, target]) => [
          priority,
          { ...target, targetSeconds: Math.round(target.targetSeconds * factor) },
        ]),
      ),
    })),
  },
});

interface Row {
  readonly type: string;
  readonly time: ServiceLevelsRow;
}

const rows = async (): Promise<readonly Row[]> => {
  const { rows: found } = await installation.engine.pool.query<{ row: ServiceLevelsRow; request: RequestRow }>(
    `select l.row, r.row as request from ${tableOf(serviceLevelsProjection)} l join ${tableOf(requestProjection)} r using (key) order by key`,
  );
  return found.map(({ row, request }) => ({ type: request.type, time: row }));
};

/** Clocks by type, clock and verdict, as the read model has them. */
const byProjection = async (at: number): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {};
  for (const { type, time } of await rows())
    for (const clock of time.clocks ? judgeClocks(time.clocks, knownTerms) : []) {
      const name = `${type} ${clock.metric} ${statusAt(clock, Math.max(at, time.clocks?.lastAt ?? at))}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  return counts;
};

const byBacktest = ({ groups }: BacktestResult, side: 'before' | 'after'): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const group of groups)
    for (const [verdict, count] of Object.entries(group[side]))
      if (count) {
        const name = `${group.type} ${group.metric} ${verdict}`;
        counts[name] = (counts[name] ?? 0) + count;
      }
  return counts;
};

const write = (number: string, event: RequestEvent, at: number): Promise<unknown> =>
  installation.engine.runner.execute({
    ...{ evolution: requestEvolution, key: number, expects: 'any', body: {}, context: liveContext('somebody') },
    decide: () => [{ ...event, notes: { occurredAt: new Date(begin + at * 1000).toISOString() } }],
  });
const begin = Date.UTC(2026, 0, 5, 9);

describe('a few cases', () => {
  const [late, early, paused] = [randomUUID(), randomUUID(), randomUUID()];
  const customer = randomUUID();

  beforeAll(async () => {
    await write(late, opened({ number: late, customer, team: 'team-1' }), 0);
    await write(late, responded(), 1_000);
    await write(late, resolved, 2_000);
    await write(early, opened({ number: early, customer, priority: 'P3' }), 0);
    await write(early, responded(), 10_000);
    await write(
      early,
      {
        type: 'RequestCorrected',
        data: { corrects: 1, reason: 'typo', values: { occurredAt: new Date(begin + 60_000).toISOString() } },
      },
      20_000,
    );
    await write(early, closed, 20_000);
    await write(paused, opened({ number: paused, customer }), 0);
    await write(paused, assigned({ team: 'team-2', assignee: null }), 5);
    await write(paused, responded(), 10);
    await write(paused, held, 10);
    await write(paused, resumed, 100_000);
    await write(paused, resolved, 110_000);
    await caughtUp();
  }, 60_000);

  it('are judged as they were when nothing is changed', async () => {
    const { changedCases, cases, groups, manifest } = await tried(standardTerms);
    expect({ cases, changedCases }).toEqual({ cases: 3, changedCases: 0 });
    expect(groups.every(({ before, after }) => JSON.stringify(before) === JSON.stringify(after))).toBe(true);
    expect(byBacktest(await tried(standardTerms), 'before')).toEqual(await byProjection(Date.parse(manifest.at)));
  });

  it('change with longer targets, and say by how much', async () => {
    const { changes } = await tried(times(2));
    expect(changes).toEqual([
      {
        ...{ number: late, metric: 'first-response', cycle: 1 },
        before: { status: 'missed', remainingSeconds: -100 },
        after: { status: 'met', remainingSeconds: 800 },
      },
    ]);
  });

  it('are only those that were opened in the time asked for, and that the policy is for', async () => {
    expect(await tried(times(2), { to: begin })).toMatchObject({ cases: 0 });
    const { policy } = times(2);
    const elsewhere = { ...times(2), policy: { ...policy, match: { teams: ['team-9'] } } };
    expect(await tried(elsewhere)).toMatchObject({ cases: 3, changedCases: 0 });
  });

  it('give the same bytes again, also when the log has moved on since', async () => {
    const once = await tried(times(0.1));
    await write(randomUUID(), opened({ customer }), 0);
    await caughtUp();
    const again = await tried(times(0.1), { sequence: once.manifest.sequence });
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
  });

  it('can be left alone in the middle', async () => {
    const abort = new AbortController();
    abort.abort();
    for (const threads of [1, 2])
      await expect(tried(times(2), {}, { signal: abort.signal, threads })).rejects.toThrow(/abort/i);
    const later = new AbortController();
    const left = tried(times(2), {}, { signal: later.signal, threads: 2, onProgress: () => later.abort() });
    await expect(left).rejects.toThrow(/abort/i);
  });

  it('stay as they are in the read models and in the log', async () => {
    const [before, head] = [await rows(), await installation.engine.store.head()];
    await tried(times(0.5));
    expect(await rows()).toEqual(before);
    expect(await installation.engine.store.head()).toBe(head);
  });
});

describe('the real logs', () => {
  const present = logs.filter((name) => existsSync(join(folder, `${name}.csv`)));

  it('have the same compliance by type, whether the read model or a back-test of the same policy counts it', async () => {
    if (present.length < logs.length)
      process.stderr.write(
        `\n*** NOT CHECKED: ${folder} lacks ${logs.filter((name) => !present.includes(name)).join(', ')} ***\n\n`,
      );
    const { engine } = installation;
    for (const name of present) {
      const [file, mapping] = [join(folder, `${name}.csv`), loadMapping(name)];
      const run = {
        file,
        mapping,
        known: await knowFile(file, mapping),
        counts: noCounts(),
        signal: new AbortController().signal,
      };
      await importLog(
        { ...run, onRows: () => undefined, onRejected: () => undefined, onRefused: () => undefined },
        { engine, directory: new Directory(engine.runner, engine.installation), prefix: 'CSR', now: () => new Date() },
      );
    }
    await caughtUp();
    const result = await tried(standardTerms);
    const projected = await byProjection(Date.parse(result.manifest.at));
    process.stderr.write(`${result.cases} cases: ${JSON.stringify(projected)}\n`);
    expect(byBacktest(result, 'before')).toEqual(projected);
    expect(byBacktest(result, 'after')).toEqual(projected);
    expect(result.changedCases).toBe(0);
    const [all, first] = [await tried(times(0.1)), await tried(times(0.1), { changesMax: 100 }, { threads: 3 })];
    expect(JSON.stringify(first)).toBe(JSON.stringify({ ...all, changes: all.changes.slice(0, 100) }));
    expect(first.changes).toHaveLength(100);
    // A log in which nothing was ever late would show little.
    expect(Object.keys(projected).some((name) => / missed$/.test(name))).toBe(true);
  }, 300_000);
});

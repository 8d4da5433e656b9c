import { Command } from 'commander';
import { AnyProjection, RebuildReport } from '../../../libs/eventing/projections/projection';
import { rebuild } from '../../../libs/eventing/projections/rebuild';
import { Engine } from '../../../libs/platform/engine/engine';
import { requestProjections } from '../../../libs/requests/read-models/projections';
import { pointReportingViews } from '../../../libs/requests/reporting/point-reporting-views.adapter';
import { recordRebuilds } from '../../../libs/platform/engine/record-rebuilds.process';
import { rebuildThreads } from '../../rebuild-threads';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { Progress, progressOf } from '../progress';
import { withSession } from '../session';

interface RebuildOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

const namesOf = (projections: readonly AnyProjection[]): string => projections.map(({ name }) => name).join(' ');

export const declareRebuild = (program: Command, invocation: Invocation): void => {
  program
    .command('rebuild')
    .argument('[projection...]', `some of: ${namesOf(requestProjections)}`)
    .description('build the read models anew from the log beside those that serve, compare every row, and switch')
    .option('--check', 'exit 1 when a row differed')
    .option('--json', 'print the report as JSON')
    .action(async (names: readonly string[], { check, json }: RebuildOptions) => {
      const reports = await withSession(invocation, 'rebuild', async ({ engine, prepare }) => {
        const done = await run(invocation, engine, prepare, names);
        await recordRebuilds(engine);
        return done;
      });
      if (json) printJson(invocation, reports);
      else for (const report of reports) printLine(invocation, line(report));
      const differing = reports.reduce((sum, report) => sum + report.differing, 0);
      if (check && differing) throw new Failed('refused', `${differing} rows differed`);
    });
};

const line = ({ projection, rows, differing, quarantined }: RebuildReport): string =>
  `${projection}: ${rows} rows, ${differing} differed${quarantined ? `, ${quarantined} set aside` : ''}`;

const chosen = (names: readonly string[]): typeof requestProjections => {
  const unknown = names.filter((name) => !requestProjections.some((projection) => projection.name === name));
  if (unknown.length)
    throw new Failed('usage', `there is no projection ${unknown.join(', ')}; there are ${namesOf(requestProjections)}`);
  return names.length ? requestProjections.filter(({ name }) => names.includes(name)) : requestProjections;
};

const run = async (
  invocation: Invocation,
  { pool, types, build }: Engine,
  prepare: () => Promise<void>,
  names: readonly string[],
): Promise<readonly RebuildReport[]> => {
  const projections = chosen(names);
  let shown: Progress | undefined;
  try {
    return await rebuild(pool, types, projections, {
      ...{ build, startedBy: 'casefold rebuild', signal: invocation.signal, onSwitch: pointReportingViews },
      ...{ prepare, threads: rebuildThreads() },
      onProgress: (done, total) => (shown ??= progressOf(invocation, 'events folded:', total)).update(done),
    });
  } catch (error) {
    if (!invocation.signal.aborted) throw error;
    throw new Failed('interrupted', 'the read models are as they were; the same command goes on where it was');
  } finally {
    shown?.stop();
  }
};

import { commandIdOf } from '../../eventing/envelope';
import { ProjectionRebuilt, projectionEvolution } from '../../eventing/projections/rebuilt';
import { FinishedRun, markRecorded, unrecordedRuns } from '../../eventing/projections/rebuild-run.adapter';
import { RebuildReport } from '../../eventing/projections/projection';
import { Engine } from './engine';

/** Tells the log of rebuilds that are done. Whoever does it first does it: the same rebuild gives the same command. */
export const recordRebuilds = async (engine: Engine): Promise<void> => {
  for (const run of await unrecordedRuns(engine.pool)) {
    for (const report of run.report) await record(engine, run, report);
    await markRecorded(engine.pool, run);
  }
};

const record = async (engine: Engine, run: FinishedRun, report: RebuildReport): Promise<void> => {
  const { projection, ...counts } = report;
  const { id: rebuild, startedBy, build } = run;
  const event: ProjectionRebuilt = { type: 'ProjectionRebuilt', data: { ...counts, rebuild, startedBy, build } };
  const commandId = commandIdOf('rebuild', projection, rebuild);
  await engine.runner.execute({
    evolution: projectionEvolution,
    key: projection,
    expects: 'any',
    decide: () => [event],
    body: {},
    context: {
      ...{ actor: 'rebuild', commandId, correlationId: commandId, causationId: commandId, origin: 'live' },
      fresh: false,
      recordedAt: run.finishedAt.toISOString(),
    },
  });
};

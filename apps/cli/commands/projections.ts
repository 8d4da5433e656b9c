import { Command } from 'commander';
import { readHeld } from '../../../libs/eventing/processes/held-streams.adapter';
import { AnyProjection, tableOf } from '../../../libs/eventing/projections/projection';
import { readProgress } from '../../../libs/eventing/projections/projection-store.adapter';
import { readQuarantine } from '../../../libs/eventing/projections/quarantine.adapter';
import { retryQuarantined } from '../../../libs/eventing/projections/retry';
import { readVersions } from '../../../libs/eventing/projections/versions.adapter';
import { requestProjections } from '../../../libs/requests/read-models/projections';
import { Failed } from '../failures';
import { Invocation, plainly, printJson, printLine } from '../invocation';
import { withSession } from '../session';

const shownMax = 20;

export const declareProjections = (program: Command, invocation: Invocation): void => {
  const projections = program
    .command('projections')
    .description('show how far the read models are, which versions there are, and which cases stand still')
    .option('--json', 'print as JSON')
    .action(({ json }: { json?: boolean }) => show(invocation, json));
  projections
    .command('retry')
    .argument('[key...]', 'only these, such as request numbers')
    .description('fold again, from their first events, the cases that stand still')
    .action((keys: readonly string[]) => retry(invocation, keys));
};

/** The projections of this build by name. */
const named = (name: string): AnyProjection | undefined => requestProjections.find((each) => each.name === name);

const show = (invocation: Invocation, json: boolean | undefined): Promise<void> =>
  withSession(invocation, 'projections', async ({ engine: { pool } }) => {
    const [progress, versions, quarantined, held] = await Promise.all([
      readProgress(pool),
      readVersions(pool),
      readQuarantine(pool),
      readHeld(pool),
    ]);
    const position = String(progress.position);
    if (json) return printJson(invocation, { position, sequence: progress.sequence, versions, quarantined, held });
    printLine(invocation, `position ${position}, ${progress.sequence} events`);
    for (const version of versions) {
      const state = version.followed ? 'followed' : `left at event ${version.sequence}`;
      const current = named(version.name)?.version === version.version ? '' : ' (of another build)';
      printLine(invocation, `${tableOf(version)}: ${state}${current}`);
    }
    printLine(invocation, quarantined.length ? `${quarantined.length} stand still:` : 'nothing stands still');
    for (const { projection, key, revision, eventId, error } of quarantined.slice(0, shownMax))
      printLine(invocation, plainly(`${projection} ${key}: event ${eventId} at revision ${revision}: ${error}`));
    if (held.length) printLine(invocation, `${held.length} left behind by processes, which try again by themselves:`);
    for (const { process, stream, eventId, error } of held.slice(0, shownMax))
      printLine(invocation, plainly(`${process} ${stream}: event ${eventId}: ${error}`));
  });

const retry = (invocation: Invocation, keys: readonly string[]): Promise<void> =>
  withSession(invocation, 'projections retry', async ({ engine: { pool, types } }) => {
    const wanted = keys.length ? keys : undefined;
    const retried = await retryQuarantined(pool, types, requestProjections, wanted);
    for (const { projection, retried: tried, still } of retried.filter((each) => each.retried > 0))
      printLine(invocation, `${projection}: ${tried} folded again, ${still} still stand still`);
    const still = retried.reduce((sum, each) => sum + each.still, 0);
    if (!retried.some((each) => each.retried))
      printLine(invocation, wanted ? 'none of these stands still' : 'nothing stands still');
    if (still) throw new Failed('refused', `${still} still stand still: their events cannot be folded by this build`);
  });

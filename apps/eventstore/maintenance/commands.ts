import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { storePath } from '../log/environment';
import { DamagedFile } from '../log/page-file';
import { backup } from './backup';
import { compact } from './compact';
import { repair } from './repair';
import { takeSnapshot } from './snapshot';
import { verify, type Verified } from './verify';

/** The commands for a store at rest or, where they say so, in use. Each ends with 0 when all is well, and with 1 else. */
export const maintenanceCommands = (): Command[] => [
  command('backup', 'copy the events as they are now, also beside a running server')
    .requiredOption('--to <directory>', 'where the copy goes; no store may be there yet')
    .action(async ({ data, to }: { data: string; to: string }) => {
      say(`${describe(await backup(existing(data), to))} copied to ${to}, on disk and verified`);
    }),
  command(
    'verify',
    'compare every record with its checksum, its stream and the index, also beside a running server',
  ).action(async ({ data }: { data: string }) => say(`${describe(await verifyNow(existing(data)))}: nothing is wrong`)),
  command('repair', 'say what a damaged store would lose, and with --yes make it sound without that')
    .option('--yes', 'do it; the damaged file is kept beside the new one')
    .action(({ data, yes }: { data: string; yes?: true }) => repairNow(existing(data), yes === true)),
  command('compact', 'give back the space of events that no reader is shown any more; positions stay').action(
    async ({ data }: { data: string }) => {
      const { removed, bytesBefore, bytesAfter } = await compact(existing(data), Date.now());
      say(`contents of ${removed} events removed; ${bytesBefore} bytes became ${bytesAfter}`);
    },
  ),
];

const command = (name: string, description: string): Command =>
  new Command(name).description(description).requiredOption('--data <directory>', 'where the events are kept');

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const existing = (directory: string): string => {
  if (!existsSync(storePath(directory))) throw new Error(`there is no event store in ${directory}`);
  return directory;
};

const describe = ({ records, removed, streams, lastPosition, bytes }: Verified): string =>
  `${records} records${removed > 0 ? ` (${removed} of them removed events)` : ''} in ${streams} streams ` +
  `up to position ${lastPosition}, ${bytes} bytes`;

const verifyNow = async (directory: string): Promise<Verified> => {
  try {
    const snapshot = await takeSnapshot(directory);
    try {
      return verify(snapshot.file, snapshot.frames);
    } finally {
      await snapshot.close();
    }
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    throw new Error(
      `${storePath(directory)} is damaged: ${error.message}. ` +
        `What a repair would cut says: eventstore repair --data ${directory}`,
      { cause: error },
    );
  }
};

const repairNow = async (directory: string, yes: boolean): Promise<void> => {
  const keepAs = `events.lmdb.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
  const result = await repair(directory, yes ? { keepAs } : undefined);
  if (!result) return void say('nothing is wrong; nothing was changed');
  const { faults, cuts, recordsKept } = result;
  say(`${storePath(directory)} is damaged:`);
  for (const fault of faults) say(`  ${fault}`);
  say(yes ? 'The repair cut:' : 'A repair would cut:');
  for (const cut of cuts.length > 0 ? cuts : ['nothing: index and streams follow from the records']) say(`  ${cut}`);
  say(`and ${yes ? 'kept' : 'keep'} ${recordsKept} records, their positions and revisions.`);
  if (yes) say(`The damaged file is kept as ${keepAs}.`);
  else {
    say(`Nothing was changed. To do it: eventstore repair --data ${directory} --yes`);
    process.exitCode = 1;
  }
};

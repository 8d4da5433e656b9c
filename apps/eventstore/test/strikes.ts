import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCampaign, type CampaignOptions, type Findings, type Victim } from './campaign';
import { compiled, runCommand, spawnProgram, spawnServer, type ServerProcess } from './command';
import { mountDisk } from './disk';
import { seeded } from './seeded';

/** Who is struck: the event store, or one of those that must be found out. */
export type Honesty = 'honest' | 'early' | 'unsynced' | 'journal unsynced' | 'journal not read';

export interface StrikeOptions {
  strikes: number;
  seed: number;
  writers: number;
  compactEvery: number;
  verifyEvery: number;
  honesty: Honesty;
  say(line: string): void;
}

const workMsMax = 400;
const diskMegabytes = 2_000;

const programs: Record<Exclude<Honesty, 'honest'>, { program: string; args: string[] }> = {
  early: { program: 'early-server', args: [] },
  unsynced: { program: 'weakened-server', args: ['--without', 'database-sync', 'journal-sync'] },
  'journal unsynced': { program: 'weakened-server', args: ['--without', 'journal-sync'] },
  'journal not read': { program: 'weakened-server', args: ['--without', 'journal-replay'] },
};

const starterOf = async (honesty: Honesty): Promise<(directory: string) => Promise<ServerProcess>> => {
  if (honesty === 'honest') return (directory) => spawnServer(directory);
  // Compiles what the programs below need.
  await runCommand('--version');
  const { program, args } = programs[honesty];
  return (directory) => spawnProgram([compiled(program), '--data', directory, ...args]);
};

const campaignOf = (
  { seed, honesty: _, ...options }: StrikeOptions,
  directory: string,
  start: CampaignOptions['start'],
): Promise<Findings> => {
  options.say(`seed ${seed}`);
  return runCampaign({ ...options, directory, start, workMsMax, random: seeded(seed) });
};

/** `kill -9`, again and again. */
export const killAgainAndAgain = async (options: StrikeOptions): Promise<Findings> => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-crash-'));
  const start = await starterOf(options.honesty);
  const victim = async (): Promise<Victim> => {
    const server = await start(directory);
    return { client: server.client, strike: () => server.kill(), stop: () => server.stop() };
  };
  return campaignOf(options, directory, victim).finally(() => rmSync(directory, { recursive: true, force: true }));
};

/** Power cuts, again and again. @returns undefined where no disk can be mounted */
export const cutPowerAgainAndAgain = async (options: StrikeOptions): Promise<Findings | undefined> => {
  const disk = mountDisk('ext4', diskMegabytes);
  if (!disk) return undefined;
  const directory = join(disk.folder, 'data');
  const start = await starterOf(options.honesty);
  const victim = async (): Promise<Victim> => {
    const server = await start(directory);
    const strike = async (): Promise<void> => {
      disk.cutPower();
      await server.kill();
      disk.restart();
    };
    return { client: server.client, strike, stop: () => server.stop() };
  };
  return campaignOf(options, directory, victim).finally(() => disk.remove());
};

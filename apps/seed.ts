import { CommandContext } from '../libs/eventing/command-runner';
import { commandIdOf } from '../libs/eventing/envelope';
import { Directory } from '../libs/teams/directory.adapter';
import { seededStaff, seededTeams } from '../libs/teams/seed';

const seedContext = (target: string, now: Date): CommandContext => {
  const commandId = commandIdOf('system', target, 'seed');
  return {
    ...{ actor: 'system', commandId, fresh: false, correlationId: commandId, causationId: commandId },
    ...{ recordedAt: now.toISOString(), origin: 'live' },
  };
};

/** Makes a new installation usable: teams and a few people. Doing it again changes nothing. */
export const seedDirectory = async (directory: Directory, now: Date): Promise<void> => {
  const last = seededStaff.at(-1);
  // The last one stands for all: whoever finds it need not look for the others.
  if (last && (await directory.staff(last.handle)).status !== 'unknown') return;
  for (const { handle, name } of seededTeams)
    await directory.registerTeam(handle, name, seedContext(`team-${handle}`, now));
  for (const { handle, name, team } of seededStaff)
    await directory.registerStaff(handle, name, team, seedContext(`staff-${handle}`, now));
};

import { join } from 'node:path';
import { idOfHandle } from '../../libs/teams/handles';
import { staffCategory } from '../../libs/teams/events';
import { seededStaff } from '../../libs/teams/seed';
import { signToken } from '../../libs/platform/auth/token';
import { loadSecrets } from '../../libs/platform/secrets/secrets';
import { startArguments } from '../faults/harness/checkout';
import { RunningProgram, startProgram } from './child';
import { Started } from './started';

/** The server under test: a process of its own, started as a user starts it. */
export interface ServerUnderTest extends RunningProgram {
  readonly url: string;
  readonly dataDirectory: string;
}

const nodeOptions = process.env.CASEFOLD_BENCH_NODE_OPTIONS;

export const startServer = async (started: Started, dataDirectory: string): Promise<ServerUnderTest> => {
  const args = [...(nodeOptions ? nodeOptions.split(' ') : []), ...startArguments];
  const program = await startProgram(started, args, /Casefold ready on (http:\/\/\S+)/, {
    CASEFOLD_DATA: dataDirectory,
  });
  return { ...program, url: program.said, dataDirectory };
};

/** A token for each agent that a new installation knows, signed as the command line signs them. */
export const agentTokens = async (dataDirectory: string): Promise<readonly string[]> => {
  const { installation, tokenSigningKey: key } = await loadSecrets(join(dataDirectory, 'secrets'), { create: false });
  const authority = { key, installation, now: () => Date.now() };
  return Promise.all(
    seededStaff.map(({ handle }) =>
      signToken({ id: idOfHandle(installation, staffCategory, handle), role: 'agent', handle }, authority),
    ),
  );
};

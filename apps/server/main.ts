import 'reflect-metadata';
import { ConfigError, readConfig } from '../../libs/platform/config/config';
import { DirectoryHeld } from '../../libs/platform/embedded/directory-lock';
import { createLog } from '../../libs/platform/logging/log';
import { startServer } from './start-server';

const exitCodes = { done: 0, failed: 1, usage: 2, unavailable: 3 } as const;
const stopMillisecondsMax = 9_500;

const hints = (url: string): string => `
  a token       npm run -s casefold -- token --role agent --as alice
  the service   curl -H "authorization: Bearer $TOKEN" ${url}/v1/queue
  the contract  ${url}/docs
`;

const exitCodeOf = (error: unknown): number => {
  if (error instanceof ConfigError) return exitCodes.usage;
  return error instanceof DirectoryHeld ? exitCodes.unavailable : exitCodes.failed;
};

const main = async (): Promise<void> => {
  const log = createLog({ isTerminal: process.stderr.isTTY === true });
  const config = readConfig(process.env);
  // Where nobody asks, nobody waits for the folds.
  const server = await startServer(config, log, { keepsInThread: config.roles.has('api') });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // Whatever hangs, the promise to be gone within ten seconds holds.
    setTimeout(() => process.exit(exitCodes.failed), stopMillisecondsMax).unref();
    server.stop().then(
      () => process.exit(exitCodes.done),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Last: who reads this may send a signal at once.
  process.stdout.write(`Casefold ready on ${server.url}\n${hints(server.url)}`);
};

const fail = (error: unknown): void => {
  process.stderr.write(`Casefold did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitCodeOf(error));
};

main().catch(fail);

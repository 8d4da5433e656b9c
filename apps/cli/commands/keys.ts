import { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { writeKeyEncryptionKeys } from '../../../libs/platform/secrets/secrets';
import { Failed } from '../failures';
import { Invocation, printLine } from '../invocation';
import { Session, withSession } from '../session';

const keyBytes = 32;

export const declareKeys = (program: Command, invocation: Invocation): void => {
  program
    .command('keys')
    .description('look after the keys that protect personal data')
    .command('roll')
    .description('wrap every key anew under a fresh key-encryption key and destroy the older ones')
    .addHelpText(
      'after',
      `
After it, copies of keys in old backups and write-ahead logs of the key store open nothing any more, those of
erased persons among them. No server may run meanwhile: it would go on to wrap keys under the destroyed version, and
nobody could open them any more. Back up the secrets folder afterwards; without the new key-encryption key nobody's
personal data can be read again.`,
    )
    .option('--servers-are-stopped', 'on stores of your own: say that no server works on them')
    .action(({ serversAreStopped = false }: { serversAreStopped?: boolean }) =>
      withSession(invocation, 'keys roll', async (session) => {
        assertNoServer(session, serversAreStopped);
        const { engine, secrets, config } = session;
        const { current, keys } = secrets.keyEncryptionKeys;
        const next = current + 1;
        const fresh = randomBytes(keyBytes);
        const folder = join(config.dataDirectory, 'secrets');
        // Both versions are on disk before the first row changes, so that a crash anywhere leaves every row readable.
        writeKeyEncryptionKeys(folder, { current: next, keys: { ...keys, [next]: fresh } });
        const rolled = await engine.keyStore.roll({ current: next, keys: { ...keys, [next]: fresh } });
        writeKeyEncryptionKeys(folder, { current: next, keys: { [next]: fresh } });
        printLine(invocation, `${rolled} keys are wrapped under version ${next}; older versions are destroyed`);
      }),
    );
};

/** On stores of others nobody can look; there the word of whoever gave the command has to do. */
const assertNoServer = ({ besideServer, config }: Session, serversAreStopped: boolean): void => {
  if (!besideServer) return;
  const isRemote = config.databaseUrl !== undefined;
  if (isRemote && serversAreStopped) return;
  const how = isRemote ? 'stop every server and add --servers-are-stopped' : 'a server is running; stop it first';
  throw new Failed('refused', `no key was touched: ${how}`);
};

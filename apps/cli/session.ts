import { join } from 'node:path';
import { Config, ConfigError, readConfig } from '../../libs/platform/config/config';
import { attachOrOpen } from '../../libs/platform/embedded/attach';
import { DirectoryHeld, livingOwner } from '../../libs/platform/embedded/directory-lock';
import { Stores } from '../../libs/platform/embedded/stores';
import { Engine } from '../../libs/platform/engine/engine';
import { loadSecrets, Secrets } from '../../libs/platform/secrets/secrets';
import { ServiceLevelBook } from '../../libs/service-levels/book.adapter';
import { Directory } from '../../libs/teams/directory.adapter';
import { eventTypes } from '../domain';
import { Failed, messageOf } from './failures';
import { Invocation } from './invocation';

/** The stores of an installation, in use by one command. */
export interface Session {
  readonly config: Config;
  readonly stores: Stores;
  readonly secrets: Secrets;
  readonly engine: Engine;
  readonly directory: Directory;
  /** Reads what folds look up, as of now. */
  readonly prepare: () => Promise<void>;
  /** A server may be working on the same stores: it surely is on an embedded directory, nobody knows on remote ones. */
  readonly besideServer: boolean;
}

const open = async (config: Config, role: string): Promise<Stores> => {
  try {
    return await attachOrOpen(config, { role });
  } catch (error) {
    if (error instanceof ConfigError || error instanceof DirectoryHeld) throw error;
    throw new Failed('unavailable', messageOf(error));
  }
};

const isRemote = ({ eventStoreUrl, databaseUrl }: Config): boolean =>
  eventStoreUrl !== undefined && databaseUrl !== undefined;

/** Works on the stores of a running server, or on its own for as long as the work takes. @param name of the command */
export const withSession = async <T>(
  { environment }: Invocation,
  name: string,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const config = readConfig(environment);
  const besideServer = isRemote(config) || livingOwner(config.dataDirectory)?.role === 'server';
  const stores = await open(config, `casefold ${name}`);
  try {
    const secrets = await loadSecrets(join(config.dataDirectory, 'secrets'), { create: true });
    const { eventStore: client, database, keystore } = stores;
    const engine = new Engine({ client, database, keystore, types: eventTypes(), ...secrets });
    try {
      await engine.prepare();
      // Whatever a command folds may name terms that stand in the book.
      const book = new ServiceLevelBook(engine.runner);
      const prepare = async (): Promise<void> => void (await book.refresh());
      await prepare();
      const directory = new Directory(engine.runner, engine.installation);
      return await work({ config, stores, secrets, engine, directory, prepare, besideServer });
    } finally {
      await engine.close();
    }
  } finally {
    await stores.stop();
  }
};

import { EventStoreDBClient } from '@eventstore/db-client';
import { Pool, PoolConfig } from 'pg';
import { CommandRunner } from '../../eventing/command-runner';
import { EventStore } from '../../eventing/event-store.adapter';
import { EventTypes } from '../../eventing/event-types';
import { KeyEncryptionKeys } from '../../eventing/keys/key-encryption';
import { KeyRing } from '../../eventing/keys/key-ring';
import { KeyStore } from '../../eventing/keys/key-store.adapter';
import { Positions } from '../../eventing/projections/positions.query';
import { prepareTables } from '../../eventing/projections/schema.adapter';
import { Unsealer } from '../../eventing/unsealer';
import { buildDigest } from './build.adapter';

/** Everything that works on the stores, put together once a process: by the server and by the command line alike. */
const queryConnectionsMax = 8;
const keyConnectionsMax = 3;
const connectMillisecondsMax = 5_000;
const statementMillisecondsMax = 30_000;
// Of a database that stands still no limit of its own is to be expected; a command must not wait for its key for ever.
const keyMillisecondsMax = 10_000;

export interface EngineOptions {
  readonly client: EventStoreDBClient;
  readonly database: PoolConfig;
  readonly keystore: PoolConfig;
  readonly types: EventTypes;
  readonly installation: string;
  readonly numberKey: Buffer;
  readonly keyEncryptionKeys: KeyEncryptionKeys;
  /** See `CommandRunner`. */
  readonly isOnlyWriter?: boolean;
  /** What time it is for commands and answers: the machine's clock, or that of a test. */
  readonly now?: () => Date;
}

export class Engine {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly keyStore: KeyStore;
  readonly keys: KeyRing;
  readonly runner: CommandRunner;
  readonly unsealer: Unsealer;
  readonly positions: Positions;
  readonly types: EventTypes;
  readonly installation: string;
  readonly numberKey: Buffer;
  readonly now: () => Date;
  private readonly keyPool: Pool;

  constructor(options: EngineOptions) {
    this.types = options.types;
    this.installation = options.installation;
    this.numberKey = options.numberKey;
    this.now = options.now ?? (() => new Date());
    this.store = new EventStore(options.client);
    this.pool = quiet(
      new Pool({
        max: queryConnectionsMax,
        statement_timeout: statementMillisecondsMax,
        // Whoever waits for a connection is told so rather than left waiting.
        connectionTimeoutMillis: connectMillisecondsMax,
        ...options.database,
      }),
    );
    this.keyPool = quiet(
      new Pool({
        max: keyConnectionsMax,
        statement_timeout: statementMillisecondsMax,
        query_timeout: keyMillisecondsMax,
        connectionTimeoutMillis: keyMillisecondsMax,
        ...options.keystore,
      }),
    );
    this.keyStore = new KeyStore(this.keyPool, options.keyEncryptionKeys);
    this.keys = new KeyRing(this.keyStore, () => performance.now());
    this.runner = new CommandRunner(this.store, this.types, this.keys, this.installation, options.isOnlyWriter);
    this.unsealer = new Unsealer(this.keys, this.installation);
    this.positions = new Positions(this.pool);
  }

  /** See `buildDigest`. */
  get build(): string {
    return buildDigest();
  }

  /** Makes the tables that are not there yet. */
  async prepare(): Promise<void> {
    await Promise.all([this.keyStore.prepare(), prepareTables(this.pool)]);
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.keyPool.end()]);
  }
}

const ignore = (): void => undefined;

/**
 * A connection that breaks is no event of ours. An idle one is replaced; whoever has one in hand learns it from the next statement,
 * and must not be ended for having had none under way.
 */
const quiet = (pool: Pool): Pool => pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));

import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { databaseClock } from '../../libs/eventing/processes/database-clock.adapter';
import { Clock } from '../../libs/eventing/processes/timer-runner';
import { automationProblems } from '../../libs/automation/problems';
import { bulkProblems } from '../../libs/bulk/problems';
import { exceptionProblems } from '../../libs/exceptions/problems';
import { compiledBeside } from '../../libs/eventing/workers/threads.adapter';
import { whenBuilt } from '../../libs/eventing/projections/versions.adapter';
import { OwnTokens } from '../../libs/platform/auth/token';
import { TokensInService } from '../../libs/platform/auth/tokens-in-service';
import { Config } from '../../libs/platform/config/config';
import { Stores } from '../../libs/platform/embedded/stores';
import { Engine } from '../../libs/platform/engine/engine';
import { HealthChecks } from '../../libs/platform/health/health-checks';
import { createHttpServer } from '../../libs/platform/http/http-server';
import { registerProblems } from '../../libs/platform/http/problem-table';
import { RateLimit } from '../../libs/platform/http/rate-limit';
import { Log } from '../../libs/platform/logging/log';
import { loadSecrets, Secrets } from '../../libs/platform/secrets/secrets';
import { configurationProblems } from '../../libs/configuration/problems';
import { relationProblems } from '../../libs/relations/problems';
import { requestProblems } from '../../libs/requests/problems';
import { RetiredStaff } from '../../libs/requests/read-models/directory/retired-staff.query';
import { requestProjections } from '../../libs/requests/read-models/projections';
import { serviceLevelProblems } from '../../libs/service-levels/problems';
import { customerProblems } from '../../libs/customers/problems';
import { teamProblems } from '../../libs/teams/problems';
import { templateProblems } from '../../libs/templates/problems';
import { viewProblems } from '../../libs/views/problems';
import { eventTypes } from '../domain';
import { seedDirectory } from '../seed';
import { Adapters, adaptersOf } from '../adapters';
import { ServerModule } from './server.module';
import { openWhenFree } from './open-when-free';
import { serveOpenApi } from './openapi.http';
import { measureAudits } from './audit-metrics';
import { measureProjections } from './projection-metrics';
import { auditCheck, storesCheck, workerCheck } from './checks';
import { Keeper } from './keeper';
import { ReadModelKeeper } from './read-model-keeper';
import { ThreadedKeeper } from './threaded-keeper';
import { Worker } from './worker';

const drainMillisecondsMax = 4_000;
// A new installation has its tables at once. Where a long history is folded anew, commands are not kept waiting for it.
const builtMillisecondsMax = 5_000;

export interface RunningServer {
  readonly url: string;
  /** Answers what is under way, then stops everything that was started, within ten seconds. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** What time it is for commands, answers and timers: the machine's and the database's clock, or that of a test. */
  readonly now?: () => Date;
  /** Whether the read models are kept in a thread of their own. It is a compiled program: see `compiledBeside`. */
  readonly keepsInThread?: boolean;
}

/** Starts what the configuration asks for. @throws what kept it from starting, after stopping what had started */
export const startServer = async (config: Config, log: Log, options: StartOptions = {}): Promise<RunningServer> => {
  const stores = await openWhenFree(config, {
    role: 'server',
    onChange: (store, state) =>
      log[state.status === 'up' ? 'info' : 'warn']({ store, state }, 'a store changed its state'),
  });
  try {
    const secrets = await loadSecrets(join(config.dataDirectory, 'secrets'), { create: true });
    return await serve(config, stores, secrets, log, options);
  } catch (error) {
    await stores.stop();
    throw error;
  }
};

const serve = async (
  config: Config,
  stores: Stores,
  secrets: Secrets,
  log: Log,
  { now, keepsInThread }: StartOptions,
): Promise<RunningServer> => {
  const { eventStore: client, eventStorePlace, database, keystore } = stores;
  const engine = new Engine({
    ...{ client, database, keystore, types: eventTypes(), ...secrets },
    // The directory's lock keeps a second server from an embedded log; a cluster's may have many.
    isOnlyWriter: config.eventStoreUrl === undefined,
    ...(now && { now }),
  });
  const adapters = adaptersOf(engine, config);
  const report = reporter(log);
  const keeper = (): Keeper =>
    keepsInThread
      ? new ThreadedKeeper(keeperProgram(), { config, eventStorePlace, database, keystore }, report)
      : new ReadModelKeeper({ ...adapters, files: adapters.attachments.store }, report);
  const worker = config.roles.has('worker') ? new Worker(adapters, keeper(), clockOf(engine, now), report) : undefined;
  const checks = new HealthChecks([storesCheck(stores), workerCheck(engine, worker?.keeper), auditCheck(engine)]);
  measureAudits(engine);
  measureProjections(engine, worker?.keeper);
  const stopWork = async (): Promise<void> => {
    await worker?.stop();
    await engine.close();
  };
  try {
    const app = await listen(config, adapters, secrets, checks, log, worker);
    return {
      url: urlOf(config, app),
      stop: async () => {
        await Promise.race([app.close(), new Promise((resolve) => setTimeout(resolve, drainMillisecondsMax).unref())]);
        await stopWork();
        await stores.stop();
      },
    };
  } catch (error) {
    await stopWork();
    throw error;
  }
};

const keeperProgram = (): string => compiledBeside(join(__dirname, '..', 'keeper'), 'main');

/** What timers go by: one clock for all workers, unless a test holds it. */
const clockOf = ({ pool }: Engine, now: (() => Date) | undefined): Clock =>
  now ? () => Promise.resolve(now()) : databaseClock(pool);

const listen = async (
  config: Config,
  adapters: Adapters,
  secrets: Secrets,
  checks: HealthChecks,
  log: Log,
  worker: Worker | undefined,
): Promise<NestFastifyApplication> => {
  await Promise.all([adapters.engine.prepare(), adapters.contacts.prepare()]);
  await Promise.all([adapters.book.refresh(), adapters.configuration.refresh()]);
  worker?.start();
  const [app] = await Promise.all([
    createApp(adapters, secrets, checks, log),
    seedDirectory(adapters.directory, new Date()),
    whenBuilt(adapters.engine.pool, requestProjections, builtMillisecondsMax),
  ]);
  await app.listen(config.port, config.host);
  return app;
};

const urlOf = ({ host }: Config, app: NestFastifyApplication): string => {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};
const createApp = async (
  adapters: Adapters,
  secrets: Secrets,
  checks: HealthChecks,
  log: Log,
): Promise<NestFastifyApplication> => {
  registerProblems(requestProblems);
  registerProblems(templateProblems);
  registerProblems(viewProblems);
  registerProblems(serviceLevelProblems);
  registerProblems(customerProblems);
  registerProblems(exceptionProblems);
  registerProblems(configurationProblems);
  registerProblems(teamProblems);
  registerProblems(bulkProblems);
  registerProblems(automationProblems);
  registerProblems(relationProblems);
  const { installation, tokenSigningKey: key } = secrets;
  const tokens = new OwnTokens({ key, installation, now: () => Date.now() });
  const retired = new RetiredStaff(adapters.engine, adapters.directory);
  const verifier = new TokensInService(tokens, (staff) => retired.has(staff));
  const app = await createHttpServer(
    ServerModule.with({ adapters, verifier, rateLimit: new RateLimit(undefined), checks }),
    { log },
  );
  serveOpenApi(app);
  return app;
};

const reporter =
  (log: Log) =>
  (part: string, error: unknown): void =>
    log.error(
      { part, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) },
      'a background part failed and starts over',
    );

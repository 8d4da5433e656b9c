import 'reflect-metadata';
import { Global, Module } from '@nestjs/common';
import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openInstallation, TestInstallation } from '../../../../test/support/stores';
import { numberFor } from '../../../case-numbers/number-for';
import { Attachments } from '../../../attachments/attachments.adapter';
import { FolderStore } from '../../../attachments/folder-store.adapter';
import { noScanner } from '../../../attachments/scanner';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { configurationEventTypes } from '../../../configuration/events';
import { customerEventTypes } from '../../../customers/events';
import { EventNotes } from '../../../eventing/envelope';
import { EventTypes } from '../../../eventing/event-types';
import { ProjectionRunner } from '../../../eventing/projections/projection-runner';
import { SearchIndexer } from '../../../eventing/search/search-indexer';
import { VersionFollower } from '../../../eventing/temporal/version-follower';
import { AuthModule } from '../../../platform/auth/auth.module';
import { Role } from '../../../platform/auth/caller';
import { OwnTokens, signToken } from '../../../platform/auth/token';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { createHttpServer } from '../../../platform/http/http-server';
import { RateLimit } from '../../../platform/http/rate-limit';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { bookEventTypes } from '../../../service-levels/events';
import { Directory } from '../../../teams/directory.adapter';
import { staffEventTypes, teamEventTypes } from '../../../teams/events';
import { RequestEvent, requestEventTypes } from '../../events';
import { requestEvolution } from '../../request';
import { opened } from '../../testing/given';
import { requestProjections, searchIndexes } from '../projections';
import { ReadModelsModule } from '../read-models.module';

/** The routes that read, over real stores, with a worker that follows the log. */
export interface ReadServer {
  readonly installation: TestInstallation;
  readonly app: NestFastifyApplication;
  readonly directory: Directory;
  readonly address: string;
  /** Number of a case that is opened with these facts. */
  open(facts?: Parameters<typeof opened>[0], notes?: EventNotes): Promise<string>;
  /** @returns position of what was appended */
  append(number: string, event: RequestEvent, actor?: string, notes?: EventNotes): Promise<string>;
  token(role: Role, id?: string): Promise<string>;
  /** Position that everything appended until now stands before. */
  lastPosition(): string;
  /** Nobody follows the log any more; what is there can still be read. */
  standStill(): Promise<void>;
  stop(): Promise<void>;
}

const types = (): EventTypes =>
  [customerEventTypes, staffEventTypes, teamEventTypes, bookEventTypes, configurationEventTypes].reduce(
    (known, each) => known.register(each),
    new EventTypes().register(requestEventTypes),
  );

export const liveContext = (actor: string) =>
  contextOf({
    caller: { id: actor },
    target: randomUUID(),
    headers: { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined },
    now: new Date(),
  });

export const startReadServer = async (): Promise<ReadServer> => {
  const installation = await openInstallation(types());
  const { engine, secrets } = installation;
  const { store, pool, build } = engine;
  const runner = new ProjectionRunner({
    ...{ store, pool, build, types: engine.types, projections: requestProjections },
    categories: ['request', 'staff', 'team', 'customer'],
    onFailure: (error) => console.error(error),
  });
  const leading = once(runner, 'leading');
  runner.start();
  const versions = new VersionFollower({
    ...{ pool, types: engine.types, projections: requestProjections, leads: () => runner.leads },
    onFailure: (error) => console.error(error),
  });
  const search = new SearchIndexer({
    ...{ pool, types: engine.types, leads: () => runner.leads, indexes: searchIndexes },
    ...{ keyStore: engine.keyStore, keys: engine.keys, unsealer: engine.unsealer },
    onFailure: (error) => console.error(error),
  });
  runner.on('committed', () => {
    versions.nudge();
    search.nudge();
  });
  versions.start();
  search.start();

  const book = new ServiceLevelBook(engine.runner);
  const providers = [
    { provide: Engine, useValue: engine },
    { provide: ServiceLevelBook, useValue: book },
    { provide: ConfigurationBook, useValue: new ConfigurationBook(engine.runner) },
    { provide: Directory, useValue: new Directory(engine.runner, engine.installation) },
    {
      provide: Attachments,
      useValue: new Attachments(
        new FolderStore(join(tmpdir(), randomUUID())),
        noScanner,
        engine.keys,
        engine.installation,
      ),
    },
  ];
  @Global()
  @Module({ providers, exports: providers })
  class EngineModule {}

  const authority = { key: secrets.tokenSigningKey, installation: secrets.installation, now: () => Date.now() };
  const auth = AuthModule.with(new OwnTokens(authority), new RateLimit(undefined));
  @Module({ imports: [EngineModule, auth, ReadModelsModule] })
  class Root {}

  const app = await createHttpServer(Root, { log: pino({ level: 'silent' }) });
  await app.listen(0, '127.0.0.1');
  // Before, there may be no tables to read.
  await leading;
  let last = 0n;

  const execute = async (number: string, event: RequestEvent, actor: string, notes?: EventNotes): Promise<string> => {
    const { position } = await engine.runner.execute({
      ...{ evolution: requestEvolution, key: number, body: {}, context: liveContext(actor) },
      expects: event.type === 'RequestOpened' ? ('new' as const) : ('existing' as const),
      decide: () => [notes ? { ...event, notes } : event],
    });
    last = position > last ? position : last;
    return String(position);
  };
  return {
    installation,
    app,
    directory: new Directory(engine.runner, engine.installation),
    address: await app.getUrl(),
    open: async (facts = {}, notes) => {
      const { numberKey: key, installation: of } = engine;
      const number = numberFor({ key, prefix: 'CSR', commandId: randomUUID(), attempt: 0, installation: of });
      await execute(number, opened({ customer: randomUUID(), ...facts, number }), 'somebody', notes);
      return number;
    },
    append: (number, event, actor = 'somebody', notes) => execute(number, event, actor, notes),
    token: (role, id = randomUUID()) => signToken({ id, role }, authority),
    lastPosition: () => String(last),
    standStill: () => runner.stop(),
    stop: async () => {
      await app.close();
      await versions.stop();
      await search.stop();
      await runner.stop();
      await installation.stop();
    },
  };
};

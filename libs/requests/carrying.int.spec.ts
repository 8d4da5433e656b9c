import { randomUUID } from 'node:crypto';
import { adaptersOf } from '../../apps/adapters';
import { eventTypes } from '../../apps/domain';
import { openInstallation, TestInstallation } from '../../test/support/stores';
import { numberFor } from '../case-numbers/number-for';
import { streamOf } from '../eventing/event';
import { mergeKind, relationCategory, RelationEvent } from '../relations/events';
import { Relations } from '../relations/relations.adapter';
import { RelationCarrier } from './carrying.handler';
import { note } from './commands/note/note';
import { requestCategory } from './events';
import { requestEvolution } from './request';
import { liveContext } from './read-models/testing/read-server';
import { Promises } from './promises.handler';
import { RequestCommands } from './request-commands.handler';
import { opened } from './testing/given';
import { requestPrefix } from './vocabulary';

/** Commands to requests whose unmerging nobody carries out: there is no worker here. */
jest.setTimeout(60_000);

let installation: TestInstallation;
let commands: RequestCommands;
let relations: Relations;
let carrier: RelationCarrier;

beforeAll(async () => {
  installation = await openInstallation(eventTypes());
  const { engine, dataDirectory } = installation;
  const settled = {
    dataDirectory,
    ownAddresses: new Set<string>(),
    replyToClosed: 'reopen',
    reopenSeconds: 0,
  } as const;
  const { book, segments, configuration } = adaptersOf(engine, settled);
  relations = new Relations(engine.runner);
  carrier = new RelationCarrier(engine);
  commands = new RequestCommands(engine, new Promises(book, segments), configuration, relations, carrier);
});
afterAll(() => installation.stop());

const open = async (): Promise<string> => {
  const { numberKey: key, installation: of, runner } = installation.engine;
  const number = numberFor({ key, prefix: requestPrefix, commandId: randomUUID(), attempt: 0, installation: of });
  await runner.execute({
    ...{ evolution: requestEvolution, key: number, expects: 'new', body: {}, context: liveContext('alice') },
    decide: () => [opened({ number, customer: 'ada' })],
  });
  return number;
};

const decision = () => ({ body: {}, context: liveContext('alice'), owner: 'ada', admit: () => undefined });
const merge = (source: string, survivor: string) => relations.merge({ source, survivor, reason: 'same' }, decision());
const unmerge = (source: string) => relations.unmerge(source, 'two after all', decision());
const work = (number: string) =>
  commands.runIn(liveContext('bob'), number, {}, (state) => note({ text: 'Seen' }, state));

const carryAll = async (): Promise<void> => {
  const { store, types } = installation.engine;
  for (const event of await store.read(streamOf(relationCategory, mergeKind)))
    await carrier.carry(types.decode<RelationEvent>(event));
};

const historyOf = async (number: string): Promise<readonly string[]> =>
  (await installation.engine.store.read(streamOf(requestCategory, number))).map(({ type }) => type);

const settles = ['RequestOpened', 'RequestMerged', 'RequestUnmerged', 'RequestNoted'];

it('finishes what it needs of an unmerging that nobody carries out, and leaves the rest', async () => {
  const [source, survivor] = [await open(), await open()];
  await merge(source, survivor);
  await carryAll();
  await unmerge(source);
  await Promise.all([work(source), work(survivor)]);
  expect(await historyOf(source)).toEqual(settles);
  expect(await historyOf(survivor)).toEqual(['RequestOpened', 'RequestAbsorbed', 'RequestNoted']);
  await carryAll();
  expect(await historyOf(source)).toEqual(settles);
  expect(await historyOf(survivor)).toEqual(['RequestOpened', 'RequestAbsorbed', 'RequestNoted', 'RequestSeparated']);
});

it('finishes the first of several, so that whoever carries them all comes to what was decided last', async () => {
  const [source, survivor] = [await open(), await open()];
  await merge(source, survivor);
  await carryAll();
  await unmerge(source);
  await merge(source, survivor);
  await unmerge(source);
  await work(source);
  expect(await historyOf(source)).toEqual(settles);
  await carryAll();
  expect(await historyOf(source)).toEqual([...settles, 'RequestMerged', 'RequestUnmerged']);
  await work(source);
});

import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { envelop } from '../../libs/eventing/envelope';
import { StoredEvent } from '../../libs/eventing/event';
import { requestEventTypes } from '../../libs/requests/events';
import { EventTypes } from '../../libs/eventing/event-types';
import { Findings, ViolationKind } from './harness/findings';
import { Journal } from './harness/journal';
import { checkChains, checkJournal } from './harness/log-invariants';
import { caseOrder, commandIdOfOrder, Reply } from './harness/order';
import { eventually } from './harness/eventually';
import { Random } from './harness/random';
import { Readers } from './harness/readers';

const installation = '00000000-0000-4000-8000-000000000001';
const number = 'CSR-7K3-M9Q-XA4';
const stream = `request-${number}`;
const types = new EventTypes().register(requestEventTypes);
const orders = [0, 1, 2].map((index) => caseOrder('alice', `key-${index}`, number, 'close', {}));

/** A log in which each order stands once, one event after the other. */
const goodLog = (): StoredEvent[] => {
  const log: StoredEvent[] = [];
  for (const [revision, order] of orders.entries()) {
    const commandId = commandIdOfOrder(order);
    const ids = { commandId, correlationId: commandId, causationId: commandId };
    const command = { ...ids, actor: order.actor, recordedAt: '2026-01-01T00:00:00.000Z', origin: 'live' };
    const target = { installation, stream, revision, prev: log.at(-1)?.metadata.hash ?? '' };
    const none = (): never => {
      throw new Error('nothing here is sealed');
    };
    const keys = { person: undefined, takeValueKey: none, takeNonce: none };
    const [event] = envelop(types, [{ type: 'RequestClosed', data: {} }], command, target, keys);
    if (event) log.push({ ...event, position: BigInt(100 + revision) });
  }
  return log;
};

const acknowledged = (revision: number): Reply => ({
  outcome: 'acknowledged',
  answer: { number, revision: String(revision), position: String(100 + revision), events: ['RequestClosed'] },
  replayed: false,
});

const check = (log: readonly StoredEvent[], replies: readonly (readonly Reply[])[]): Findings => {
  const [journal, findings] = [new Journal(), new Findings()];
  orders.forEach((order, index) => journal.add(order).replies.push(...(replies[index] ?? [])));
  checkJournal(journal, log, findings);
  checkChains(installation, log, findings);
  return findings;
};

const goodReplies = (): Reply[][] => [[acknowledged(0)], [acknowledged(1)], [acknowledged(2)]];
const unknown: Reply = { outcome: 'unknown', why: 'no answer' };

it('finds nothing where all is well, whether an unknown order stands in the log or not', () => {
  expect(check(goodLog(), goodReplies()).examples).toEqual([]);
  expect(check(goodLog(), [[acknowledged(0)], [acknowledged(1)], [unknown]]).examples).toEqual([]);
  expect(check(goodLog().slice(0, 2), [[acknowledged(0)], [acknowledged(1)], [unknown]]).examples).toEqual([]);
  expect(check(goodLog(), [[acknowledged(0)], [unknown, acknowledged(1)], [unknown]]).examples).toEqual([]);
});

const [first, second, third] = goodLog();
if (!first || !second || !third) throw new Error('the log has three events');
const said = (outcome: Exclude<Reply['outcome'], 'acknowledged'>): Reply => ({ outcome, why: 'it said so' });

const faults: readonly [string, ViolationKind, StoredEvent[], Reply[][]][] = [
  ['an acknowledged order that is not in the log', 'lost', [first, second], goodReplies()],
  ['an event that stands twice', 'doubled', [first, second, third, { ...third, revision: 3 }], goodReplies()],
  [
    'an unknown order that stands twice',
    'doubled',
    [first, second, third, third],
    [...goodReplies().slice(0, 2), [unknown]],
  ],
  [
    'an answer that names another revision',
    'other-than-answered',
    goodLog(),
    [[acknowledged(0)], [acknowledged(2)], [acknowledged(2)]],
  ],
  [
    'two answers that differ',
    'answers-disagree',
    goodLog(),
    [[acknowledged(0), acknowledged(1)], [acknowledged(1)], [acknowledged(2)]],
  ],
  [
    'a refusal of what is allowed',
    'wrongly-refused',
    [first, second],
    [...goodReplies().slice(0, 2), [said('refused')]],
  ],
  ['a refused order that was done', 'wrongly-done', goodLog(), [...goodReplies().slice(0, 2), [said('refused')]]],
  [
    'an order said not to be done that was',
    'wrongly-done',
    goodLog(),
    [...goodReplies().slice(0, 2), [said('not-done')]],
  ],
  ['an answer outside of the contract', 'failed', goodLog(), [...goodReplies().slice(0, 2), [said('failed')]]],
  [
    'an event that nobody ordered',
    'unexplained',
    [first, second, third, { ...third, id: 'x', metadata: { ...third.metadata, commandId: 'x' } }],
    goodReplies(),
  ],
  ['a gap in the revisions', 'revision', [first, third], [[acknowledged(0)], [unknown], [acknowledged(2)]]],
  ['an event that was changed', 'chain', [first, { ...second, data: { changed: true } }, third], goodReplies()],
];

it.each(faults)('finds %s', (_, kind, log, replies) => {
  expect(check(log, replies).count(kind)).toBeGreaterThan(0);
});

/** What readers find of a server that answers them so, one look at the queue after the other. */
const read = async (answers: readonly (readonly [status: number, position: number])[]): Promise<Findings> => {
  const findings = new Findings();
  let asked = 0;
  const server = createServer((_, response) => {
    const [status, position] = answers[Math.min(asked++, answers.length - 1)] ?? [500, 0];
    response.writeHead(status, { connection: 'close' }).end(JSON.stringify({ position: String(position) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const place = {
    current: () => Promise.resolve(`http://127.0.0.1:${port}`),
    bearer: () => Promise.resolve({ id: 'audrey', token: 'x' }),
  };
  const readers = new Readers(place, new Journal(), findings, { count: 1, random: new Random(1) });
  await eventually('all answers were given', () => asked > answers.length);
  await readers.stop();
  await new Promise((resolve) => server.close(resolve));
  return findings;
};

it('lets readers be, whose answers come and grow newer', async () => {
  expect(
    (
      await read([
        [200, 1],
        [200, 1],
        [200, 2],
      ])
    ).examples,
  ).toEqual([]);
});

it('finds an answer that is older than one before it, and one that does not come', async () => {
  expect(
    (
      await read([
        [200, 2],
        [200, 1],
      ])
    ).count('back-in-time'),
  ).toBe(1);
  expect(
    (
      await read([
        [200, 1],
        [503, 1],
      ])
    ).count('unreadable'),
  ).toBe(1);
});

import { randomUUID } from 'node:crypto';
import { adaptersOf } from '../../apps/adapters';
import { Client, ProblemBody, serve, Served } from '../../test/e2e/served';
import { eventually } from '../../test/faults/harness/eventually';
import { liveContext } from '../requests/read-models/testing/read-server';
import { HistoryAnswer } from '../requests/read-models/history/history.http';
import { bulkEvolution, evolveBulk, startBulk } from './bulk';
import { BulkAnswer } from './bulk-answer.http';
import { BulkEvent } from './events';
import { BulkRun } from './processes/run-bulk/run-bulk.process';
import { BulkPage, BulkView } from './read-models/bulk/bulk.http';

/** One order for many requests over HTTP, with the worker going away in the middle of it. */
jest.setTimeout(60_000);

let server: Served;
let alice: Client;
let numbers: readonly string[];

beforeAll(async () => {
  server = await serve();
  alice = await server.as('agent', 'alice');
  const opening = { subject: 'x', description: 'y', type: 'incident', impact: 'high', urgency: 'low' };
  const open = (index: number) =>
    alice.post('/v1/requests', { ...opening, category: index < 60 ? 'printing' : 'other', customer: { name: 'Ada' } });
  const opened = await Promise.all(Array.from({ length: 70 }, (_, index) => open(index)));
  numbers = opened.map(({ body }) => body.number);
  const last = opened.reduce((most, { body }) => (BigInt(body.position) > most ? BigInt(body.position) : most), 0n);
  await alice.get(`/v1/queue?after=${last}`);
});
afterAll(() => server.stop());

const start = async (body: object, headers = {}): Promise<string> => {
  const answer = await alice.post<BulkAnswer>('/v1/bulk', body, headers);
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return answer.body.id;
};
const job = async (id: string, query = ''): Promise<BulkView> =>
  (await alice.get<BulkView>(`/v1/bulk/${id}?limit=1000${query}`)).body;
const over = (id: string): Promise<void> =>
  eventually('the job is over', async () => ['completed', 'cancelled'].includes((await job(id)).status));
const notesOf = async (number: string): Promise<readonly HistoryAnswer['events'][number][]> =>
  (await alice.get<HistoryAnswer>(`/v1/requests/${number}/history`)).body.events.filter(
    ({ type }) => type === 'RequestNoted',
  );

it('tells of each request what became of it; what is refused keeps nothing else from being done', async () => {
  const [first = '', second = '', third = ''] = numbers;
  await alice.post(`/v1/requests/${second}/cancel`, { reason: 'x' });
  await alice.post(`/v1/requests/${third}/assign`, { team: 'support' });
  const nobodys = 'CSR-000-000-000';
  const id = await start({
    verb: 'assign',
    body: { team: 'support' },
    numbers: [first, second, third, first.toLowerCase()],
  });
  await over(id);
  expect(await job(id)).toMatchObject({
    ...{
      status: 'completed',
      requests: 3,
      done: 1,
      nothing: 1,
      refused: 1,
      pending: 0,
      startedByHandle: 'alice',
      total: 3,
    },
    items: [
      { number: first, outcome: 'done', code: null, revision: '1' },
      { number: second, outcome: 'refused', code: 'REQUEST_NOT_OPEN', revision: null },
      { number: third, outcome: 'nothing', code: null, revision: '1' },
    ],
  });
  expect(await job(id, '&outcome=refused')).toMatchObject({ total: 1, items: [{ number: second }] });
  const unknown = await alice.post<ProblemBody>('/v1/bulk', { verb: 'close', body: {}, numbers: [nobodys] });
  expect(unknown.body).toMatchObject({ status: 422, code: 'UNKNOWN_REQUEST', errors: [{ pointer: '/numbers/0' }] });
});

it('is refused for a body that the order would be refused for, without a choice, and to whoever may not give the order', async () => {
  const refusal = async (body: object) => {
    const { status, body: problem } = await alice.post<ProblemBody>('/v1/bulk', body);
    return [status, problem.code, problem.errors?.[0]?.pointer];
  };
  expect(await refusal({ verb: 'note', body: {}, numbers })).toEqual([422, 'VALIDATION_FAILED', '/body/text']);
  expect(await refusal({ verb: 'close', body: { x: 1 }, numbers })).toEqual([422, 'VALIDATION_FAILED', '/body/x']);
  expect(await refusal({ verb: 'close', body: {} })).toEqual([422, 'SELECTION_AMBIGUOUS', '/numbers']);
  expect(await refusal({ verb: 'close', body: {}, numbers, filter: {} })).toEqual([
    422,
    'SELECTION_AMBIGUOUS',
    '/numbers',
  ]);
  expect(await refusal({ verb: 'close', body: {}, filter: { product: 'none' } })).toEqual([
    422,
    'SELECTION_EMPTY',
    '/numbers',
  ]);
  expect(await refusal({ verb: 'close', body: {}, filter: {} })).toEqual([422, 'VALIDATION_FAILED', '/filter']);
  expect(await refusal({ verb: 'redact', body: {}, numbers })).toEqual([422, 'VALIDATION_FAILED', '/verb']);
});

it('goes on where it was when the worker goes away: every request has it once, and the choice stays what it was', async () => {
  const order = { verb: 'note', body: { text: 'ZZQ-once' }, filter: { category: 'printing', status: ['open'] } };
  const id = await start(order, { 'idempotency-key': 'notes' });
  await server.restart();
  expect(await start(order, { 'idempotency-key': 'notes' })).toBe(id);
  await over(id);
  const { status, done, requests, items } = await job(id);
  expect({ status, done, requests }).toEqual({ status: 'completed', done: 59, requests: 59 });
  const [one] = items;
  const notes = await Promise.all(items.map(async ({ number }) => (await notesOf(number)).length));
  expect(notes.filter((count) => count !== 1)).toEqual([]);
  const [note] = await notesOf(one?.number ?? '');
  // It is Alice's doing, and follows from her job.
  expect(note).toMatchObject({ actor: { handle: 'alice' }, data: { text: 'ZZQ-once' } });
  await server.beside(async ({ store }) => {
    const [begun] = await store.read(`bulk-${id}`);
    expect(note?.causationId).toBe(begun?.id);
    expect(JSON.stringify(begun?.data)).not.toContain('ZZQ-once');
  });
  const list = (await alice.get<BulkPage>('/v1/bulk?limit=1')).body;
  expect(list).toMatchObject({ total: 2, items: [{ id, verb: 'note' }], nextOffset: 1 });
});

it('leaves alone what it has not come to when it is cancelled', async () => {
  const id = await start({ verb: 'note', body: { text: 'x' }, numbers });
  const cancelled = await alice.post<BulkAnswer>(`/v1/bulk/${id}/cancel`, {});
  expect([200, 409]).toContain(cancelled.status);
  await over(id);
  const { pending, done, status } = await job(id);
  expect(done + pending).toBe(70);
  expect(status).toBe(cancelled.status === 200 ? 'cancelled' : 'completed');
});

describe('a worker that dies between the orders and their record', () => {
  /** The same event reaches two workers that die, and the server's own; each gives all orders of the first step. */
  const reactTwice = (key: (id: string, times: number) => string): Promise<number> =>
    server.beside(async (engine) => {
      const id = randomUUID();
      const facts = {
        by: alice.id,
        role: 'agent',
        verb: 'note',
        words: JSON.stringify({ text: id }),
        filter: null,
      } as const;
      await engine.runner.execute({
        ...{ evolution: bulkEvolution, key: id, expects: 'new' as const, body: {}, context: liveContext(alice.id) },
        decide: (state) => startBulk({ ...facts, numbers: numbers.slice(0, 20) }, state),
      });
      const [begun] = await engine.store.read(`bulk-${id}`);
      if (!begun) throw new Error('the job has not begun');
      const state = evolveBulk({ status: 'none' }, engine.types.decode<BulkEvent>(begun));
      const { orders } = adaptersOf(engine, server.config);
      for (const times of [1, 2]) {
        const careless = {
          give: (order: Parameters<typeof orders.give>[0]) => orders.give({ ...order, key: key(id, times) }),
        };
        const forgetful = Object.assign(Object.create(engine), {
          runner: Object.assign(Object.create(engine.runner), {
            load: () => Promise.resolve({ state }),
            execute: () => Promise.resolve(),
          }),
        });
        await new BulkRun(forgetful, Object.assign(Object.create(orders), careless))
          .process()
          .react(engine.types.decode(begun));
      }
      await over(id);
      const streams = await Promise.all(numbers.slice(0, 20).map((number) => engine.store.read(`request-${number}`)));
      return streams.flat().filter(({ metadata }) => metadata.$causationId === begun.id).length;
    });

  it('has given each order once when the next workers give it again', async () => {
    expect(await reactTwice((id) => `bulk:${id}`)).toBe(20);
  });
  it('has given it once more by each when the command has another id each time', async () => {
    expect(await reactTwice((_, times) => `bulk:${times}`)).toBe(60);
  });
});

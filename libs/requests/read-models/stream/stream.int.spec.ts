import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { filter as having, firstValueFrom } from 'rxjs';
import { metrics } from '../../../platform/health/metrics';
import { signToken } from '../../../platform/auth/token';
import { Role, scopeOf } from '../../../platform/auth/caller';
import { assigned, escalated, noted, responded } from '../../testing/given';
import { RequestView } from '../request/request-view.http';
import { EventStream, Message, openEventStream } from '../testing/event-stream';
import { liveContext, ReadServer, startReadServer } from '../testing/read-server';
import { ChangeTail } from './change-tail.query';
import { LiveReaders } from './live-readers.http';
import { StreamLimits } from './stream-limits';

jest.setTimeout(60_000);

let server: ReadServer;
let limits: StreamLimits;
let desk: string;
let lab: string;
const usual = new StreamLimits();
const open = new Set<EventStream>();

beforeAll(async () => {
  server = await startReadServer();
  limits = server.app.get(StreamLimits);
  desk = await server.directory.registerTeam('desk', 'Desk', liveContext('system'));
  lab = await server.directory.registerTeam('lab', 'Lab', liveContext('system'));
  await server.open();
  const { positions } = server.installation.engine;
  while ((await positions.passed(BigInt(server.lastPosition()))).stale);
});
afterEach(async () => {
  for (const stream of open) stream.close();
  open.clear();
  Object.assign(limits, usual);
});
afterAll(() => server.stop());

interface Circumstances {
  readonly id?: string;
  readonly lastEventId?: string;
  readonly query?: string;
  readonly token?: string;
}

const follow = async (role: Role, { id, lastEventId, query = '', token }: Circumstances = {}): Promise<EventStream> => {
  const stream = await openEventStream(`${server.address}/v1/stream${query}`, {
    authorization: `Bearer ${token ?? (await server.token(role, id))}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  });
  open.add(stream);
  return stream;
};

const told = (messages: readonly Message[]): readonly string[] =>
  messages.map(({ data }) => `${String(data['number'])} ${String(data['revision'])} ${String(data['type'])}`);

/** What is wrong with what somebody got of the notes of one case, each of which they should have once and in order. */
const faultsIn = (messages: readonly Message[], revisions: number): readonly string[] => {
  const got = messages.map(({ data }) => Number(data['revision']));
  return Array.from({ length: revisions }, (_, revision) => revision).flatMap((revision) => {
    const times = got.filter((each) => each === revision).length;
    return times === 1 ? [] : [`${revision} came ${times} times`];
  });
};

const notes = async (number: string, count: number): Promise<string> => {
  let position = '';
  for (let index = 0; index < count; index++) position = await server.append(number, noted);
  return position;
};

it('tells of everything that happens to cases, each with its position, and of nothing before it', async () => {
  await server.open();
  const stream = await follow('agent', { query: `?after=${server.lastPosition()}` });
  expect(stream.headers['content-type']).toBe('text/event-stream');
  expect(stream.headers['cache-control']).toBe('no-store');
  const number = await server.open({ team: desk });
  const position = await server.append(number, assigned({ team: lab, assignee: null }));
  const messages = await stream.count(2);
  expect(told(messages)).toEqual([`${number} 0 RequestOpened`, `${number} 1 RequestAssigned`]);
  expect(messages[1]).toMatchObject({ id: position, type: 'message', data: { position, teamId: lab } });
});

it('is sent when the read models have it: whoever reads then sees it', async () => {
  const stream = await follow('agent');
  const number = await server.open();
  for (let revision = 1; revision <= 20; revision++) {
    await server.append(number, noted);
    await stream.until((messages) => told(messages).includes(`${number} ${revision} RequestNoted`));
    const response = await fetch(`${server.address}/v1/requests/${number}`, {
      headers: { authorization: `Bearer ${await server.token('agent')}` },
    });
    expect(Number(((await response.json()) as RequestView).revision)).toBeGreaterThanOrEqual(revision);
  }
});

describe('whoever comes back', () => {
  it('misses nothing and gets nothing twice, however often and wherever the connection breaks', async () => {
    const number = await server.open();
    const query = `?number=${number}`;
    const writing = notes(number, 150);
    const got: Message[] = [];
    let lastEventId = '0';
    for (let connection = 1; got.length < 151; connection++) {
      const stream = await follow('agent', { lastEventId, query });
      got.push(...(await stream.count(Math.min(1 + (connection % 17), 151 - got.length))));
      ({ lastId: lastEventId } = stream);
      stream.close();
    }
    await writing;
    expect(faultsIn(got, 151)).toEqual([]);
  });

  it('would be seen to miss something, or to get it twice, with another id than the last', async () => {
    const number = await server.open();
    const query = `?number=${number}`;
    await notes(number, 4);
    const first = await (await follow('agent', { lastEventId: '0', query })).count(5);
    const [earlier, last, later] = [first[1]?.id, first[2]?.id, first[3]?.id];
    const rest = async (lastEventId = '', count: number) => {
      const more = await (await follow('agent', { lastEventId, query })).count(count);
      return faultsIn([...first.slice(0, 3), ...more], 5);
    };
    expect(await rest(last, 2)).toEqual([]);
    expect(await rest(later, 1)).toEqual(['3 came 0 times']);
    expect(await rest(earlier, 3)).toEqual(['2 came 2 times']);
  });

  it('goes from what was missed to what happens now without a seam, in pages as small as one', async () => {
    Object.assign(limits, { changesPerPage: 1 });
    const number = await server.open();
    await notes(number, 20);
    const stream = await follow('agent', { lastEventId: '0', query: `?number=${number}` });
    await stream.count(5);
    await notes(number, 20);
    expect(faultsIn(await stream.count(41), 41)).toEqual([]);
  });

  it('is moved on by heartbeats although nothing was for them', async () => {
    Object.assign(limits, { heartbeatMilliseconds: 20 });
    const number = await server.open();
    const stream = await follow('agent', { query: `?number=${number}&after=${server.lastPosition()}` });
    const position = BigInt(await notes(await server.open(), 1));
    expect(await stream.until(() => BigInt(stream.lastId || 0) >= position)).toEqual([]);
    expect(stream.remarks.length).toBeGreaterThan(0);
  });

  it('is refused with an id that is none of ours', async () => {
    for (const lastEventId of ['x', '-1', '99999999999999999999']) {
      const stream = await follow('agent', { lastEventId });
      expect(stream.status).toBe(400);
    }
  });
});

describe('rights', () => {
  it('are those of the reads: a customer hears of their own cases, and of nothing among the staff', async () => {
    const [customer, other] = [randomUUID(), randomUUID()];
    const number = await server.open({ customer, team: desk });
    const before = server.lastPosition();
    const events = [noted, escalated('L2'), assigned({ team: lab, assignee: 'bob' }), responded()];
    for (const event of events) await server.append(number, event, 'bob');
    const foreign = await server.open({ customer: other });
    await server.append(foreign, responded());
    await server.append(number, responded());
    for (const lastEventId of ['0', before]) {
      const stream = await follow('customer', { id: customer, lastEventId });
      const messages = (await stream.until((all) => told(all).includes(`${number} 5 RequestResponded`))).slice(-2);
      expect(told(messages)).toEqual([`${number} 4 RequestResponded`, `${number} 5 RequestResponded`]);
      expect(JSON.stringify(stream.messages)).not.toMatch(new RegExp(`bob|${lab}|${desk}|${foreign}|Noted|Escalated`));
    }
  });

  it('are those of the reads live too', async () => {
    const [customer, other] = [randomUUID(), randomUUID()];
    const stream = await follow('customer', { id: customer });
    const foreign = await server.open({ customer: other });
    const number = await server.open({ customer });
    for (const event of [noted, responded()]) for (const each of [foreign, number]) await server.append(each, event);
    expect(told(await stream.count(2))).toEqual([`${number} 0 RequestOpened`, `${number} 2 RequestResponded`]);
  });

  it('tell an auditor of everything, and nothing of what is personal', async () => {
    const stream = await follow('auditor');
    const number = await server.open({ subject: 'ZZQ' });
    await server.append(number, noted);
    expect(told(await stream.count(2))).toEqual([`${number} 0 RequestOpened`, `${number} 1 RequestNoted`]);
    expect(JSON.stringify(stream.messages)).not.toMatch(/ZZQ|Seen before/);
  });

  it('end with the token', async () => {
    Object.assign(limits, { heartbeatMilliseconds: 20 });
    const { tokenSigningKey: key, installation } = server.installation.secrets;
    // Thirty seconds are allowed between clocks; this token is valid for about one more.
    const authority = { key, installation, now: () => Date.now() - 39_000 };
    const token = await signToken({ id: 'short', role: 'agent' }, authority, 10);
    const stream = await follow('agent', { token });
    expect(stream.status).toBe(200);
    const messages = await stream.until(() => false);
    expect(messages.at(-1)).toMatchObject({ type: 'end', data: { reason: 'token-expired' } });
    expect((await follow('agent', { token })).status).toBe(401);
  });
});

describe('filters', () => {
  it('by team: what it gets, has and gives away', async () => {
    const stream = await follow('agent', { query: '?team=desk' });
    const [mine, others] = [await server.open({ team: lab }), await server.open({ team: lab })];
    for (const event of [
      noted,
      assigned({ team: desk, assignee: null }),
      noted,
      assigned({ team: lab, assignee: null }),
    ])
      await server.append(mine, event);
    await server.append(mine, noted);
    await server.append(others, noted);
    const last = await server.open({ team: desk });
    expect(told(await stream.count(4))).toEqual([
      ...[`${mine} 2 RequestAssigned`, `${mine} 3 RequestNoted`, `${mine} 4 RequestAssigned`],
      `${last} 0 RequestOpened`,
    ]);
  });

  it('by type and number, the same for what was missed as for what happens now', async () => {
    const number = await server.open();
    await server.append(number, noted);
    const query = `?type=RequestNoted,RequestEscalated&number=${number.toLowerCase().replaceAll('-', '')}`;
    const stream = await follow('agent', { query, lastEventId: '0' });
    await stream.count(1);
    await server.append(await server.open(), noted);
    await server.append(number, responded());
    await server.append(number, escalated('L2'));
    expect(told(await stream.count(2))).toEqual([`${number} 1 RequestNoted`, `${number} 3 RequestEscalated`]);
  });

  it('that nobody knows are refused', async () => {
    for (const query of ['?type=RequestExploded', '?team=nosuch', '?number=CSR-1', '?colour=red'])
      expect((await follow('agent', { query })).status).toBe(422);
  });
});

it('asks the database no more for many readers than for one: they share the tail', async () => {
  const { pool } = server.installation.engine;
  let asked = 0;
  const count = (): void => void asked++;
  /** Times that the database is asked while five events reach so many readers who are live. */
  const askedFor = async (readers: number): Promise<number> => {
    const number = await server.open();
    const query = `?number=${number}&after=${server.lastPosition()}`;
    const streams = await Promise.all(
      Array.from({ length: readers }, (_, index) => follow('agent', { id: `reader-${index % 10}`, query })),
    );
    await server.append(number, noted);
    await Promise.all(streams.map((stream) => stream.count(1)));
    asked = 0;
    pool.on('acquire', count);
    await notes(number, 5);
    await Promise.all(streams.map((stream) => stream.count(6)));
    pool.off('acquire', count);
    for (const stream of streams) stream.close();
    return asked;
  };
  const [one, many] = [await askedFor(1), await askedFor(100)];
  // Commands and the worker ask too, the same for both; a hundred tails would ask a hundred times as often.
  expect(many).toBeLessThan(5 * one);
});

describe('slow readers', () => {
  const readersNow = async (): Promise<number> =>
    Number((await metrics.getSingleMetricAsString('casefold_stream_readers')).split(' ').at(-1));
  const cutOff = async (reason: string): Promise<number> =>
    Number(
      (await metrics.getSingleMetricAsString('casefold_stream_cut_off_total'))
        .split('\n')
        .find((line) => line.includes(reason))
        ?.split(' ')
        .at(-1) ?? 0,
    );

  it('who fall behind what is kept are cut off, and come back to all of it', async () => {
    Object.assign(limits, { changesKept: 10, changesPerPage: 5 });
    const number = await server.open();
    const tail = server.app.get(ChangeTail);
    const raw = new ServerResponse(new IncomingMessage(new Socket()));
    const scope = scopeOf({ id: 'slow', role: 'agent' });
    const filter = { number, team: undefined, types: undefined };
    const caller = { id: 'slow', role: 'agent' as const };
    const authorization = `Bearer ${await server.token('agent')}`;
    const from = BigInt(await notes(number, 1));
    const reader = server.app.get(LiveReaders).open({ caller, scope, filter, authorization, from, raw });
    const pieces = reader[Symbol.asyncIterator]();
    await pieces.next();
    const soon = pieces.next();
    const position = BigInt(await notes(number, 1));
    expect((await soon).value).toContain(`id: ${position}`);
    const last = BigInt(await notes(number, 30));
    await firstValueFrom(tail.moves.pipe(having(() => (tail.since(last - 1n)?.changes.length ?? 0) > 0)));
    const before = await cutOff('behind');
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
    expect(await cutOff('behind')).toBe(before + 1);
    raw.emit('close');
    const again = await follow('agent', { lastEventId: String(position), query: `?number=${number}` });
    const missed = await again.count(30);
    expect(missed.map(({ data }) => Number(data['revision']))).toEqual(missed.map((_, index) => 3 + index));
  });

  it('who are gone before they are let in are not counted', async () => {
    const readers = await readersNow();
    const raw = new ServerResponse(new IncomingMessage(new Socket()));
    raw.destroy();
    const caller = { id: 'gone', role: 'agent' as const };
    const filter = { number: undefined, team: undefined, types: undefined };
    const pieces = server.app
      .get(LiveReaders)
      .open({ ...{ caller, filter, raw }, scope: scopeOf(caller), authorization: undefined, from: 0n });
    expect(await readersNow()).toBe(readers);
    await pieces[Symbol.asyncIterator]().return?.();
  });

  it('are no more than a few of one caller', async () => {
    Object.assign(limits, { readersOfOneCallerMax: 2 });
    const id = randomUUID();
    const [first] = [await follow('agent', { id }), await follow('agent', { id })];
    const refused = await follow('agent', { id });
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60']);
    expect((await follow('agent', { id: randomUUID() })).status).toBe(200);
    const readers = await readersNow();
    first?.close();
    while ((await readersNow()) >= readers) await new Promise((resolve) => setImmediate(resolve));
    expect((await follow('agent', { id })).status).toBe(200);
  });
});

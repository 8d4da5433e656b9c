import { randomUUID } from 'node:crypto';
import { ConversationAnswer } from '../../libs/requests/read-models/conversation/conversation-view.http';
import { Client, ProblemBody, serve, Served } from './served';

/** What hangs together, over HTTP: links, merges that come apart again, splits, and children that are resolved with their parent. */
jest.setTimeout(120_000);

interface RequestAnswer {
  readonly status: string;
  readonly mergedInto: { readonly number: string; readonly path: readonly string[] } | null;
  readonly relations: { readonly parent: string | null; readonly children: number; readonly merged: number };
  readonly subject: string;
  readonly description: string;
}
interface RelationsAnswer {
  readonly links: readonly { readonly relation: string; readonly number: string; readonly status: string }[];
  readonly total: number;
  readonly children: { readonly total: number; readonly byStatus: Readonly<Record<string, number>> };
  readonly mergedInto: { readonly number: string; readonly path: readonly string[] } | null;
  readonly merged: readonly { readonly number: string; readonly members: readonly string[] }[];
  readonly splitFrom: { readonly number: string; readonly revisions: readonly string[] } | null;
  readonly splitOff: readonly { readonly number: string; readonly revisions: readonly string[] }[];
  readonly resolvedWith: string | null;
}
interface HistoryAnswer {
  readonly events: readonly {
    readonly number: string;
    readonly sequence: string;
    readonly type: string;
    readonly actor: { readonly handle: string | null };
    readonly causationId: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  readonly nextCursor: string | null;
}
type Refusal = ProblemBody & { readonly mergedInto?: string };

let server: Served;
let agent: Client;
let ada: Client;
let position = '0';

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
  ada = await server.as('customer', randomUUID());
});
afterAll(() => server.stop());

const open = async (subject = 'Printer', who = ada): Promise<string> => {
  const body = { subject, description: 'Smoke', type: 'incident', impact: 'medium', urgency: 'medium' };
  const { status, text, body: answer } = await who.post('/v1/requests', { ...body, customer: { name: 'Ada' } });
  if (status !== 201) throw new Error(text);
  ({ position } = answer);
  return answer.number;
};
const openMany = (count: number): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: count }, () => open()));
const give = async (number: string, verb: string, body: object = {}, headers: Record<string, string> = {}) => {
  const answer = await agent.post(`/v1/requests/${number}/${verb}`, body, headers);
  if (answer.status !== 200) throw new Error(`${verb}: ${answer.status} ${answer.text}`);
  ({ position } = answer.body);
  return answer;
};
const refused = async (number: string, verb: string, body: object = {}): Promise<Refusal> => {
  const answer = await agent.post<Refusal>(`/v1/requests/${number}/${verb}`, body);
  if (answer.status < 400) throw new Error(`${verb} was accepted`);
  return answer.body;
};
const read = async <T>(path: string, who = agent): Promise<T> => {
  const { status, text, body } = await who.get<T>(`${path}${path.includes('?') ? '&' : '?'}after=${position}`);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return body;
};
const request = (number: string) => read<RequestAnswer>(`/v1/requests/${number}`);
const relations = (number: string) => read<RelationsAnswer>(`/v1/requests/${number}/relations`);
const history = (number: string, query = '') =>
  read<HistoryAnswer>(`/v1/requests/${number}/history?limit=1000${query}`);
const merge = (source: string, into: string) => give(source, 'merge', { into, reason: 'The same printer' });
const unmerge = (source: string) => give(source, 'unmerge', { reason: 'Two printers after all' });
/** Waits for what a process writes. */
const until = async <T>(look: () => Promise<T>, holds: (found: T) => boolean): Promise<T> => {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const found = await look();
    if (holds(found)) return found;
    if (performance.now() > deadline) throw new Error(`it did not come: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe('links', () => {
  it('are seen from both sides, and are taken back', async () => {
    const [child = '', parent = ''] = await openMany(2);
    const { body } = await give(child, 'link', { kind: 'parent', to: parent.toLowerCase() });
    expect(body).toMatchObject({ number: child, events: ['RequestsLinked'] });
    const [link] = await until(
      async () => (await relations(child)).links,
      ({ length }) => length === 1,
    );
    expect(link).toMatchObject({ relation: 'parent', number: parent, status: 'open' });
    expect(
      await until(
        () => relations(parent),
        ({ total }) => total === 1,
      ),
    ).toMatchObject({
      links: [{ relation: 'child', number: child }],
      children: { total: 1, byStatus: { open: 1 } },
    });
    expect((await request(child)).relations.parent).toBe(parent);
    expect((await history(parent)).events.at(-1)).toMatchObject({ type: 'RequestLinked', actor: { handle: 'alice' } });
    await give(child, 'unlink', { kind: 'parent', to: parent });
    await until(
      () => relations(child),
      ({ total }) => total === 0,
    );
    await until(
      () => relations(parent),
      ({ total }) => total === 0,
    );
  });

  it('close no circle, also when all are made at once', async () => {
    const round = await openMany(5);
    const answers = await Promise.all(
      round.map((from, place) =>
        agent.post<Refusal>(`/v1/requests/${from}/link`, { kind: 'depends-on', to: round[(place + 1) % 5] }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'RELATION_CIRCLE' });
  });

  it('are refused where they lead nowhere', async () => {
    const [one = ''] = await openMany(1);
    expect(await refused(one, 'link', { kind: 'parent', to: one })).toMatchObject({ code: 'RELATION_TO_ITSELF' });
    expect(await refused(one, 'link', { kind: 'parent', to: 'CSR-000-000-000' })).toMatchObject({
      code: 'UNKNOWN_REQUEST',
      errors: [{ pointer: '/to' }],
    });
    expect(await refused(one, 'link', { kind: 'friend', to: one })).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('answer a retry as the first time, and refuse its key for another body', async () => {
    const [one = '', other = '', third = ''] = await openMany(3);
    const key = { 'idempotency-key': 'link-1' };
    await give(one, 'link', { kind: 'relates-to', to: other }, key);
    const again = await give(one, 'link', { kind: 'relates-to', to: other }, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const reused = await agent.post<Refusal>(`/v1/requests/${one}/link`, { kind: 'relates-to', to: third }, key);
    expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const stale = await agent.post(
      `/v1/requests/${one}/link`,
      { kind: 'relates-to', to: third },
      { 'if-match': '"0"' },
    );
    expect(stale.status).toBe(412);
  });
});

const absorbed = (number: string, count: number) =>
  until(
    () => relations(number),
    ({ merged }) => merged.length === count,
  );

describe('a merge', () => {
  it("lets the old number lead to the survivor, and refuses commands to it with the survivor's number", async () => {
    const [source = '', survivor = ''] = await openMany(2);
    await give(source, 'assign', { team: 'support', assignee: 'alice' });
    expect((await merge(source, survivor)).body).toMatchObject({ number: source, events: ['RequestsMerged'] });
    expect(await refused(source, 'respond', { text: 'Hello' })).toMatchObject({
      ...{ status: 409, code: 'REQUEST_MERGED', mergedInto: survivor },
    });
    await absorbed(survivor, 1);
    expect(await request(source)).toMatchObject({
      status: 'open',
      mergedInto: { number: survivor, path: [survivor] },
    });
    expect((await request(survivor)).relations.merged).toBe(1);
    const queue = await read<{ items: readonly { number: string }[]; total: number }>('/v1/queue?limit=200');
    const listed = queue.items.map(({ number }) => number);
    expect([listed.includes(source), listed.includes(survivor)]).toEqual([false, true]);
    const told = (await history(source)).events.at(-1);
    expect(told).toMatchObject({
      ...{ type: 'RequestMerged', actor: { handle: 'alice' } },
      data: { into: survivor, reason: 'The same printer' },
    });
    const carried = await server.beside(async ({ store, unsealer, types }) => {
      const events = (await store.read('relation-merge')).map((event) => types.decode(event));
      return unsealer.open(
        events.map(({ data }) => data as { source: string; reason: string }),
        true,
      );
    });
    expect(carried.find((each) => each.source === source)?.reason).toBe('[redacted]');
  });

  it('shows the events of both in one history, with their numbers', async () => {
    const [source = '', survivor = ''] = [await open(), await open()];
    await give(source, 'respond', { text: 'First' });
    await give(survivor, 'respond', { text: 'Second' });
    await merge(source, survivor);
    await absorbed(survivor, 1);
    const { events } = await history(survivor, '&merged=true');
    const said = events.filter(({ type }) => type === 'RequestResponded');
    expect(said.map(({ number, data }) => [number, data['text']])).toEqual([
      [source, 'First'],
      [survivor, 'Second'],
    ]);
    expect((await history(survivor)).events.every(({ number }) => number === survivor)).toBe(true);
    const first = await read<HistoryAnswer>(`/v1/requests/${survivor}/history?merged=true&limit=2`);
    const second = await read<HistoryAnswer>(
      `/v1/requests/${survivor}/history?merged=true&limit=1000&cursor=${first.nextCursor}`,
    );
    expect([...first.events, ...second.events]).toEqual(events);
    const own = await read<HistoryAnswer>(`/v1/requests/${survivor}/history?merged=true`, ada);
    expect(own.events.some(({ number }) => number === source)).toBe(true);
  });

  it('shows what was said in both in one conversation, in pages, and the time that it took, until it is taken back', async () => {
    const [source = '', survivor = ''] = [await open(), await open()];
    const worked = { talkSeconds: 60, wrapUpSeconds: 5 };
    await give(source, 'respond', { text: 'Frist', worked });
    await give(source, 'correct', { revision: 1, reason: 'typo', text: 'First' });
    await give(survivor, 'respond', { text: 'Second', worked });
    await merge(source, survivor);
    await absorbed(survivor, 1);
    const conversation = (query: string, who = agent) =>
      read<ConversationAnswer>(`/v1/requests/${survivor}/conversation?${query}`, who);
    const said = ({ items }: ConversationAnswer) => items.map(({ number, text }) => [number, text]);
    const whole = await conversation('merged=true');
    expect(said(whole)).toEqual([
      [source, 'Smoke'],
      [survivor, 'Smoke'],
      [source, 'First'],
      [survivor, 'Second'],
    ]);
    expect(whole).toMatchObject({ number: survivor, total: 4, nextCursor: null, worked: { talkSeconds: 120 } });
    const first = await conversation('merged=true&limit=3');
    const second = await conversation(`merged=true&limit=3&cursor=${first.nextCursor}`);
    expect([first.total, ...first.items, ...second.items]).toEqual([4, ...whole.items]);
    expect(said(await conversation('merged=true', ada))).toEqual(said(whole));
    expect(await conversation('')).toMatchObject({ total: 2, worked: { talkSeconds: 60 } });
    await unmerge(source);
    await absorbed(survivor, 0);
    expect(await conversation('merged=true')).toMatchObject({ total: 2, worked: { talkSeconds: 60 } });
  });

  it('is told to a customer without what belongs to another one', async () => {
    const stranger = await server.as('customer', randomUUID());
    const [source, survivor] = [await open('Scanner', stranger), await open()];
    await merge(source, survivor);
    await absorbed(survivor, 1);
    const { events } = await read<HistoryAnswer>(`/v1/requests/${survivor}/history?merged=true`, ada);
    expect(events.every(({ number }) => number === survivor)).toBe(true);
    const told = await read<ConversationAnswer>(`/v1/requests/${survivor}/conversation?merged=true`, ada);
    expect(told.items.map(({ number }) => number)).toEqual([survivor]);
    expect((await read<RequestAnswer>(`/v1/requests/${source}`, stranger)).mergedInto?.number).toBe(survivor);
  });

  it('of a survivor leads on, and comes apart with all that came with it', async () => {
    const [a = '', b = '', c = ''] = await openMany(3);
    await merge(a, b);
    await merge(b, c);
    const path = { number: c, path: [b, c] };
    await until(
      () => request(a),
      ({ mergedInto }) => mergedInto?.number === c,
    );
    expect((await request(a)).mergedInto).toEqual(path);
    expect((await relations(a)).mergedInto).toEqual(path);
    expect(await refused(a, 'merge', { into: c, reason: 'x' })).toMatchObject({
      code: 'REQUEST_MERGED',
      mergedInto: c,
    });
    expect(await refused(c, 'merge', { into: a, reason: 'x' })).toMatchObject({ code: 'RELATION_CIRCLE' });
    await unmerge(b);
    await until(
      () => request(a),
      ({ mergedInto }) => mergedInto?.number === b,
    );
    await absorbed(c, 0);
    await give(b, 'note', { text: 'It stands for itself again' });
  });

  it('of each into the other, and of three in a round, happens without a circle', async () => {
    const into = (source: string, survivor: string) =>
      agent.post<Refusal>(`/v1/requests/${source}/merge`, { into: survivor, reason: 'x' });
    const [a = '', b = '', c = '', d = '', e = ''] = await openMany(5);
    const two = await Promise.all([into(a, b), into(b, a)]);
    expect(two.map(({ status }) => status).sort()).toEqual([200, 409]);
    const three = await Promise.all([into(c, d), into(d, e), into(e, c)]);
    expect(three.filter(({ status }) => status === 409).length).toBeGreaterThan(0);
    for (const { status, body } of [...two, ...three])
      if (status !== 200) expect(['RELATION_CIRCLE', 'REQUEST_MERGED']).toContain(body.code);
  });

  it('that is taken back gives back conversation, links and clocks, also after further work on the survivor', async () => {
    const [source = '', survivor = '', parent = ''] = await openMany(3);
    await give(source, 'link', { kind: 'parent', to: parent });
    await give(source, 'respond', { text: 'Before' });
    await until(
      () => relations(source),
      ({ total }) => total === 1,
    );
    const levels = (number: string) =>
      read<{ clocks: readonly { metric: string; status: string; dueAt: string; startedAt: string }[] }>(
        `/v1/requests/${number}/service-levels`,
      );
    const facts = async (number: string) => {
      const { clocks } = await levels(number);
      return clocks.map(({ metric, status, dueAt, startedAt }) => ({ metric, status, dueAt, startedAt }));
    };
    const [clocks, ofSurvivor, links] = [await facts(source), await facts(survivor), (await relations(source)).links];
    const asOf = (await history(source)).events.at(-1)?.sequence;
    await merge(source, survivor);
    await absorbed(survivor, 1);
    expect((await levels(source)).clocks).toMatchObject([
      { status: 'met' },
      { status: 'cancelled', endedBy: 'merged' },
    ]);
    await give(survivor, 'note', { text: 'Work goes on' });
    await give(survivor, 'escalate', { to: 'L2', reason: 'hard' });
    await unmerge(source);
    await absorbed(survivor, 0);
    expect([await facts(source), await facts(survivor)]).toEqual([clocks, ofSurvivor]);
    expect((await relations(source)).links).toEqual(links);
    expect(await request(source)).toMatchObject({ mergedInto: null, responseCount: 1, status: 'open' });
    await give(source, 'respond', { text: 'After' });
    const merged = (await history(source)).events.find(({ type }) => type === 'RequestMerged');
    expect((await read<RequestAnswer>(`/v1/requests/${source}?asOf=${merged?.sequence}`)).mergedInto?.number).toBe(
      survivor,
    );
    expect((await read<RequestAnswer>(`/v1/requests/${source}?asOf=${asOf}`)).mergedInto).toBeNull();
  });

  it('leads nowhere into what is closed, and answers a retry as the first time', async () => {
    const [a = '', b = '', c = ''] = await openMany(3);
    await give(c, 'cancel', { reason: 'withdrawn' });
    expect(await refused(a, 'merge', { into: c, reason: 'x' })).toMatchObject({
      ...{ code: 'REQUEST_NOT_OPEN', errors: [{ pointer: '/into' }] },
    });
    const key = { 'idempotency-key': 'merge-1' };
    await give(a, 'merge', { into: b, reason: 'x' }, key);
    const again = await give(a, 'merge', { into: b, reason: 'x' }, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await give(a, 'merge', { into: b, reason: 'again' })).body.events).toEqual([]);
    expect((await give(b, 'unmerge', { reason: 'never' })).body.events).toEqual([]);
  });
});

describe('a split', () => {
  it('makes a request of messages, known from both sides, once', async () => {
    const number = await open('Printer and scanner');
    await ada.post(`/v1/requests/${number}/respond`, { text: 'The scanner is broken too' });
    await give(number, 'respond', { text: 'We look at both' });
    const body = { revisions: [2, 1], subject: 'Scanner', category: 'scanning' };
    const key = { 'idempotency-key': 'split-1' };
    const { body: made, headers } = await give(number, 'split', body, key);
    expect(made.number).not.toBe(number);
    expect(headers.get('location')).toBe(`/v1/requests/${made.number}`);
    expect((await give(number, 'split', body, key)).body.number).toBe(made.number);
    expect(await request(made.number)).toMatchObject({
      ...{ subject: 'Scanner', description: 'The scanner is broken too', category: 'scanning', type: 'incident' },
    });
    expect((await relations(made.number)).splitFrom).toMatchObject({ number, revisions: ['1', '2'] });
    const { splitOff } = await until(
      () => relations(number),
      (found) => found.splitOff.length > 0,
    );
    expect(splitOff).toMatchObject([{ number: made.number, revisions: ['1', '2'] }]);
    const copied = (await history(made.number)).events.filter(({ type }) => type === 'RequestMessageCopied');
    expect(copied.map(({ data }) => [data['text'], data['author']])).toEqual([
      ['The scanner is broken too', ada.id],
      ['We look at both', agent.id],
    ]);
    expect((await history(number)).events.at(-1)).toMatchObject({ type: 'RequestSplitOff' });
    expect((await read<HistoryAnswer>(`/v1/requests/${made.number}/history`, ada)).events).toHaveLength(4);
  });

  it('takes messages and nothing else', async () => {
    const number = await open();
    expect(await refused(number, 'split', { revisions: [0], subject: 'x' })).toMatchObject({
      ...{ code: 'NOTHING_TO_SPLIT', errors: [{ pointer: '/revisions/0' }] },
    });
    expect(await refused(number, 'split', { revisions: [], subject: 'x' })).toMatchObject({ status: 422 });
  });
});

describe('children', () => {
  it('are resolved with their parent, say so, and stay open when they are reopened', async () => {
    const [parent = '', first = '', second = '', grandchild = '', done = ''] = await openMany(5);
    for (const child of [first, second, done]) await give(child, 'link', { kind: 'parent', to: parent });
    await give(grandchild, 'link', { kind: 'parent', to: first });
    await give(second, 'hold', { reason: 'asked', waitingFor: 'customer' });
    await give(done, 'cancel', { reason: 'withdrawn' });
    await give(parent, 'resolve', { code: 'fixed', resolution: 'The router is new', resolveChildren: true });
    const { children } = await until(
      () => relations(parent),
      (found) => found.children.byStatus['resolved'] === 2,
    );
    expect(children).toEqual({ total: 3, byStatus: { resolved: 2, cancelled: 1 } });
    await until(
      () => relations(grandchild),
      ({ resolvedWith }) => resolvedWith === first,
    );
    expect(await request(grandchild)).toMatchObject({ status: 'resolved' });
    expect(await request(second)).toMatchObject({ resolution: { code: 'fixed', text: 'The router is new' } });
    const shared = (await history(parent)).events.find(({ type }) => type === 'RequestResolutionShared');
    const told = (await history(second)).events.slice(-2);
    expect(told).toMatchObject([
      { type: 'RequestResolved' },
      { type: 'RequestResolvedWith', data: { number: parent } },
    ]);
    const ids = await server.beside(async ({ store }) => (await store.read(`request-${parent}`)).map(({ id }) => id));
    expect(shared && ids.includes(told[1]?.causationId ?? '')).toBe(true);

    await give(second, 'reopen', { reason: 'not for me' });
    // The same is asked again: nothing is left to do, and whoever was reopened stays so.
    expect(
      (await give(parent, 'resolve', { code: 'fixed', resolution: 'x', resolveChildren: true })).body.events,
    ).toEqual([]);
    await give(first, 'note', { text: 'later' });
    expect([(await request(second)).status, (await relations(second)).resolvedWith]).toEqual(['open', null]);
  });
});

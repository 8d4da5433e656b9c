import fc from 'fast-check';
import { OpeningAnswer, SimilarAnswer } from '../../libs/requests/opening-hints/similar-answer.http';
import { QueueAnswer } from '../../libs/requests/read-models/queue/queue.http';
import { ConversationAnswer } from '../../libs/requests/read-models/conversation/conversation-view.http';
import { DraftsAnswer, DraftView } from '../../libs/requests/read-models/drafts/drafts.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { SearchAnswer } from '../../libs/requests/read-models/search/search-answer.http';
import { PopulationAnswer } from '../../libs/requests/read-models/service-levels/population.http';
import { ViewsAnswer, ViewView } from '../../libs/views/read-models/views.http';
import { eventually } from '../faults/harness/eventually';
import { Client, ProblemBody, serve, Served } from './served';

/** What people find their work by, beside the lists themselves: saved views and their counts. */
jest.setTimeout(120_000);

let server: Served;
let alice: Client;
let bob: Client;
/** Behind all that was written. */
let last = 0n;

const noted = <T extends { readonly position: string }>(body: T): T => {
  if (BigInt(body.position) > last) last = BigInt(body.position);
  return body;
};
const order = async (who: Client, path: string, body: object, status = 200) => {
  const answer = await who.post(path, body);
  expect({ path, status: answer.status, text: answer.text }).toMatchObject({ path, status });
  return noted(answer.body);
};
const open = (facts: object): Promise<string> =>
  order(
    alice,
    '/v1/requests',
    {
      ...{ subject: 'Printer', description: 'Smoke', type: 'incident', impact: 'low', urgency: 'low' },
      ...{ customer: { name: 'Ada' }, ...facts },
    },
    201,
  ).then(({ number }) => number);

beforeAll(async () => {
  server = await serve();
  [alice, bob] = await Promise.all([server.as('agent', 'alice'), server.as('agent', 'bob')]);
});
afterAll(() => server.stop());

describe('views', () => {
  const create = (who: Client, body: object): Promise<string> =>
    order(who, '/v1/views', { name: 'x', list: 'queue', filter: {}, ...body }, 201).then(({ number }) => number);
  const views = async (who: Client, query = ''): Promise<ViewsAnswer> =>
    (await who.get<ViewsAnswer>(`/v1/views?after=${last}${query}`)).body;
  const named = async (who: Client, id: string, query = ''): Promise<ViewView | undefined> =>
    (await views(who, query)).items.find((view) => view.id === id);

  it('count, many at once, what their lists give', async () => {
    const kinds = ['incident', 'question'];
    const sizes = ['low', 'medium', 'high'];
    const numbers = await Promise.all(
      Array.from({ length: 18 }, (_, index) =>
        open({
          ...{ type: kinds[index % 2], category: `c${index % 3}`, impact: sizes[index % 3], urgency: sizes[index % 2] },
          ...(index % 4 ? { team: 'support' } : {}),
        }),
      ),
    );
    await Promise.all(
      numbers.map(async (number, index) => {
        const at = `/v1/requests/${number}`;
        if (index % 4 === 1) await order(alice, `${at}/assign`, { team: 'support', assignee: 'alice' });
        if (index % 5 === 1) await order(alice, `${at}/hold`, { reason: 'x', waitingFor: 'customer' });
        if (index % 5 === 2) await order(alice, `${at}/resolve`, { code: 'fixed', resolution: 'x' });
      }),
    );
    const some = (...words: string[]) => fc.subarray(words, { minLength: 1 }).map((chosen) => chosen.join(','));
    const filter = {
      status: some('open', 'held', 'resolved'),
      priority: some('P1', 'P2', 'P3', 'P4', 'P5'),
      team: fc.constant('support'),
      assignee: fc.constant('alice'),
      without: some('team', 'assignee'),
    };
    const further = { type: fc.constantFrom(...kinds), category: fc.constantFrom('c0', 'c9'), overdue: some('false') };
    const wanted = fc.oneof(
      fc.record({
        list: fc.constant('clocks'),
        filter: fc.record(
          {
            ...{
              priority: filter.priority,
              team: filter.team,
              metric: fc.constantFrom('resolution', 'first-response'),
            },
            status: some('running', 'paused', 'breached', 'met', 'cancelled'),
          },
          { requiredKeys: [] },
        ),
      }),
      fc.record({ list: fc.constant('queue'), filter: fc.record(filter, { requiredKeys: [] }) }),
      fc.record({
        list: fc.constant('requests'),
        filter: fc.record({ ...filter, ...further }, { requiredKeys: ['priority'] }),
      }),
    );
    const asked = fc.sample(wanted, { numRuns: 30, seed: 36 });
    const ids = await Promise.all(asked.map((view) => create(alice, view)));
    const { items, total } = await views(alice, '&counts=true&limit=100');
    expect([total, items.map(({ id }) => id).sort()]).toEqual([ids.length, [...ids].sort()]);
    const listed = await Promise.all(
      items.map(async ({ address }) => {
        const query = `limit=1&after=${last}`;
        const list = await alice.get<QueueAnswer | SearchAnswer | PopulationAnswer>(
          `${address}${address.includes('?') ? '&' : '?'}${query}`,
        );
        return [address, list.body.total];
      }),
    );
    expect(listed).toEqual(items.map(({ address, total: counted }) => [address, counted]));
    const free = (await alice.get<QueueAnswer>(`/v1/queue?without=team,assignee&after=${last}`)).body.items;
    const heldByNobody = free.map(({ team, assignee }) => [team, assignee]);
    expect([free.length > 0, heldByNobody]).toEqual([true, free.map(() => [null, null])]);
    // Something was there to be counted wrongly.
    expect(new Set(items.map((view) => view.total)).size).toBeGreaterThan(4);
    await Promise.all(ids.map((id) => order(alice, `/v1/views/${id}/retire`, {})));
    expect((await views(alice)).total).toBe(0);
  });

  it('are one’s own until they are shared with one’s team, whose leads may change them', async () => {
    const [lead, stranger] = [await server.as('lead', 'bob'), await server.as('lead', 'carol')];
    const id = await create(alice, { name: 'Urgent', filter: { priority: 'P1,P2', assignee: 'alice' } });
    expect(await named(alice, id)).toMatchObject({
      ...{ name: 'Urgent', owner: 'alice', team: null, mayChange: true, list: 'queue' },
      filter: { priority: 'P1,P2', assignee: alice.id },
    });
    expect(await named(bob, id)).toBeUndefined();
    expect((await bob.post(`/v1/views/${id}/rename`, { name: 'x' })).status).toBe(404);
    await order(alice, `/v1/views/${id}/share`, { team: 'support' });
    expect(await named(bob, id)).toMatchObject({ team: 'support', mayChange: false });
    expect(await named(stranger, id)).toBeUndefined();
    expect((await bob.post<ProblemBody>(`/v1/views/${id}/rename`, { name: 'x' })).body.code).toBe('VIEW_NOT_YOURS');
    await order(lead, `/v1/views/${id}/rename`, { name: 'Most urgent' });
    await order(lead, `/v1/views/${id}/refine`, { filter: { priority: 'P1' } });
    expect(await named(bob, id)).toMatchObject({ name: 'Most urgent', address: '/v1/queue?priority=P1' });
    await order(alice, `/v1/views/${id}/share`, {});
    expect(await named(lead, id)).toBeUndefined();
    await order(alice, `/v1/views/${id}/retire`, {});
    expect(await named(alice, id)).toBeUndefined();
  });

  it.each([
    ['a parameter that its list does not have', { list: 'queue', filter: { type: 'incident' } }, '/filter/type'],
    ['a word that its list does not know', { list: 'queue', filter: { status: 'gone' } }, '/filter/status'],
    ['words of what was said', { list: 'requests', filter: { search: 'Ada' } }, '/filter/search'],
    ['a team that nobody knows', { list: 'requests', filter: { team: 'nobody' } }, '/filter/team'],
    ['everything there is', { list: 'requests', filter: {} }, '/filter'],
    ['another’s team', { team: 'specialists' }, '/team'],
  ])('are refused for %s', async (_, body, pointer) => {
    const answer = await alice.post<ProblemBody>('/v1/views', { name: 'x', list: 'queue', filter: {}, ...body });
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });
});

describe('open cases like another', () => {
  const story = { subject: 'Coffee machine leaks', description: 'Water under the coffee machine in the kitchen' };
  const ask = async (who: Client, body: object): Promise<SimilarAnswer> => {
    // A search that insists on what was written waits for the index of words.
    await who.get(`/v1/requests?search=coffee&after=${last}`);
    const answer = await who.post<SimilarAnswer>('/v1/requests/similar', body);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const told = ({ items }: SimilarAnswer) =>
    items.map(({ request, isProbableDuplicate, isSameCustomer }) => [
      request.number,
      ...[isProbableDuplicate, isSameCustomer],
    ]);
  const ada = { name: 'Ada', email: 'ada.leak@example.org' };

  it('are told before and at the opening, with reasons, to each as far as they may see', async () => {
    const first = await open({ ...story, customer: ada });
    const another = await open({ subject: 'Key lost', description: 'Gone', customer: ada });
    const others = await open({ ...story, subject: 'A coffee machine that leaks', customer: { name: 'Eve' } });
    const over = await open({ ...story, customer: ada });
    await order(alice, `/v1/requests/${over}/resolve`, { code: 'fixed', resolution: 'x' });
    await order(alice, `/v1/requests/${another}/note`, { text: story.description });

    const before = await ask(bob, { ...story, customer: { email: 'Ada.Leak@example.org' } });
    expect(told(before)).toEqual([
      [first, true, true],
      [others, true, false],
      [another, false, true],
    ]);
    expect(before.items[0]?.words).toEqual(expect.arrayContaining(['coffee', 'machine', 'leaks', 'kitchen']));
    // What the staff note is nothing that a customer could tell again.
    expect(before.items[2]?.words).toEqual([]);
    expect(told(await ask(alice, { subject: 'Coffee', limit: 1 }))).toHaveLength(1);
    expect(await ask(alice, { subject: 'Zeppelin' })).toEqual({ items: [], total: 0, isPartial: false });

    const opened = await alice.post<OpeningAnswer>('/v1/requests?similar=true', {
      ...{ ...story, type: 'incident', impact: 'low', urgency: 'low', customer: ada },
    });
    expect(opened.status).toBe(201);
    expect(told(opened.body.similar ?? before)).toEqual(told(before));
    const at = `/v1/requests/${noted(opened.body).number}/similar?after=${last}`;
    expect(told((await alice.get<SimilarAnswer>(at)).body)).toEqual(told(before));

    const eves = (await alice.get<RequestView>(`/v1/requests/${others}`)).body.customer.id;
    const eve = await server.as('customer', eves);
    expect(told(await ask(eve, story))).toEqual([[others, true, true]]);
    expect((await eve.get(`/v1/requests/${first}/similar`)).status).toBe(404);
    expect((await (await server.as('auditor')).get(at)).status).toBe(403);
  });

  it('are not told unless they are asked for, and the opening does not depend on it', async () => {
    const body = { ...story, type: 'incident', impact: 'low', urgency: 'low', customer: ada };
    expect((await alice.post<OpeningAnswer>('/v1/requests', body)).body.similar).toBeUndefined();
    expect((await alice.post<ProblemBody>('/v1/requests?similar=maybe', body)).body.errors?.[0]?.pointer).toBe(
      '/similar',
    );
  });
});

it('leads nobody by words to whose processing is restricted, and to their cases by number or customer', async () => {
  const story = { subject: 'Theremin out of tune', description: 'The theremin howls' };
  const number = await open({ ...story, customer: { name: 'Clara', email: 'clara@example.org' } });
  const { id } = (await alice.get<RequestView>(`/v1/requests/${number}?after=${last}`)).body.customer;
  const found = async (query: string): Promise<readonly [number, readonly string[]]> => {
    const { body } = await bob.get<SearchAnswer>(`/v1/requests?after=${last}&${query}`);
    return [body.total, body.items.map((item) => item.number)];
  };
  const similar = async (): Promise<number> =>
    (await bob.post<SimilarAnswer>('/v1/requests/similar', story)).body.total;
  const restrict = async (verb: string, body: object) => order(lead, `/v1/customers/${id}/${verb}`, body);
  const lead = await server.as('lead', 'carol');
  expect([await found('search=theremin'), await found('search=Clara'), await similar()]).toEqual([
    ...[[1, [number]], [1, [number]], 1],
  ]);
  await restrict('restrict-processing', { ground: 'objection', reason: 'told' });
  expect([await found('search=theremin'), await found('search=Clara'), await similar()]).toEqual([[0, []], [0, []], 0]);
  expect(await found(`search=theremin&customer=${id}`)).toEqual([1, [number]]);
  expect(await found(`search=${number}`)).toEqual([1, [number]]);
  await restrict('lift-restriction', { reason: 'told' });
  expect([await found('search=theremin'), await similar()]).toEqual([[1, [number]], 1]);
});

describe('drafts', () => {
  const drafts = async (who: Client, number: string): Promise<readonly DraftView[]> =>
    (await who.get<DraftsAnswer>(`/v1/requests/${number}/drafts?after=${last}`)).body.items;

  it('are shown to their writer, told of to others, and end with the answer that they become', async () => {
    const number = await open({});
    const at = `/v1/requests/${number}`;
    const before = (await alice.get<RequestView>(`${at}?after=${last}`)).body.revision;
    await order(alice, `${at}/draft`, { text: 'We come on' });
    const { revision, events } = await order(alice, `${at}/draft`, { text: 'We come on Monday' });
    expect(events).toEqual(['DraftSaved']);
    expect((await order(alice, `${at}/draft`, { text: 'We come on Monday' })).events).toEqual([]);
    await order(bob, `${at}/draft`, { text: 'Have you tried' });
    const own = { by: 'alice', own: true, revision: Number(revision), text: 'We come on Monday' };
    expect(await drafts(alice, number)).toMatchObject([{ by: 'bob', own: false }, own]);
    expect(JSON.stringify(await drafts(bob, number))).not.toContain('Monday');
    // Nobody who works on the request itself is disturbed.
    expect((await alice.get<RequestView>(at)).body.revision).toBe(before);

    const send = { draft: Number(revision) };
    expect((await bob.post<ProblemBody>(`${at}/respond`, send)).body.code).toBe('UNKNOWN_DRAFT');
    const twice = await Promise.all(
      ['a', 'b'].map((key) => alice.post(`${at}/respond`, send, { 'idempotency-key': key })),
    );
    expect(twice.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const sent = twice.find(({ status }) => status === 200);
    noted(sent?.body ?? { position: '0' });
    const { items } = (await bob.get<ConversationAnswer>(`${at}/conversation?after=${last}`)).body;
    expect(items.filter(({ kind }) => kind === 'response').map(({ text }) => text)).toEqual(['We come on Monday']);
    await eventually('the draft is over', async () => (await drafts(alice, number)).length === 1);
    expect(await drafts(bob, number)).toMatchObject([{ by: 'bob', own: true, text: 'Have you tried' }]);

    await order(bob, `${at}/discard-draft`, {});
    expect(await drafts(bob, number)).toEqual([]);
    expect((await alice.post<ProblemBody>(`${at}/respond`, { ...send, text: 'x' })).status).toBe(422);
  });

  it('can be read by nobody any more once their customer is erased', async () => {
    const number = await open({ customer: { name: 'Grace', email: 'grace@example.org' } });
    await order(alice, `/v1/requests/${number}/draft`, { text: 'Dear Grace' });
    const { customer } = (await alice.get<RequestView>(`/v1/requests/${number}?after=${last}`)).body;
    const admin = await server.as('admin');
    await order(admin, `/v1/customers/${customer.id}/erase`, { ground: 'requested' });
    await eventually('the draft is erased', async () => (await drafts(alice, number))[0]?.text === '[erased]');
    expect((await alice.post(`/v1/requests/${number}/draft`, { text: 'Dear Grace' })).status).toBe(409);
  });
});

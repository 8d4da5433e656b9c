import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { ContactIndex } from '../../libs/customers/contact-index.adapter';
import { CertificateView } from '../../libs/customers/read-models/certificate/certificate.http';
import { CustomerExportView } from '../../libs/customers/read-models/export/export.http';
import { CustomersAnswer } from '../../libs/customers/read-models/list/list.http';
import { OverviewView } from '../../libs/customers/read-models/overview/overview-view.http';
import { RetentionPreviewAnswer } from '../../libs/customers/read-models/retention/retention.http';
import { ErasureAnswer } from '../../libs/customers/commands/erase/erase.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../faults/harness/eventually';
import { Client, ProblemBody, serve, Served } from './served';

/** Customers over HTTP: who they are, what concerns them, who is the same as whom, and how they are forgotten. */
jest.setTimeout(120_000);

let server: Served;
let agent: Client;
let lead: Client;
let admin: Client;
let position = '0';

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
  lead = await server.as('lead', 'carol');
  admin = await server.as('admin');
});
afterAll(() => server.stop());

/** Looks until it is so: what processes do comes soon after what they react to. */
const becomes = <T>(look: () => Promise<T>, wanted: T): Promise<void> =>
  eventually(JSON.stringify(wanted), async () => isDeepStrictEqual(await look(), wanted));

const register = async (body: object): Promise<string> => {
  const answer = await agent.post('/v1/customers', body);
  expect(answer.status).toBe(201);
  ({ position } = answer.body);
  return answer.body.number;
};
const order = async (who: Client, id: string, verb: string, body: object) => {
  const answer = await who.post(`/v1/customers/${id}/${verb}`, body);
  expect({ verb, status: answer.status, body: answer.status === 200 ? {} : answer.body }).toEqual({
    ...{ verb, status: 200, body: {} },
  });
  ({ position } = answer.body);
  return answer.body;
};
const refusal = async (who: Client, id: string, verb: string, body: object) => {
  const { status, body: problem } = await who.post<ProblemBody>(`/v1/customers/${id}/${verb}`, body);
  return { status, code: problem.code };
};
const overview = async (id: string, who = agent): Promise<OverviewView> =>
  (await who.get<OverviewView>(`/v1/customers/${id}?after=${position}`)).body;
const open = async (id: string, subject: string, category = 'printing'): Promise<string> => {
  const facts = { subject, description: 'x', type: 'incident', impact: 'low', urgency: 'low', category };
  const { body } = await agent.post('/v1/requests', { ...facts, customer: { id } });
  ({ position } = body);
  return body.number;
};
const work = async (number: string, verb: string, body: object): Promise<void> => {
  ({ position } = (await agent.post(`/v1/requests/${number}/${verb}`, body)).body);
};

describe('a customer', () => {
  it('is registered by hand, once for each key, and found by address however it is written', async () => {
    const email = `ada.${randomUUID()}@example.org`;
    const body = { name: 'Ada Byron', email, phone: '+44 20 7946 0018', language: 'en-GB' };
    const key = { 'idempotency-key': randomUUID() };
    const first = await agent.post('/v1/customers', body, key);
    const again = await agent.post('/v1/customers', body, key);
    const { number: id } = first.body;
    expect(first.headers.get('location')).toBe(`/v1/customers/${id}`);
    expect(first.body.events).toEqual(['CustomerRegistered', 'CustomerPreferencesStated']);
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true']);
    expect((await agent.post('/v1/customers', { ...body, name: 'Eve' }, key)).status).toBe(422);
    ({ position } = first.body);
    const view = await overview(id);
    expect(view).toMatchObject({ id, requested: id, name: 'Ada Byron', kind: 'person', language: 'en-GB', merged: [] });
    expect(view.contactPoints.map(({ id: point, address }) => [point, address])).toEqual([
      ['email', email],
      ['phone', '+44 20 7946 0018'],
    ]);
    const found = async (query: string) =>
      (await agent.get<CustomersAnswer>(`/v1/customers?${query}`)).body.items.map((each) => each.id);
    await becomes(async () => await found(`email=${encodeURIComponent(email.toUpperCase())}`), [id]);
    expect(await found(`email=${email}&phone=${encodeURIComponent('0044 (20) 7946-0018')}`)).toEqual([id]);
    expect(await found(`email=${email}&phone=0555`)).toEqual([]);
    await order(agent, id, 'remove-contact-point', { contactPoint: 'email' });
    await becomes(async () => await found(`email=${email}`), []);
  });

  it('has contact points, preferences, consent, a segment and a contract, each changed at the revision that was seen', async () => {
    const id = await register({ name: 'Grace' });
    await order(agent, id, 'add-contact-point', { channel: 'chat', address: '@grace' });
    expect(await order(agent, id, 'add-contact-point', { channel: 'chat', address: ' @GRACE' })).toMatchObject({
      events: [],
    });
    const [point] = (await overview(id)).contactPoints;
    await order(agent, id, 'prefer-contact-point', { contactPoint: point?.id });
    await order(agent, id, 'state-preferences', { channel: 'chat' });
    await order(agent, id, 'give-consent', { purpose: 'newsletter', basis: 'consent', at: '2026-01-02T03:04:05Z' });
    await order(lead, id, 'segment', { segment: 'gold' });
    const contract = { reference: 'C1', level: 'premium', from: '2026-01-01T00:00:00Z', until: '2126-01-01T00:00:00Z' };
    await order(lead, id, 'agree-contract', contract);
    const seen = await overview(id);
    expect(seen).toMatchObject({
      ...{ channel: 'chat', segment: 'gold', contactPoints: [{ address: '@grace', isPreferred: true }] },
      ...{ contract: { reference: 'C1', level: 'premium', until: '2126-01-01T00:00:00.000Z' } },
      consents: [{ purpose: 'newsletter', status: 'given', basis: 'consent', since: '2026-01-02T03:04:05.000Z' }],
    });
    const path = `/v1/customers/${id}/withdraw-consent`;
    expect((await agent.post(path, { purpose: 'newsletter' }, { 'if-match': '"0"' })).status).toBe(412);
    const withdrawn = await agent.post(path, { purpose: 'newsletter' }, { 'if-match': `"${seen.revision}"` });
    expect(withdrawn.headers.get('etag')).toBe(`"${Number(seen.revision) + 1}"`);
    expect(
      await refusal(agent, id, 'give-consent', { purpose: 'x', basis: 'consent', at: '2126-01-01T00:00:00Z' }),
    ).toEqual({
      ...{ status: 422, code: 'VALIDATION_FAILED' },
    });
  });

  it('is rectified: the record shows what is right, the export both, and that it was put right', async () => {
    const id = await register({ name: 'Ada Byron', email: `x.${randomUUID()}@example.org` });
    await order(agent, id, 'rectify', {
      name: 'Ada King',
      contactPoint: { id: 'email', address: 'king@example.org' },
      reason: 'typo',
    });
    expect(await overview(id)).toMatchObject({
      ...{ name: 'Ada King', isNameRectified: true },
      contactPoints: [{ id: 'email', address: 'king@example.org', isRectified: true }],
    });
    const { text } = await lead.get(`/v1/customers/${id}/export?after=${position}`);
    for (const part of ['Ada Byron', 'Ada King', 'CustomerNameRectified']) expect(text).toContain(part);
  });

  it('belongs to an organisation, which has its people', async () => {
    const [person, organisation] = [
      await register({ name: 'Ada' }),
      await register({ name: 'Engines Ltd', kind: 'organisation' }),
    ];
    await order(agent, person, 'join-organisation', { organisation, title: 'buyer' });
    expect((await overview(person)).organisation).toEqual({ id: organisation, name: 'Engines Ltd' });
    expect((await overview(organisation)).people).toEqual({
      total: 1,
      items: [{ id: person, name: 'Ada', title: 'buyer' }],
    });
    expect(await refusal(agent, person, 'join-organisation', { organisation: randomUUID() })).toEqual({
      ...{ status: 422, code: 'NOT_AN_ORGANISATION' },
    });
    await order(agent, person, 'leave-organisation', {});
    expect((await overview(organisation)).people.total).toBe(0);
  });

  it('sees and changes nobody but themselves, and nothing of what is among the staff', async () => {
    const [id, other] = [await register({ name: 'Ada' }), await register({ name: 'Eve' })];
    await order(lead, id, 'place-legal-hold', { matter: 'A', reason: 'x' });
    const ada = await server.as('customer', id);
    await order(ada, id, 'give-consent', { purpose: 'newsletter', basis: 'consent' });
    const own = await overview(id, ada);
    expect(own).toMatchObject({ name: 'Ada', consents: [{ purpose: 'newsletter' }] });
    expect(own).not.toHaveProperty('holds');
    for (const path of ['', '/export', '/export.html', '/erasure-certificate'])
      expect((await ada.get(`/v1/customers/${other}${path}`)).status).toBe(404);
    expect(await refusal(ada, other, 'give-consent', { purpose: 'x', basis: 'consent' })).toMatchObject({
      status: 404,
    });
    expect((await overview(id, await server.as('auditor'))).name).toBe('[withheld]');
  });
});

describe('everything about a customer', () => {
  it('stands in one answer: requests, promises and last contacts, bounded and counted', async () => {
    const id = await register({ name: 'Ada' });
    const numbers: string[] = [];
    for (let index = 0; index < 22; index++) numbers.push(await open(id, `subject ${index}`));
    const [first = '', second = ''] = numbers;
    await work(first, 'respond', { text: 'we are on it' });
    await work(second, 'resolve', { code: 'fixed', resolution: 'done' });
    const ada = await server.as('customer', id);
    const exception = { kind: 'delay', what: 'A day late', why: 'Snow', customer: id };
    const { number: asked } = (await agent.post('/v1/exceptions', exception)).body;
    ({ position } = (await ada.post(`/v1/requests/${second}/feedback`, { rating: 5, text: 'Thank you' })).body);
    const { requests, promises, contacts, exceptions, feedback } = await overview(id);
    expect(requests).toMatchObject({ total: 22, open: 21 });
    expect(requests.items.map(({ number }) => number).slice(0, 2)).toEqual([second, first]);
    expect(requests.items).toHaveLength(20);
    expect(requests.items[1]).toMatchObject({ subject: 'subject 0', status: 'open', customer: id });
    expect(promises.total).toBeGreaterThanOrEqual(21);
    const due = promises.items.map(({ dueAt }) => dueAt);
    expect(due).toEqual([...due].sort());
    expect(exceptions).toMatchObject({
      total: 1,
      open: 1,
      items: [{ number: asked, kind: 'delay', what: 'A day late' }],
    });
    expect(feedback).toMatchObject({
      total: 1,
      items: [{ number: second, from: 'customer', rating: 5, text: 'Thank you' }],
    });
    // How an exception is decided is among the staff.
    expect((await overview(id, ada)).exceptions.items).toEqual([
      { number: asked, status: 'opened', kind: 'delay', openedAt: expect.any(String) },
    ]);
    expect(contacts).toMatchObject({ total: 1, items: [{ number: first, by: 'staff', revision: '1' }] });
  });
});

describe('customers who are one', () => {
  const withoutPlace = ({ position: _position, requested: _requested, ...view }: OverviewView) => view;

  it('are shown as one while they are merged, lead from the old id to the survivor, and come apart as they were', async () => {
    const [one, other] = [await register({ name: 'Ada' }), await register({ name: 'A. Byron' })];
    const [mine, theirs] = [await open(one, 'one'), await open(other, 'other')];
    const before = await overview(other);
    const answer = await order(lead, other, 'merge', { into: one, reason: 'same person' });
    expect(answer).toMatchObject({ number: other, events: ['CustomersMerged'] });
    for (const id of [one, other]) {
      const view = await overview(id);
      expect(view).toMatchObject({ id: one, requested: id, name: 'Ada', merged: [{ id: other, name: 'A. Byron' }] });
      expect(view.requests.items.map(({ number }) => number).sort()).toEqual([mine, theirs].sort());
    }
    // Work goes on, on the survivor and on what is the merged one's own.
    await work(mine, 'note', { text: 'x' });
    await order(lead, one, 'segment', { segment: 'gold' });
    const afterwards = await open(other, 'opened for the old id');
    expect((await overview(one)).requests.total).toBe(3);
    expect(await refusal(lead, one, 'merge', { into: other, reason: 'x' })).toEqual({
      status: 409,
      code: 'CUSTOMER_MERGED',
    });
    await order(lead, other, 'unmerge', { reason: 'two people' });
    const [left, right] = [await overview(one), await overview(other)];
    expect(left).toMatchObject({ id: one, merged: [], segment: 'gold', requests: { total: 1 } });
    expect(right.requests.items.map(({ number }) => number)).toEqual([afterwards, theirs]);
    const { revision: _revision, requests: _requests, promises: _promises, ...rest } = withoutPlace(right);
    expect(withoutPlace(before)).toMatchObject(rest);
  });

  it('never make a circle and never lose anybody, however many say so at once', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => register({ name: `Customer ${index}` })));
    const pairs = ids.flatMap((customer) => ids.map((into) => ({ customer, into })));
    const answers = await Promise.all(
      pairs.map(({ customer, into }) => lead.post(`/v1/customers/${customer}/merge`, { into, reason: 'same person' })),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![200, 409, 422].includes(status))).toEqual([]);
    const last = answers.filter(({ status }) => status === 200).map(({ body }) => BigInt(body.position));
    position = String(last.reduce((left, right) => (left > right ? left : right), 0n));
    const views = await Promise.all(ids.map((id) => overview(id)));
    // Every merge that was not refused joined two groups: five of them make one.
    expect(new Set(views.map(({ id }) => id)).size).toBe(1);
    expect([views[0]?.id, ...(views[0]?.merged ?? []).map(({ id }) => id)].sort()).toEqual([...ids].sort());
  });
});

const clock = {
  ...{ metric: 'resolution', start: ['opened'], stop: ['resolved', 'closed'], cancel: ['cancelled'], pause: [] },
  ...{ reopens: true, targets: { P1: { calendar: 'always', targetSeconds: 60 } } },
};

it('is merged, retention, configuration, terms or a rule set, under one key only once: the same key with another body is refused', async () => {
  await lead.post('/v1/staff/admin/register', { name: 'Admin' });
  const [one, other, third] = [
    await register({ name: 'Ada' }),
    await register({ name: 'A. Byron' }),
    await register({ name: 'Eve' }),
  ];
  const twice = async (who: Client, path: string, body: object, another: object) => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await who.post(path, body, headers);
    const again = await who.post(path, body, headers);
    const wrong = await who.post<ProblemBody>(path, another, headers);
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
    expect([wrong.status, wrong.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    ({ position } = first.body);
  };
  const merge = `/v1/customers/${other}/merge`;
  await twice(lead, merge, { into: one, reason: 'same' }, { into: third, reason: 'same' });
  await twice(lead, `/v1/customers/${other}/unmerge`, { reason: 'two' }, { reason: 'three' });
  const category = randomUUID();
  await twice(admin, '/v1/retention/set', { category, days: 9_999 }, { category, days: 1 });
  await twice(admin, '/v1/retention/withdraw', { category }, {});
  // Those have no customer whose key would seal what is compared: it is their author's.
  const products = (name: string) => ({ document: { products: { [category]: { name } } } });
  await twice(lead, '/v1/configuration/apply', products('Printer'), products('Plotter'));
  const draft = (rank: number) => ({ rank, match: { types: [category] }, clocks: [clock] });
  await twice(lead, `/v1/service-level-policies/${category}/draft`, draft(1), draft(2));
  await twice(lead, `/v1/service-level-policies/${category}/activate`, {}, { from: '2126-01-01T00:00:00Z' });
  const rule = (level: string) => ({
    ...{ when: { on: 'event', types: ['RequestHeld'] }, then: { verb: 'escalate', body: { to: level, reason: 'x' } } },
  });
  await twice(lead, `/v1/automation/rules/${category}/save`, rule('L2'), rule('L3'));
});

describe('an access export', () => {
  it('has all that concerns a person, for people and programs, without what is among the staff, and is recorded', async () => {
    const id = await register({ name: '<b>Ada</b>' });
    const number = await open(id, 'Printer <script>');
    await work(number, 'note', { text: 'STAFF-ONLY' });
    await work(number, 'escalate', { to: 'L2', reason: 'STAFF-REASON' });
    await work(number, 'respond', { text: 'we are on it' });
    await work(number, 'cancel', { reason: 'STAFF-WHY' });
    const ada = await server.as('customer', id);
    const { body, text } = await lead.get<CustomerExportView>(`/v1/customers/${id}/export?after=${position}`);
    expect(body.streams.map(({ category, key }) => [category, key])).toEqual([
      ['customer', id],
      ['request', number],
    ]);
    expect(text).toContain('we are on it');
    for (const hidden of ['STAFF', agent.id]) expect(text).not.toContain(hidden);
    expect(body.eventCount).toBe(body.streams.reduce((sum, { events }) => sum + events.length, 0));
    const page = await ada.get(`/v1/customers/${id}/export.html`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('Printer &lt;script&gt;');
    expect(page.text).not.toMatch(/<script|<b>/);
    const again = (await ada.get<CustomerExportView>(`/v1/customers/${id}/export`)).body;
    const given = async () =>
      (await lead.get<CustomerExportView>(`/v1/customers/${id}/export`)).body.streams[0]?.events.filter(
        ({ type }) => type === 'CustomerExported',
      ) ?? [];
    expect(again.customers).toEqual([id]);
    await becomes(async () => (await given()).map(({ by }) => by).slice(0, 3), ['staff', 'customer', 'customer']);
  });
});

describe('an erasure', () => {
  it('is of the whole person, is held by a hold on any of their records, and says what it did', async () => {
    const [one, other] = [await register({ name: 'Ada' }), await register({ name: 'A. Byron' })];
    const number = await open(other, 'printer');
    await order(lead, other, 'merge', { into: one, reason: 'same person' });
    await order(lead, other, 'place-legal-hold', { matter: 'lawsuit', reason: 'x' });
    for (const id of [one, other])
      expect(await refusal(lead, id, 'erase', { ground: 'requested' })).toEqual({
        ...{ status: 409, code: 'CUSTOMER_ON_LEGAL_HOLD' },
      });
    await order(lead, other, 'release-legal-hold', { matter: 'lawsuit' });
    const { body } = await lead.post<ErasureAnswer>(`/v1/customers/${other}/erase`, { ground: 'requested' });
    ({ position } = body);
    expect(body).toMatchObject({ customer: other, erased: [other, one], kept: [] });
    const view = await overview(one);
    expect(view).toMatchObject({
      name: '[erased]',
      status: 'erased',
      merged: [{ id: other, name: '[erased]', status: 'erased' }],
    });
    expect(view.requests.items).toMatchObject([{ number, subject: '[erased]' }]);
  });

  it('has a certificate that the log gives again, and that says what was erased and since when', async () => {
    const id = await register({ name: 'Ada', email: `y.${randomUUID()}@example.org` });
    const number = await open(id, 'printer');
    await work(number, 'note', { text: 'x' });
    const path = `/v1/customers/${id}/erasure-certificate`;
    expect((await lead.get(path)).status).toBe(404);
    const { body: erased } = await lead.post<ErasureAnswer>(`/v1/customers/${id}/erase`, { ground: 'requested' });
    const certificate = async () => (await lead.get<CertificateView>(`${path}?after=${erased.position}`)).body;
    await becomes(async () => (await certificate()).isVerified, true);
    const issued = await certificate();
    expect(issued).toMatchObject({
      ...{ customer: id, ground: 'requested', requestedBy: lead.id, keyDestroyedAt: erased.keyDestroyedAt },
      // Name and address; subject, description and note.
      ...{ streamCount: 2, eventCount: 5, textCount: 5, recorded: { digest: issued.digest } },
      streams: [
        { stream: `customer-${id}`, events: 3, texts: 2 },
        { stream: `request-${number}`, events: 2, texts: 3 },
      ],
    });
    // What comes later changes nothing of it.
    await work(number, 'assign', { team: 'billing' });
    await agent.get(`/v1/requests/${number}?after=${position}`);
    expect((await certificate()).digest).toBe(issued.digest);
  });
});

describe('retention', () => {
  const preview = async (query = '') =>
    (await lead.get<RetentionPreviewAnswer>(`/v1/retention/preview?limit=500&after=${position}${query}`)).body;

  it('erases whose cases have all ended for as long as the rule says, after it was shown who that is; a hold keeps', async () => {
    const category = `c${randomUUID().slice(0, 8)}`;
    const [over, busy, held, limited] = [
      await register({ name: 'Over' }),
      await register({ name: 'Busy' }),
      await register({ name: 'Held' }),
      await register({ name: 'Limited' }),
    ];
    for (const id of [over, busy, held, limited]) await work(await open(id, 'x', category), 'cancel', { reason: 'x' });
    await open(busy, 'still open', category);
    await order(lead, held, 'place-legal-hold', { matter: 'A', reason: 'x' });
    await order(lead, limited, 'restrict-processing', { ground: 'objection', reason: 'x' });
    expect((await overview(limited)).restriction).toMatchObject({ ground: 'objection' });
    const of = ({ items }: RetentionPreviewAnswer) => items.map(({ customer, isHeld }) => [customer, isHeld]).sort();
    expect(of(await preview())).toEqual([]);
    expect(of(await preview(`&category=${category}&days=1`))).toEqual([]);
    const due = await preview(`&category=${category}&days=0`);
    expect(of(due)).toEqual(
      [
        [over, false],
        [held, true],
        [limited, true],
      ].sort(),
    );
    expect(due.total).toBe(3);
    const set = await admin.post('/v1/retention/set', { category, days: 0 });
    expect(set.body.events).toEqual(['RetentionRuleSet']);
    const statusOf = async (id: string) => (await agent.get<OverviewView>(`/v1/customers/${id}`)).body.status;
    await becomes(async () => await statusOf(over), 'erased');
    expect(await Promise.all([busy, held, limited].map(statusOf))).toEqual(['active', 'active', 'active']);
    await order(lead, limited, 'lift-restriction', { reason: 'told' });
    expect((await overview(limited)).restriction).toBeNull();
    const certificate = await lead.get<CertificateView>(`/v1/customers/${over}/erasure-certificate`);
    expect(certificate.body).toMatchObject({ ground: 'retention', requestedBy: 'keep-retention' });
    ({ position } = (await admin.post('/v1/retention/withdraw', { category })).body);
    expect((await lead.get(`/v1/retention?after=${position}`)).body).toMatchObject({ rules: [] });
  });

  it('never takes a request’s customer whom nobody has a rule for', async () => {
    const id = await register({ name: 'Kept' });
    const number = await open(id, 'x', 'no rule for this');
    await work(number, 'cancel', { reason: 'x' });
    expect((await preview()).total).toBe(0);
    expect((await agent.get<RequestView>(`/v1/requests/${number}`)).body.subject).toBe('x');
  });
});

it('finds by address whoever an index of an earlier version knew, also once several share it', () =>
  server.beside(async ({ pool, keys, numberKey }) => {
    const schema = `earlier_${randomUUID().slice(0, 8)}`;
    await pool.query(`create schema ${schema}`);
    const { password } = pool.options;
    const earlier = new Pool({ ...pool.options, password, options: `-c search_path=${schema}` });
    try {
      const [first, second] = [randomUUID(), randomUUID()];
      const address = { channel: 'email', address: 'shared@example.org' } as const;
      const index = new ContactIndex(earlier, keys, numberKey);
      await index.prepare();
      await index.add(first, [address]);
      // As the first version had it: an address was one customer's, and nobody knew since when.
      await earlier.query(`alter table customer_contact drop column since, drop constraint customer_contact_pkey`);
      await earlier.query('alter table customer_contact add primary key (token)');
      await expect(index.add(second, [address]).then(() => index.find(address))).rejects.toThrow('since');
      // Several processes start at once.
      await Promise.all([index.prepare(), new ContactIndex(earlier, keys, numberKey).prepare()]);
      await index.add(second, [address]);
      expect(await index.find(address)).toEqual([first, second]);
    } finally {
      await earlier.end();
      await pool.query(`drop schema ${schema} cascade`);
    }
  }));

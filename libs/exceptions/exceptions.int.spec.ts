import { Client, ProblemBody, serve, Served } from '../../test/e2e/served';
import { eventually } from '../../test/faults/harness/eventually';
import { runCommandLine } from '../../apps/cli/cli';
import { ExceptionPage } from './read-models/exception/exception.http';
import { ExceptionView } from './read-models/exception/exception-view.http';
import { ExceptionHistory } from './read-models/history/exception-history.http';

/** An exception from opening to feedback, as its callers see it over HTTP. The tests of one block go on from each other. */
jest.setTimeout(60_000);

const begin = Date.UTC(2026, 0, 5, 9);
const day = 86_400_000;
const iso = (days: number): string => new Date(begin + days * day).toISOString();

let now = begin;
let server: Served;
let alice: Client;
let bob: Client;
let carol: Client;
let lena: Client;
let customer: Client;
let request: string;
let position = '0';

const casefold = async (line: string): Promise<string> => {
  let out = '';
  await runCommandLine(line.split(' '), {
    terminal: { out: (text) => void (out += text), note: () => undefined, isWatched: false },
    environment: { CASEFOLD_DATA: server.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  return out;
};

beforeAll(async () => {
  server = await serve(() => new Date(now));
  alice = await server.as('agent', 'alice');
  bob = await server.as('agent', 'bob');
  carol = await server.as('lead', 'carol');
  await casefold('token --role lead --as lena');
  lena = await server.as('lead', 'lena');
  const opening = { subject: 'x', description: 'y', type: 'incident', impact: 'high', urgency: 'low' };
  const opened = await alice.post('/v1/requests', { ...opening, customer: { name: 'Ada' } });
  request = opened.body.number;
  const { body } = await alice.get<{ customer: { id: string } }>(
    `/v1/requests/${request}?after=${opened.body.position}`,
  );
  customer = await server.as('customer', body.customer.id);
});
afterAll(() => server.stop());

const after = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}after=${position}`;
const ask = async (facts: object = {}): Promise<string> => {
  const body = { kind: 'service-level', category: 'delivery', what: 'ZZQ-what', why: 'ZZQ-why', requests: [request] };
  const answer = await alice.post('/v1/exceptions', { ...body, ...facts });
  expect(answer).toMatchObject({ status: 201, body: { revision: '0', events: ['ExceptionOpened'] } });
  ({ position } = answer.body);
  return answer.body.number;
};
const order = async (who: Client, number: string, verb: string, body: object = {}): Promise<readonly string[]> => {
  const answer = await who.post<{ events: string[]; position: string; code?: string }>(
    `/v1/exceptions/${number}/${verb}`,
    body,
  );
  if (answer.status !== 200) return [String(answer.status), answer.body.code ?? ''];
  ({ position } = answer.body);
  return answer.body.events;
};
const view = async (number: string, who = alice): Promise<ExceptionView> =>
  (await who.get<ExceptionView>(after(`/v1/exceptions/${number}`))).body;
const types = async (number: string): Promise<readonly string[]> =>
  (await alice.get<ExceptionHistory>(after(`/v1/exceptions/${number}/history`))).body.events.map(({ type }) => type);
const approveTwice = async (number: string): Promise<void> => {
  expect(await order(carol, number, 'approve')).toEqual(['ExceptionApprovalGiven']);
  expect(await order(lena, number, 'approve')).toEqual(['ExceptionApprovalGiven', 'ExceptionApproved']);
};
const grave = { severity: 'high', impact: 'medium', reasoning: 'A week late' };

describe('an exception', () => {
  let number: string;

  it('is opened once under a number of its own, for the customer of its request', async () => {
    const body = { kind: 'service-level', category: 'delivery', what: 'ZZQ-what', why: 'ZZQ-why', requests: [request] };
    const facts = { ...body, owner: 'bob', dueAt: iso(20), until: iso(30) };
    const key = { 'idempotency-key': 'one' };
    const first = await alice.post('/v1/exceptions', facts, key);
    const again = await alice.post('/v1/exceptions', facts, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    ({ number, position } = first.body);
    expect(number).toMatch(/^CER(-[0-9A-HJKMNP-TV-Z]{3}){3}$/);
    expect(first.headers.get('location')).toBe(`/v1/exceptions/${number}`);
    expect(await view(number)).toMatchObject({
      ...{ number, status: 'opened', kind: 'service-level', requests: [request], customer: customer.id },
      ...{ what: 'ZZQ-what', owner: { handle: 'bob' }, openedBy: { handle: 'alice' }, assessment: null },
      recurrence: { total: 0, items: [] },
    });
  });

  it('is refused without a customer, for a request that is not there, and for an end that is over', async () => {
    const facts = { kind: 'x', what: 'x', why: 'x' };
    const refusals = await Promise.all(
      [{}, { requests: ['CSR-000-000-000'] }, { requests: [request], until: iso(-1) }].map((more) =>
        alice.post<ProblemBody>('/v1/exceptions', { ...facts, ...more }),
      ),
    );
    expect(refusals.map(({ status, body }) => [status, body.code, body.errors?.[0]?.pointer])).toEqual([
      [422, 'CUSTOMER_REQUIRED', '/customer'],
      [422, 'UNKNOWN_REQUEST', '/requests/0'],
      [422, 'VALIDITY_OVER', '/until'],
    ]);
  });

  it('is assessed before anybody decides on it: severity and impact make the class', async () => {
    expect(await order(carol, number, 'approve')).toEqual(['409', 'EXCEPTION_NOT_ASSESSED']);
    expect(await order(alice, number, 'assess', { reasoning: 'x' })).toEqual(['422', 'VALIDATION_FAILED']);
    expect(await order(alice, number, 'assess', grave)).toEqual(['ExceptionAssessed']);
    expect(await view(number)).toMatchObject({ status: 'assessed', assessment: { class: 'E2' } });
  });

  it('takes four eyes, of which none are those who opened or own it', async () => {
    expect(await order(bob, number, 'approve')).toEqual(['409', 'AUTHORITY_NEEDED']);
    const aliceAsLead = await server.as('lead', 'alice');
    expect(await order(aliceAsLead, number, 'approve')).toEqual(['409', 'FOUR_EYES_OWN']);
    expect(await order(carol, number, 'approve')).toEqual(['ExceptionApprovalGiven']);
    expect(await order(carol, number, 'approve')).toEqual([]);
    expect(await order(carol, number, 'delegate', { to: 'lena' })).toEqual(['ExceptionApprovalDelegated']);
    expect(await order(lena, number, 'approve', { behalfOf: 'carol' })).toEqual(['409', 'FOUR_EYES_SAME']);
    expect(await order(lena, number, 'approve')).toEqual(['ExceptionApprovalGiven', 'ExceptionApproved']);
    expect(await view(number)).toMatchObject({
      ...{ status: 'approved', validUntil: iso(30), approvals: [] },
      granted: [{ by: { handle: 'carol' } }, { by: { handle: 'lena' } }],
    });
  });

  it('no longer holds once it is amended or an approval is withdrawn', async () => {
    expect(await order(alice, number, 'amend', { cause: 'supplier' })).toEqual(['ExceptionAmended']);
    expect(await view(number)).toMatchObject({ status: 'opened', granted: [], approvals: [], validUntil: null });
    await order(alice, number, 'assess', grave);
    await approveTwice(number);
    expect(await order(lena, number, 'withdraw-approval', { reason: 'x' })).toEqual(['ExceptionApprovalWithdrawn']);
    expect(await view(number)).toMatchObject({
      status: 'assessed',
      granted: [],
      approvals: [{ by: { handle: 'carol' } }],
    });
    expect(await order(lena, number, 'approve')).toEqual(['ExceptionApprovalGiven', 'ExceptionApproved']);
  });

  it('has corrective actions that another verifies, and a customer who is told', async () => {
    expect(await order(alice, number, 'plan-action', { text: 'ZZQ-plan', responsible: 'bob' })).toHaveLength(1);
    expect(await order(bob, number, 'complete-action', { action: 1, text: 'done' })).toHaveLength(1);
    const effective = { action: 1, text: 'seen', effective: true };
    expect(await order(bob, number, 'verify-action', effective)).toEqual(['409', 'FOUR_EYES_OWN']);
    expect(await order(carol, number, 'close', { prevention: 'x' })).toEqual(['409', 'ACTION_NOT_VERIFIED']);
    expect(await order(alice, number, 'verify-action', effective)).toEqual(['ExceptionActionVerified']);
    expect(await order(alice, number, 'close', { prevention: 'x' })).toEqual(['409', 'CUSTOMER_NOT_INFORMED']);
    expect(await order(alice, number, 'inform', { channel: 'phone', text: 'ZZQ-told' })).toHaveLength(1);
  });

  it('shows its customer what they were told and how it stands, and nothing of what is among the staff', async () => {
    const { status, body, text } = await customer.get<ExceptionView>(after(`/v1/exceptions/${number}`));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { number, status: 'approved', notices: [{ channel: 'phone', text: 'ZZQ-told' }] },
    });
    for (const word of ['ZZQ-what', 'ZZQ-why', 'ZZQ-plan', carol.id, 'E2', 'alice']) expect(text).not.toContain(word);
    const stranger = await server.as('customer', '00000000-0000-4000-8000-000000000000');
    expect((await stranger.get(after(`/v1/exceptions/${number}`))).status).toBe(404);
    expect((await stranger.post(`/v1/exceptions/${number}/feedback`, { rating: 1 })).status).toBe(404);
    const auditor = await server.as('auditor');
    expect((await auditor.get(after(`/v1/exceptions/${number}`))).text).not.toContain('ZZQ-');
  });

  it('is overdue and expires by itself, each dated at its instant and told once; renewed it holds on', async () => {
    now = begin + 31 * day;
    await eventually('it has expired', async () => (await view(number)).status === 'expired');
    const { body } = await alice.get<ExceptionHistory>(after(`/v1/exceptions/${number}/history`));
    const told = body.events.filter(({ type }) => /Overdue|Expired/.test(type));
    expect(told.map(({ type, occurredAt, recordedAt }) => [type, occurredAt, recordedAt])).toEqual([
      ['ExceptionOverdue', iso(20), iso(31)],
      ['ExceptionExpired', iso(30), iso(31)],
    ]);
    expect(await order(bob, number, 'renew', { until: iso(60), reason: 'x' })).toEqual(['ExceptionRenewalRequested']);
    await approveTwice(number);
    expect(await view(number)).toMatchObject({ status: 'approved', validUntil: iso(60), approvalCount: 4 });
  });

  it('is closed with advice on prevention, and takes feedback afterwards', async () => {
    expect(await order(customer, number, 'feedback', { rating: 4 })).toEqual(['409', 'EXCEPTION_NOT_OVER']);
    expect(await order(alice, number, 'close', { prevention: 'Keep two suppliers' })).toEqual(['ExceptionClosed']);
    expect(await order(customer, number, 'feedback', { rating: 4, text: 'In time' })).toEqual([
      'ExceptionFeedbackGiven',
    ]);
    expect(await view(number)).toMatchObject({
      ...{ status: 'closed', prevention: 'Keep two suppliers', feedbackCount: 1 },
      feedback: [{ from: 'customer', rating: 4, text: 'In time' }],
    });
  });

  it('is told by replay from the log, and verified like every stream', async () => {
    const told = await casefold(`replay ${number.toLowerCase().replaceAll('-', '')}`);
    expect(told).toContain(`${number} · `);
    expect(told).toMatch(/ExceptionApproved +lena/);
    expect(told).toContain('→ closed');
    const [first] = (await types(number)).slice(-2);
    expect(told).toContain(first);
  });
});

describe('others like it', () => {
  it('are found when one is about to be opened, in the view, in lists and with the request', async () => {
    const needless = await ask({ category: 'delivery', cause: 'supplier' });
    expect(await order(alice, needless, 'assess', { needed: false, reasoning: 'Within the tolerance' })).toEqual([
      'ExceptionFoundUnneeded',
    ]);
    now += 1_000;
    const other = await ask({ kind: 'contract', category: 'billing' });
    const similar = (
      await alice.get<ExceptionPage>(after('/v1/exceptions/recurrence?kind=service-level&cause=supplier'))
    ).body;
    expect(similar).toMatchObject({
      total: 2,
      items: [{ number: needless, status: 'unneeded' }, { status: 'closed' }],
    });
    expect((await view(needless)).recurrence).toMatchObject({ total: 1, items: [{ status: 'closed' }] });
    expect((await view(other)).recurrence).toMatchObject({ total: 0 });
    const list = async (query: string, who = alice): Promise<ExceptionPage> =>
      (await who.get<ExceptionPage>(after(query))).body;
    expect(await list('/v1/exceptions?limit=1')).toMatchObject({ total: 3, items: [{ number: other }], nextOffset: 1 });
    expect(await list('/v1/exceptions?status=unneeded,opened&kind=service-level')).toMatchObject({ total: 1 });
    expect(await list('/v1/exceptions?owner=bob')).toMatchObject({ total: 1 });
    expect(await list(`/v1/requests/${request}/exceptions`)).toMatchObject({ total: 3 });
    const nobodys = await alice.get<ProblemBody>(after('/v1/exceptions?owner=nobody'));
    expect(nobodys.body).toMatchObject({ code: 'UNKNOWN_STAFF', errors: [{ pointer: '/owner' }] });
    const theirs = await list(`/v1/requests/${request}/exceptions`, customer);
    expect(theirs).toMatchObject({ total: 3 });
    expect(theirs.items[0]).not.toHaveProperty('owner');
    const nobody = await server.as('customer', '00000000-0000-4000-8000-000000000000');
    expect((await nobody.get(after(`/v1/requests/${request}/exceptions`))).status).toBe(404);
  });
});

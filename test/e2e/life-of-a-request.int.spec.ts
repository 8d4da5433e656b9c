import { randomUUID } from 'node:crypto';
import { AccountabilityView } from '../../libs/requests/read-models/accountability/accountability-view.http';
import { HistoryAnswer } from '../../libs/requests/read-models/history/history.http';
import { QueueAnswer } from '../../libs/requests/read-models/queue/queue.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { SearchAnswer } from '../../libs/requests/read-models/search/search-answer.http';
import { ServiceLevelsAnswer } from '../../libs/requests/read-models/service-levels/service-levels.http';
import { Client, ProblemBody, serve, Served } from './served';

/** A request from opening to replay, as its callers see it over HTTP. Read from top to bottom: each step goes on from the last. */
jest.setTimeout(60_000);

let server: Served;
let alice: Client;
let bob: Client;
let lead: Client;
let auditor: Client;
let reporter: Client;

beforeAll(async () => {
  server = await serve();
  alice = await server.as('agent', 'alice');
  bob = await server.as('agent', 'bob');
  lead = await server.as('lead', 'carol');
  auditor = await server.as('auditor');
  reporter = await server.as('reporter');
});
afterAll(() => server.stop());

const printerOnFire = {
  subject: 'Printer on fire',
  description: 'Smoke from tray 2',
  type: 'incident',
  impact: 'medium',
  urgency: 'high',
  customer: { name: 'Ada Byron', email: 'ada@example.org', phone: '+44 20 7946 0000' },
};
const openingKey = { 'idempotency-key': 'ada-called-at-nine' };

/** Everything that reads waits for this position, so that it sees what the last command did. */
let position = '0';
let number = '';
let at = '';

const order = async (who: Client, verb: string, body: object, headers: Record<string, string> = {}) => {
  const answer = await who.post(`${at}/${verb}`, body, headers);
  if (answer.status === 200) position = answer.body.position;
  return answer;
};
const after = (path: string) => `${path}${path.includes('?') ? '&' : '?'}after=${position}`;
const request = async (who = alice) => (await who.get<RequestView>(after(at))).body;
const history = async (who = alice) => (await who.get<HistoryAnswer>(after(`${at}/history`))).body;
const sum = (parts: readonly { readonly seconds: number }[]) =>
  parts.reduce((total, { seconds }) => total + seconds, 0);

describe('a request', () => {
  it('is opened by an agent for somebody who is not known yet, and gets a number and a place to be found at', async () => {
    const opened = await alice.post('/v1/requests', printerOnFire, openingKey);
    expect(opened.status).toBe(201);
    ({ number, position } = opened.body);
    at = `/v1/requests/${number}`;
    expect(number).toMatch(/^CSR(-[0-9A-HJKMNP-TV-Z]{3}){3}$/);
    expect(opened.body).toEqual({ number, revision: '0', position, events: ['RequestOpened'] });
    expect(opened.headers.get('location')).toBe(at);
    expect(opened.headers.get('etag')).toBe('"0"');
    expect(opened.headers.get('idempotency-replayed')).toBeNull();
  });

  it('is not opened twice by a retry: the same key and body answer as the first time', async () => {
    const again = await alice.post('/v1/requests', printerOnFire, openingKey);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual({ number, revision: '0', position, events: ['RequestOpened'] });
    expect(again.headers.get('location')).toBe(at);
  });

  it('does not take the key for another body, and another caller may use the same key for a request of theirs', async () => {
    const other = { ...printerOnFire, subject: 'Printer drowned' };
    const reused = await alice.post<ProblemBody>('/v1/requests', other, openingKey);
    expect({ status: reused.status, code: reused.body.code }).toEqual({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    const elsewhere = await bob.post('/v1/requests', { ...other, customer: { name: 'Grace' } }, openingKey);
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.body.number).not.toBe(number);
  });

  it('can be read at once by whoever waits for the position that the command gave', async () => {
    const answer = await alice.get<RequestView>(after(at));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe('"0"');
    expect(BigInt(answer.headers.get('casefold-position') ?? -1)).toBeGreaterThanOrEqual(BigInt(position));
    expect(answer.headers.get('casefold-stale')).toBeNull();
    expect(answer.body).toMatchObject({
      ...{ number, revision: '0', status: 'open', type: 'incident', priority: 'P2', level: 'L1' },
      ...{ subject: 'Printer on fire', description: 'Smoke from tray 2', team: null, assignee: null, hold: null },
      customer: { name: 'Ada Byron', email: 'ada@example.org', phone: '+44 20 7946 0000' },
    });
  });

  it('is found under its number however it was typed, and a slip of the finger is told', async () => {
    const typed = number.toLowerCase().replaceAll('-', ' ');
    expect((await alice.get<RequestView>(after(`/v1/requests/${encodeURIComponent(typed)}`))).body.number).toBe(number);
    const found = await alice.get<SearchAnswer>(after(`/v1/requests?search=${encodeURIComponent(typed)}`));
    expect(found.body.items.map((each) => each.number)).toEqual([number]);
    const slip = `${number.slice(0, 5)}${number[5] === '7' ? '8' : '7'}${number.slice(6)}`;
    const missed = await alice.get<ProblemBody & { didYouMean: string[] }>(after(`/v1/requests/${slip}`));
    expect({ status: missed.status, code: missed.body.code }).toEqual({ status: 404, code: 'NOT_FOUND' });
    expect(missed.body.didYouMean).toContain(number);
  });

  it('is classified: impact and urgency make the priority', async () => {
    const classified = await order(alice, 'classify', { category: 'hardware', product: 'LaserJet 4', impact: 'high' });
    expect(classified.body).toMatchObject({ number, revision: '1', events: ['RequestClassified'] });
    expect(await request()).toMatchObject({ category: 'hardware', product: 'LaserJet 4', priority: 'P1' });
    const same = await order(alice, 'classify', { category: 'hardware' });
    expect({ status: same.status, body: same.body }).toMatchObject({
      status: 200,
      body: { revision: '1', events: [] },
    });
  });

  it('is assigned to a team and one of its people, by handle; whom nobody knows is refused', async () => {
    const assigned = await order(alice, 'assign', { team: 'support', assignee: 'bob' });
    expect(assigned.body.events).toEqual(['RequestAssigned']);
    expect(assigned.headers.get('etag')).toBe('"2"');
    expect(await request()).toMatchObject({ team: 'support', assignee: 'bob', assigneeId: bob.id });
    const nobody = await alice.post<ProblemBody>(`${at}/assign`, { team: 'support', assignee: 'nobody' });
    expect(nobody.status).toBe(422);
    expect(nobody.body).toMatchObject({ code: 'UNKNOWN_STAFF', errors: [{ pointer: '/assignee' }] });
  });

  it('is escalated upwards only', async () => {
    expect((await order(bob, 'escalate', { to: 'L2', reason: 'needs a specialist' })).body.events).toEqual([
      'RequestEscalated',
    ]);
    const down = await bob.post<ProblemBody>(`${at}/escalate`, { to: 'L1', reason: 'was easy' });
    expect({ status: down.status, code: down.body.code }).toEqual({ status: 409, code: 'ESCALATION_NOT_UPWARD' });
  });

  it('is protected from a decision that rests on an old state', async () => {
    const stale = await bob.post<ProblemBody>(`${at}/escalate`, { to: 'L3', reason: 'late' }, { 'if-match': '"1"' });
    expect({ status: stale.status, code: stale.body.code }).toEqual({ status: 412, code: 'REVISION_MISMATCH' });
    expect(stale.headers.get('etag')).toBe('"3"');
    const fresh = await order(bob, 'note', { text: 'the fuser is molten' }, { 'if-match': '"3"' });
    expect({ status: fresh.status, revision: fresh.body.revision }).toEqual({ status: 200, revision: '4' });
  });

  it('stands in the queue by the instant at which something is due', async () => {
    const queue = await lead.get<QueueAnswer>(after('/v1/queue?team=support&assignee=bob'));
    expect(queue.body).toMatchObject({ total: 1, nextCursor: null });
    expect(queue.body.items).toHaveLength(1);
    expect(queue.body.items[0]).toMatchObject({ number, subject: 'Printer on fire', priority: 'P1', level: 'L2' });
    const { clocks } = (await lead.get<ServiceLevelsAnswer>(after(`${at}/service-levels`))).body;
    const due = clocks.flatMap(({ dueAt, status }) => (status === 'running' && dueAt ? [dueAt] : [])).sort();
    expect(queue.body.items[0]?.dueAt).toBe(due[0]);
    const whole = await lead.get<QueueAnswer>(after('/v1/queue'));
    const dues = whole.body.items.map(({ dueAt, number: of }) => `${dueAt ?? 'never'} ${of}`);
    expect(dues).toEqual([...dues].sort());
    const first = await lead.get<QueueAnswer>(after('/v1/queue?limit=1'));
    const next = await lead.get<QueueAnswer>(after(`/v1/queue?limit=1&cursor=${first.body.nextCursor}`));
    expect([...first.body.items, ...next.body.items].map((item) => item.number)).toEqual(
      whole.body.items.map((item) => item.number),
    );
  });

  it('waits on hold for somebody, and its resolution clock stands still meanwhile', async () => {
    await order(bob, 'hold', { reason: 'photo asked for', waitingFor: 'customer', until: '2199-01-31T10:00:00+01:00' });
    expect(await request()).toMatchObject({
      status: 'held',
      hold: { waitingFor: 'customer', until: '2199-01-31T09:00:00.000Z', reason: 'photo asked for' },
    });
    const { clocks } = (await alice.get<ServiceLevelsAnswer>(after(`${at}/service-levels`))).body;
    expect(clocks.find(({ metric }) => metric === 'resolution')).toMatchObject({ status: 'paused', dueAt: null });
    const twice = await bob.post<ProblemBody>(`${at}/hold`, { reason: 'part ordered', waitingFor: 'supplier' });
    expect({ status: twice.status, code: twice.body.code }).toEqual({ status: 409, code: 'REQUEST_ON_HOLD' });
  });

  it('is resumed and answered, which fulfils the first response', async () => {
    expect((await order(bob, 'resume', {})).body.events).toEqual(['RequestResumed']);
    expect((await order(bob, 'respond', { text: 'A new fuser is on its way.' })).body.events).toEqual([
      'RequestResponded',
    ]);
    const { clocks } = (await alice.get<ServiceLevelsAnswer>(after(`${at}/service-levels`))).body;
    const responded = clocks.find(({ metric }) => metric !== 'resolution');
    expect(responded).toMatchObject({ cycle: 1, status: 'met', fulfilledAt: expect.any(String) });
    expect(clocks.find(({ metric }) => metric === 'resolution')).toMatchObject({ status: 'running' });
  });

  it('is read and answered by the customer whose it is, who learns nothing that is among the staff', async () => {
    const ada = await server.as('customer', (await request()).customer.id);
    expect((await order(ada, 'respond', { text: 'It smokes again!' })).status).toBe(200);
    const seen = await request(ada);
    expect(seen).toMatchObject({ number, subject: 'Printer on fire', team: 'support', responseCount: 2 });
    for (const secret of ['assignee', 'assigneeId', 'level', 'noteCount']) expect(seen).not.toHaveProperty(secret);
    const { events } = await history(ada);
    expect(events.map(({ type }) => type)).toEqual([
      'RequestOpened',
      'RequestClassified',
      'RequestHeld',
      'RequestResumed',
      'RequestResponded',
      'RequestResponded',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/molten|specialist|photo asked for/);
    const stranger = await server.as('customer', randomUUID());
    expect((await stranger.get(after(at))).status).toBe(404);
  });

  it('is resolved, closed and taken up again', async () => {
    await order(bob, 'resolve', { code: 'fixed', resolution: 'Fuser replaced' });
    expect(await request()).toMatchObject({
      status: 'resolved',
      resolution: { code: 'fixed', text: 'Fuser replaced' },
    });
    expect((await order(lead, 'close', {})).body.events).toEqual(['RequestClosed']);
    expect((await order(lead, 'close', {})).body.events).toEqual([]);
    const late = await bob.post<ProblemBody>(`${at}/respond`, { text: 'One more thing' });
    expect({ status: late.status, code: late.body.code }).toEqual({ status: 409, code: 'REQUEST_NOT_OPEN' });
    expect((await order(bob, 'reopen', { reason: 'still smoking' })).body.events).toEqual(['RequestReopened']);
    expect(await request()).toMatchObject({ status: 'open', reopenedCount: 1, resolution: null, closedAt: null });
  });

  it('is corrected without being edited: the right value holds, and both stay in the history', async () => {
    const corrected = await order(bob, 'correct', { revision: 0, reason: 'misheard', subject: 'Plotter on fire' });
    expect(corrected.body.events).toEqual(['RequestCorrected']);
    expect(await request()).toMatchObject({ subject: 'Plotter on fire', description: 'Smoke from tray 2' });
    const { events } = await history();
    const opening = events[0];
    const correction = events.find(({ type }) => type === 'RequestCorrected');
    expect(opening).toMatchObject({ data: { subject: 'Printer on fire' }, correctedBy: [correction?.revision] });
    expect(correction).toMatchObject({
      ...{ corrects: '0', reason: 'misheard', replaced: { subject: 'Printer on fire' } },
      data: { values: { subject: 'Plotter on fire' } },
    });
    const queue = await lead.get<QueueAnswer>(after('/v1/queue?assignee=bob'));
    expect(queue.body.items[0]?.subject).toBe('Plotter on fire');
  });

  it('has one text made unreadable for ever by a lead, and only that one', async () => {
    const note = (await history()).events.find(({ type }) => type === 'RequestNoted');
    const refused = await bob.post<ProblemBody>(`${at}/redact`, { revision: 4, reason: 'a name in it' });
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 403, code: 'FORBIDDEN' });
    await order(lead, 'redact', { revision: Number(note?.revision), reason: 'a name in it' });
    const { events } = await history();
    expect(events[Number(note?.revision)]?.data).toEqual({ text: '[redacted]' });
    expect(events[0]?.data).toMatchObject({ subject: 'Printer on fire', description: 'Smoke from tray 2' });
    expect(JSON.stringify(events)).not.toContain('molten');
  });

  it('accounts for every second of its life: spans touch, and each list of totals adds up to the lifetime', async () => {
    await order(bob, 'resolve', { code: 'fixed', resolution: 'Plotter replaced' });
    await order(lead, 'close', {});
    const answer = await auditor.get<AccountabilityView>(after(`${at}/accountability`));
    const { spans, lifetimeSeconds, openedAt, until, byTeam, byAssignee, byStage, byBall, ended } = answer.body;
    expect(ended).toBe(true);
    for (const parts of [spans, byTeam, byAssignee, byStage, byBall]) expect(sum(parts)).toBe(lifetimeSeconds);
    expect(spans[0]?.from).toBe(openedAt);
    expect(spans.at(-1)?.to).toBe(until);
    expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to));
    expect(spans.map(({ stage, team, assignee, level }) => [stage, team, assignee, level])).toEqual([
      ['open', null, null, 'L1'],
      ['open', 'support', 'bob', 'L1'],
      ['open', 'support', 'bob', 'L2'],
      ['held', 'support', 'bob', 'L2'],
      ['open', 'support', 'bob', 'L2'],
      ['resolved', 'support', 'bob', 'L2'],
      ['closed', 'support', 'bob', 'L2'],
      ['open', 'support', 'bob', 'L2'],
      ['resolved', 'support', 'bob', 'L2'],
      ['closed', 'support', 'bob', 'L2'],
    ]);
  });

  it('is replayed by an auditor: every event in order, with its actor and its place in the chain, texts withheld', async () => {
    const { events, revision, nextCursor } = await history(auditor);
    expect({ revision, nextCursor }).toEqual({ revision: String(events.length - 1), nextCursor: null });
    expect(events.map(({ revision: each, type, actor }) => [each, type, actor.handle])).toEqual([
      ['0', 'RequestOpened', 'alice'],
      ['1', 'RequestClassified', 'alice'],
      ['2', 'RequestAssigned', 'alice'],
      ['3', 'RequestEscalated', 'bob'],
      ['4', 'RequestNoted', 'bob'],
      ['5', 'RequestHeld', 'bob'],
      ['6', 'RequestResumed', 'bob'],
      ['7', 'RequestResponded', 'bob'],
      ['8', 'RequestResponded', null],
      ['9', 'RequestResolved', 'bob'],
      ['10', 'RequestClosed', 'carol'],
      ['11', 'RequestReopened', 'bob'],
      ['12', 'RequestCorrected', 'bob'],
      ['13', 'RequestTextRedacted', 'carol'],
      ['14', 'RequestResolved', 'bob'],
      ['15', 'RequestClosed', 'carol'],
    ]);
    expect(new Set(events.map(({ hash }) => hash)).size).toBe(events.length);
    expect(events[0]?.data).toMatchObject({ subject: '[withheld]', priority: 'P2', contact: { name: '[withheld]' } });
    const sequences = events.map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual([...sequences].sort((left, right) => left - right));
    const pages = await auditor.get<HistoryAnswer>(after(`${at}/history?limit=3&cursor=13`));
    expect(pages.body.events.map((event) => event.revision)).toEqual(['14', '15']);
  });

  it('comes by in the change feed, in the order of the log', async () => {
    const feed = await reporter.get(after('/v1/events').replace(/after=.*/, 'after=0'));
    expect(feed.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const lines = feed.text
      .trim()
      .split('\n')
      .map((line): { number?: string; type: string; position: string; sequence: string } => JSON.parse(line));
    expect(lines.filter((line) => line.number === number).map(({ type }) => type)).toEqual(
      (await history()).events.map(({ type }) => type),
    );
    expect(lines.map(({ sequence }) => Number(sequence))).toEqual(
      lines.map((_, index) => Number(lines[0]?.sequence) + index),
    );
    const middle = lines[Math.floor(lines.length / 2)];
    const rest = await reporter.get(`/v1/events?after=${middle?.position}`);
    expect(rest.text.trim().split('\n')).toHaveLength(lines.length - 1 - Math.floor(lines.length / 2));
  });

  it('that needs no work is cancelled, and stays so', async () => {
    const opened = await bob.post('/v1/requests', { ...printerOnFire, customer: { name: 'Nobody' } });
    const path = `/v1/requests/${opened.body.number}`;
    const cancelled = await bob.post(`${path}/cancel`, { reason: 'a double' });
    expect(cancelled.body.events).toEqual(['RequestCancelled']);
    for (const [verb, body] of [
      ['reopen', { reason: 'after all' }],
      ['resolve', { code: 'fixed', resolution: 'x' }],
      ['assign', { team: 'support' }],
    ] as const) {
      const refused = await bob.post<ProblemBody>(`${path}/${verb}`, body);
      expect({ verb, status: refused.status, code: refused.body.code }).toEqual({
        verb,
        status: 409,
        code: verb === 'reopen' ? 'REQUEST_NOT_RESOLVED' : 'REQUEST_NOT_OPEN',
      });
    }
    const left = await bob.get<QueueAnswer>(`/v1/queue?after=${cancelled.body.position}`);
    expect(left.body.items.map((item) => item.number)).not.toContain(opened.body.number);
  });

  it('survives a restart of the server, to the last byte of its history', async () => {
    const before = await history(auditor);
    await server.restart();
    // The position is how far the whole log was read, and the log grows by the work of processes too.
    const after = await history(auditor);
    expect(after).toEqual({ ...before, position: after.position });
    expect(BigInt(after.position)).toBeGreaterThanOrEqual(BigInt(before.position));
    expect(await request()).toMatchObject({ number, status: 'closed', revision: '15' });
  });

  it('answers with what it has, and says so, when it is asked for what is not there yet', async () => {
    const future = await alice.send<RequestView>(`${at}?after=${BigInt(position) + 1_000_000n}`);
    expect({ status: future.status, stale: future.headers.get('casefold-stale') }).toEqual({
      status: 200,
      stale: 'true',
    });
  });
});

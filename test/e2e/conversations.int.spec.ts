import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { ExceptionView } from '../../libs/exceptions/read-models/exception/exception-view.http';
import { InboundAnswer } from '../../libs/requests/inbound/inbound.http';
import { ConversationAnswer, ExchangeView } from '../../libs/requests/read-models/conversation/conversation-view.http';
import { OutboxAnswer } from '../../libs/requests/read-models/outbox/outbox.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { Answer, Client, ProblemBody, serve, Served } from './served';

/** What is said about a case, on every channel and in both directions, and where messages that come in go. */
jest.setTimeout(120_000);

let server: Served;
let agent: Client;

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
});
afterAll(() => server.stop());

interface Case {
  readonly number: string;
  readonly email: string;
  readonly customer: Client;
}

let people = 0;
const open = async (): Promise<Case> => {
  const email = `person${people++}@example.org`;
  const opened = await agent.post('/v1/requests', {
    ...{ subject: 'Printer', description: 'Smoke', type: 'incident', impact: 'low', urgency: 'low' },
    customer: { name: 'Ada', email },
  });
  const { number, position } = opened.body;
  const { customer } = (await agent.get<RequestView>(`/v1/requests/${number}?after=${position}`)).body;
  return { number, email, customer: await server.as('customer', customer.id) };
};
const order = async (who: Client, number: string, verb: string, body: object): Promise<CommandAnswer> => {
  const answer = await who.post(`/v1/requests/${number}/${verb}`, body);
  expect({ verb, status: answer.status }).toEqual({ verb, status: 200 });
  return answer.body;
};
const conversation = async (who: Client, number: string, query: string): Promise<ConversationAnswer> =>
  (await who.get<ConversationAnswer>(`/v1/requests/${number}/conversation?${query}`)).body;
const kinds = (items: readonly ExchangeView[]): readonly string[] => items.map(({ kind }) => kind);
const receive = <T = InboundAnswer>(message: object): Promise<Answer<T>> =>
  agent.post<T>('/v1/inbound', {
    ...{ messageId: `<${randomUUID()}@example.org>`, channel: 'email', subject: 'Hello', text: 'Words' },
    ...message,
  });
const received = async (message: object): Promise<InboundAnswer> => {
  const { status, body } = await receive(message);
  expect(status).toBe(200);
  return body;
};

describe('the conversation', () => {
  it('holds every exchange, with channel, direction, parties, files and time, and shows customers what is theirs', async () => {
    const { number, customer } = await open();
    const file = await agent.raw<CommandAnswer>(`/v1/requests/${number}/attachments`, 'how to', {
      ...{ 'content-type': 'text/plain', 'content-disposition': 'attachment; filename=how-to.txt' },
    });
    const attachment = Number(file.body.revision);
    await order(agent, number, 'note', {
      ...{ text: 'Called the maker', channel: 'phone', direction: 'out', to: [{ name: 'Maker', address: '+49 30 1' }] },
      worked: { talkSeconds: 300, holdSeconds: 60, wrapUpSeconds: 30 },
    });
    await order(agent, number, 'respond', {
      ...{ text: 'See the file', channel: 'email', to: [{ address: 'ada@example.org' }], attachments: [attachment] },
      worked: { wrapUpSeconds: 10 },
    });
    await order(agent, number, 'respond', { text: 'It is out now', channel: 'phone', direction: 'in' });
    await order(agent, number, 'hold', { reason: 'Wait and see', waitingFor: 'customer' });
    await order(customer, number, 'respond', { text: 'All good' });
    const { position } = await order(agent, number, 'respond', {
      ...{ text: 'Then we are done', resolve: { code: 'fixed' } },
    });
    const all = await conversation(agent, number, `after=${position}`);
    expect(
      all.items.map(({ kind, direction, channel, public: isPublic, text }) => [
        kind,
        direction,
        channel,
        isPublic,
        text,
      ]),
    ).toEqual([
      ['opening', 'in', null, true, 'Smoke'],
      ['file', null, null, false, null],
      ['note', 'out', 'phone', false, 'Called the maker'],
      ['response', 'out', 'email', true, 'See the file'],
      ['response', 'in', 'phone', true, 'It is out now'],
      ['hold', null, null, false, 'Wait and see'],
      ['response', 'in', 'portal', true, 'All good'],
      ['response', 'out', null, true, 'Then we are done'],
      ['resolution', 'out', null, true, 'Then we are done'],
    ]);
    expect([all.total, all.nextCursor, all.worked]).toEqual([
      ...[9, null],
      { talkSeconds: 300, holdSeconds: 60, wrapUpSeconds: 40 },
    ]);
    expect(all.workedByAgent?.map((each) => each.agent)).toEqual(['alice']);
    expect(all.items[2]?.to).toEqual([{ name: 'Maker', address: '+49 30 1' }]);

    const theirs = await conversation(customer, number, `after=${position}`);
    expect([kinds(theirs.items), theirs.total]).toEqual([
      ['opening', 'response', 'response', 'response', 'response', 'resolution'],
      6,
    ]);
    expect(JSON.stringify(theirs)).not.toMatch(/maker|Wait and see|worked|alice/i);
    expect(theirs.items[1]?.attachments.map(({ name }) => name)).toEqual(['how-to.txt']);
    const given = await customer.get(`/v1/requests/${number}/attachments/${attachment}`);
    expect([given.status, given.text]).toEqual([200, 'how to']);
  });

  it('comes in pages that together are all of it', async () => {
    const { number } = await open();
    let position = '0';
    for (const text of ['1', '2', '3', '4']) ({ position } = await order(agent, number, 'note', { text }));
    const texts: (string | null)[] = [];
    let cursor: string | null = '';
    do {
      const page: ConversationAnswer = await conversation(
        agent,
        number,
        `after=${position}&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.total).toBe(5);
      texts.push(...page.items.map(({ text }) => text));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(texts).toEqual(['Smoke', '1', '2', '3', '4']);
  });

  it('shows the right words once they were corrected, and none that were redacted', async () => {
    const { number } = await open();
    const { revision } = await order(agent, number, 'respond', { text: 'Wrogn' });
    await order(agent, number, 'correct', { revision: Number(revision), reason: 'typo', text: 'Right' });
    const lead = await server.as('lead', 'carol');
    const { position } = await order(lead, number, 'redact', { revision: 0, pointer: '/description', reason: 'x' });
    const { items } = await conversation(agent, number, `after=${position}`);
    expect(items.map(({ text }) => text)).toEqual(['[redacted]', 'Right']);
  });

  it('lets a customer send along no file but their own, and say nothing that only staff may', async () => {
    const { number, customer } = await open();
    const file = await agent.raw<CommandAnswer>(`/v1/requests/${number}/attachments`, 'internal', {
      ...{ 'content-type': 'text/plain', 'content-disposition': 'attachment; filename=internal.txt' },
    });
    const stolen = await customer.post<ProblemBody>(`/v1/requests/${number}/respond`, {
      ...{ text: 'x', attachments: [Number(file.body.revision)] },
    });
    expect([stolen.status, stolen.body.errors]).toEqual([
      422,
      [{ pointer: '/attachments/0', code: 'UNKNOWN_ATTACHMENT', detail: expect.any(String) }],
    ]);
    const posing = await customer.post<ProblemBody>(`/v1/requests/${number}/respond`, {
      ...{ text: 'x', channel: 'phone', resolve: { code: 'fixed' } },
    });
    expect([posing.status, posing.body.errors?.map(({ pointer }) => pointer)]).toEqual([422, ['/channel', '/resolve']]);
  });

  it('answers and resolves in one append, or does neither', async () => {
    const { number } = await open();
    const done = await order(agent, number, 'respond', {
      text: 'Done',
      resolve: { code: 'fixed', resolution: 'Fuse' },
    });
    expect(done.events).toEqual(['RequestResponded', 'RequestResolved']);
    const again = await agent.post<ProblemBody>(`/v1/requests/${number}/respond`, {
      text: 'x',
      resolve: { code: 'other' },
    });
    expect([again.status, again.body.code]).toEqual([409, 'REQUEST_NOT_OPEN']);
    const { revision } = (await agent.get<RequestView>(`/v1/requests/${number}?after=${done.position}`)).body;
    expect(revision).toBe(done.revision);
  });

  it('makes an answer of a template, says of which revision, and says what is missing', async () => {
    const lead = await server.as('lead', 'carol');
    const saved = await lead.post('/v1/templates/visit/save', {
      ...{ name: 'Visit', format: 'html', body: '<p>{{who}} comes on {{day}}.</p>' },
      placeholders: [
        { name: 'who', type: 'text' },
        { name: 'day', type: 'date' },
      ],
    });
    expect([saved.status, saved.body.events]).toEqual([200, ['TemplateSaved']]);
    const wrong = await lead.post<ProblemBody>('/v1/templates/visit/save', { name: 'x', body: '{{who}} {{' });
    expect([wrong.status, wrong.body.errors?.map(({ code }) => code)]).toEqual([
      422,
      ['UNDEFINED_PLACEHOLDER', 'BROKEN_PLACEHOLDER'],
    ]);
    const { number } = await open();
    const missing = await agent.post<ProblemBody>(`/v1/requests/${number}/respond`, {
      template: { id: 'visit', values: { day: '2026-02-30' } },
    });
    expect([missing.status, missing.body.errors?.map(({ pointer, code }) => [pointer, code])]).toEqual([
      422,
      [
        ['/template/values/who', 'REQUIRED'],
        ['/template/values/day', 'WRONG_TYPE'],
      ],
    ]);
    const answer = { template: { id: 'visit', values: { who: '<b>{{day}}</b>', day: '2026-02-28' } } };
    const headers = { 'idempotency-key': 'visit-1' };
    const done = await agent.post(`/v1/requests/${number}/respond`, answer, headers);
    const { items } = await conversation(agent, number, `after=${done.body.position}`);
    expect(items.at(-1)?.text).toBe('<p>&lt;b&gt;{{day}}&lt;/b&gt; comes on 2026-02-28.</p>');
    const retired = await lead.post('/v1/templates/visit/retire', {});
    const list = await agent.get<{ total: number }>(`/v1/templates?after=${retired.body.position}`);
    expect([retired.status, list.body.total]).toEqual([200, 0]);
    expect((await agent.post(`/v1/requests/${number}/respond`, answer, headers)).body).toEqual(done.body);
    expect((await agent.post(`/v1/requests/${number}/respond`, answer)).status).toBe(422);
  });

  it('hears how a resolution served the customer, each resolution anew', async () => {
    const { number, customer } = await open();
    expect((await customer.post(`/v1/requests/${number}/feedback`, { rating: 5 })).status).toBe(409);
    await order(agent, number, 'resolve', { code: 'fixed', resolution: 'x' });
    await order(customer, number, 'feedback', { rating: 2, text: 'Still smokes' });
    await order(customer, number, 'reopen', { reason: 'again' });
    await order(agent, number, 'resolve', { code: 'fixed', resolution: 'y' });
    const { position } = await order(customer, number, 'feedback', { rating: 5 });
    for (const who of [agent, customer]) {
      const { feedback } = (await who.get<RequestView>(`/v1/requests/${number}?after=${position}`)).body;
      expect(feedback).toMatchObject({ rating: 5, text: null });
      const { items } = await conversation(who, number, `after=${position}`);
      expect(items.filter(({ kind }) => kind === 'feedback').map(({ rating, text }) => [rating, text])).toEqual([
        [2, 'Still smokes'],
        [5, null],
      ]);
    }
  });
});

describe('the outbox', () => {
  const outbox = async (query: string): Promise<OutboxAnswer> =>
    (await agent.get<OutboxAnswer>(`/v1/outbox?${query}`)).body;
  const waiting = async (number: string, after: string) =>
    (await outbox(`after=${after}&limit=200`)).items.filter((each) => each.number === number);
  const report = (number: string, body: object) => order(agent, number, 'report-delivery', body);

  it('holds what is to be e-mailed, with everything it takes, until somebody says that it was delivered', async () => {
    const { number, email } = await open();
    await order(agent, number, 'respond', { text: 'By telephone', channel: 'phone' });
    const { revision } = await order(agent, number, 'respond', { text: 'By mail', channel: 'email' });
    const { position } = await order(agent, number, 'correct', {
      revision: Number(revision),
      reason: 'x',
      text: 'Right',
    });
    const [message, ...others] = await waiting(number, position);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      ...{ number, revision, channel: 'email', subject: 'Printer', text: 'Right', attempts: 0, inReplyTo: null },
      to: [{ name: null, address: email }],
    });
    const { items } = await conversation(agent, number, `after=${position}`);
    expect(items.at(-1)).toMatchObject({
      messageId: message?.messageId,
      sending: { status: 'waiting', attempts: 0, failure: null },
    });
    const delivered = { message: Number(revision), outcome: 'delivered' };
    const done = await report(number, delivered);
    expect([done.events, (await report(number, delivered)).events]).toEqual([['RequestMessageDelivered'], []]);
    expect(await waiting(number, done.position)).toEqual([]);
  });

  it('counts what was tried in vain, gives up when told, and tells the staff', async () => {
    const { number, customer } = await open();
    const to = [{ name: 'Ada at home', address: 'ada@home.example' }];
    const { revision } = await order(agent, number, 'respond', { text: 'x', channel: 'email', to });
    const failed = { message: Number(revision), outcome: 'failed', reason: 'unreachable', detail: '451 later' };
    const once = await report(number, failed);
    expect(await waiting(number, once.position)).toMatchObject([{ attempts: 1, to }]);
    const { position } = await report(number, { ...failed, reason: 'unknown-address', final: true });
    expect(await waiting(number, position)).toEqual([]);
    const { items } = await conversation(agent, number, `after=${position}`);
    expect(items.at(-1)?.sending).toEqual({ status: 'failed', attempts: 2, failure: 'unknown-address' });
    const theirs = await conversation(customer, number, `after=${position}`);
    expect(theirs.items.at(-1)).not.toHaveProperty('sending');
    const wrong = { message: Number(revision), outcome: 'delivered', reason: 'expired' };
    expect((await agent.post(`/v1/requests/${number}/report-delivery`, wrong)).status).toBe(422);
  });

  it('holds what a customer is to be told of an exception, whose answer comes to the request that it is about', async () => {
    const { number: request, email, customer } = await open();
    const deviation = { kind: 'late', what: 'x', why: 'x', requests: [request] };
    const { number } = (await agent.post('/v1/exceptions', deviation)).body;
    const give = async (verb: string, body: object): Promise<CommandAnswer> => {
      const answer = await agent.post(`/v1/exceptions/${number}/${verb}`, body);
      expect([answer.status, answer.text]).toEqual([200, answer.text]);
      return answer.body;
    };
    await give('inform', { channel: 'phone', text: 'Told by telephone' });
    const { revision, position } = await give('inform', { channel: 'email', text: 'A week late' });
    const [message, ...others] = await waiting(number, position);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      ...{
        about: 'exception',
        number,
        revision,
        channel: 'email',
        subject: 'Printer',
        text: 'A week late',
        attempts: 0,
      },
      to: [{ name: null, address: email }],
    });
    const failed = { message: Number(revision), outcome: 'failed', reason: 'unreachable', detail: '451 later' };
    const once = await give('report-delivery', failed);
    expect(await waiting(number, once.position)).toMatchObject([{ attempts: 1, messageId: message?.messageId }]);
    const done = await give('report-delivery', { message: Number(revision), outcome: 'delivered' });
    expect([done.events, await waiting(number, done.position)]).toEqual([['ExceptionNoticeDelivered'], []]);
    const notices = async (who: Client) =>
      (await who.get<ExceptionView>(`/v1/exceptions/${number}?after=${done.position}`)).body.notices;
    expect((await notices(agent)).map(({ sending }) => sending?.status)).toEqual([undefined, 'delivered']);
    expect((await notices(customer)).map(({ sending }) => sending)).toEqual([undefined, undefined]);
    const answer = await receive({ inReplyTo: message?.messageId ?? '', from: { email }, text: 'Thank you' });
    expect(answer.body).toMatchObject({ number: request });
  });

  it('comes in pages, the oldest first, and lets go of what was redacted', async () => {
    const { number } = await open();
    const written: string[] = [];
    for (const text of ['1', '2', '3'])
      written.push((await order(agent, number, 'respond', { text, channel: 'email' })).revision);
    const lead = await server.as('lead', 'carol');
    const redaction = { revision: Number(written[1]), pointer: '/text', reason: 'x' };
    const { position } = await order(lead, number, 'redact', redaction);
    const texts: string[] = [];
    let cursor: string | null = '';
    do {
      const page: OutboxAnswer = await outbox(`after=${position}&limit=1${cursor && `&cursor=${cursor}`}`);
      expect(page.total).toBeGreaterThanOrEqual(2);
      texts.push(...page.items.filter((each) => each.number === number).map(({ text }) => text));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(texts).toEqual(['1', '3']);
    expect((await agent.get('/v1/outbox?cursor=x')).status).toBe(400);
  });
});

describe('what a customer says again', () => {
  const followUp = (who: Client, number: string, text: string, headers = {}) =>
    who.post(`/v1/requests/${number}/follow-up`, { text }, headers);

  it('is said in the case while it is at work, and once, whatever has become of it when it is sent again', async () => {
    const { number, customer } = await open();
    const send = () => followUp(customer, number, 'Louder now', { 'idempotency-key': 'a' });
    const [first, ...others] = await Promise.all([send(), send(), send()]);
    expect(first.body).toMatchObject({ number, events: ['RequestResponded'] });
    await order(agent, number, 'cancel', { reason: 'moved house' });
    for (const again of [...others, await send()]) expect(again.body).toEqual(first.body);
    const other = await followUp(customer, number, 'Quieter', { 'idempotency-key': 'a' });
    expect(other.status).toBe(422);
  });

  it('takes it up again after its resolution, and follows it up after its end', async () => {
    const { number, customer } = await open();
    await order(agent, number, 'resolve', { code: 'fixed', resolution: 'x' });
    const back = await followUp(customer, number, 'It is back');
    expect(back.body).toMatchObject({ number, events: ['RequestReopened', 'RequestResponded'] });
    await order(agent, number, 'resolve', { code: 'fixed', resolution: 'x' });
    await order(agent, number, 'close', {});
    const late = await customer.post<ProblemBody>(`/v1/requests/${number}/reopen`, { reason: 'again' });
    expect([late.status, late.body.code]).toEqual([409, 'REOPENING_TOO_LATE']);
    const send = () => followUp(customer, number, 'And again', { 'idempotency-key': 'b' });
    const [next, same] = await Promise.all([send(), send()]);
    expect([next.body.number, next.body.events[0]]).toEqual([expect.not.stringMatching(number), 'RequestOpened']);
    expect(next.headers.get('location')).toBe(`/v1/requests/${next.body.number}`);
    await order(agent, number, 'reopen', { reason: 'found the cause' });
    for (const again of [same, await send()]) expect(again.body).toEqual(next.body);
    const { position } = next.body;
    const relations = async (of: string): Promise<unknown> =>
      (await agent.get(`/v1/requests/${of}/relations?after=${position}`)).body;
    expect(await relations(number)).toMatchObject({ followUpOf: null, followUps: [next.body.number] });
    expect(await relations(next.body.number)).toMatchObject({ followUpOf: number, followUps: [] });
    const view = (await customer.get<RequestView>(`/v1/requests/${next.body.number}?after=${position}`)).body;
    expect([view.subject, view.description, view.type]).toEqual([`Follow-up of ${number}`, 'And again', 'incident']);
  });

  it('is for its customer to say, on the state that they have seen', async () => {
    const [{ number, customer }, { customer: stranger }] = [await open(), await open()];
    expect((await followUp(stranger, number, 'x')).status).toBe(404);
    expect((await followUp(agent, number, 'x')).status).toBe(403);
    expect((await followUp(customer, number, 'x', { 'if-match': '"7"' })).status).toBe(412);
    expect((await followUp(customer, number, 'x', { 'if-match': '"0"' })).status).toBe(200);
  });
});

describe('a message that comes in', () => {
  it('opens a request when it belongs to none, and later ones of its thread are filed there', async () => {
    const from = { name: 'Grace', email: 'grace@example.org' };
    const first = await received({ messageId: '<first@example.org>', from, subject: 'Help', text: 'It burns' });
    expect(first).toMatchObject({ result: 'opened', thirdParty: false, reason: null });
    const number = first.number ?? '';
    const next = await received({ from, text: 'Still', references: ['<unknown@example.org>', '<first@example.org>'] });
    expect(next).toMatchObject({ result: 'filed', number });
    const { items } = await conversation(agent, number, `after=${next.position}`);
    expect(
      items.map(({ kind, channel, direction, text, from: by }) => [kind, channel, direction, text, by?.address]),
    ).toEqual([
      ['opening', 'email', 'in', 'It burns', 'grace@example.org'],
      ['response', 'email', 'in', 'Still', 'grace@example.org'],
    ]);
  });

  it.each([
    ['in brackets with letters behind', (number: string) => `Re: [${number}]Extra`],
    ['in small letters and spaces', (number: string) => `about ${number.toLowerCase().replaceAll('-', ' ')}, please`],
  ])('is found by a number %s when it comes from the customer', async (_, subject) => {
    const { number, email } = await open();
    expect(await received({ from: { email }, subject: subject(number) })).toMatchObject({ result: 'filed', number });
  });

  it('finds the case by the id of the e-mail that it answers, and by no id that only looks like one', async () => {
    const { number, email } = await open();
    const { position } = await order(agent, number, 'respond', { text: 'How is it?', channel: 'email' });
    const { items } = await conversation(agent, number, `after=${position}`);
    const sent = items.at(-1)?.messageId ?? '';
    expect(sent).toContain(number);
    expect(await received({ from: { email }, inReplyTo: sent })).toMatchObject({ result: 'filed', number });
    const forged = sent.replace(/[0-9a-f]{16}@/, '0000000000000000@');
    const stranger = { name: 'Mallory', email: 'mallory@example.org' };
    expect(await received({ from: stranger, inReplyTo: forged })).toMatchObject({ result: 'opened' });
  });

  it('is kept from the customer and flagged when somebody else answers', async () => {
    const { number, email, customer } = await open();
    const first = await received({ messageId: `<${number}@x>`, from: { email }, subject: number });
    expect(first.result).toBe('filed');
    const other = { name: 'Colleague', email: 'colleague@example.org' };
    const answer = await received({ from: other, inReplyTo: `<${number}@x>`, text: 'I know better' });
    expect(answer).toMatchObject({ result: 'filed', number, thirdParty: true });
    const { items } = await conversation(agent, number, `after=${answer.position}`);
    expect(items.at(-1)).toMatchObject({ kind: 'note', thirdParty: true, public: false, text: 'I know better' });
    expect(kinds((await conversation(customer, number, `after=${answer.position}`)).items)).toEqual([
      'opening',
      'response',
    ]);
  });

  it('from a stranger who names a number gets a request of its own, which says so', async () => {
    const { number } = await open();
    const answer = await received({ from: { name: 'Mallory', email: 'eve@example.org' }, subject: `Re: ${number}` });
    expect(answer).toMatchObject({ result: 'opened', related: number });
    expect(answer.number).not.toBe(number);
  });

  it('takes a resolved case up again, and follows up one that is closed', async () => {
    const { number, email } = await open();
    await order(agent, number, 'resolve', { code: 'fixed', resolution: 'x' });
    const reopened = await received({ from: { email }, subject: number, text: 'Not fixed' });
    expect(reopened).toMatchObject({ result: 'filed', number });
    const open_ = (await agent.get<RequestView>(`/v1/requests/${number}?after=${reopened.position}`)).body;
    expect([open_.status, open_.responseCount]).toEqual(['open', 1]);
    await order(agent, number, 'resolve', { code: 'fixed', resolution: 'x' });
    await order(agent, number, 'close', {});
    const followed = await received({ from: { email }, subject: number, text: 'Again' });
    expect(followed).toMatchObject({ result: 'followed-up', related: number });
    const view = (await agent.get<RequestView>(`/v1/requests/${followed.number}?after=${followed.position}`)).body;
    expect([view.customer.id, view.type, view.status]).toEqual([open_.customer.id, 'incident', 'open']);
  });

  it('lands where its case was merged into, whatever number it names', async () => {
    const [old, survivor] = [await open(), await open()];
    await order(agent, old.number, 'merge', { into: survivor.number, reason: 'the same fire' });
    const reply = await received({ from: { email: old.email }, subject: old.number, text: 'And another thing' });
    expect(reply).toMatchObject({ result: 'filed', number: survivor.number });
    const { items } = await conversation(agent, survivor.number, `after=${reply.position}`);
    expect(items.at(-1)).toMatchObject({ kind: 'response', text: 'And another thing' });
    const direct = await old.customer.post<ProblemBody>(`/v1/requests/${old.number}/follow-up`, { text: 'x' });
    expect([direct.status, direct.body.code]).toEqual([409, 'REQUEST_MERGED']);
  });

  it('that a machine wrote moves nothing: it is noted where it belongs, and set aside where it does not', async () => {
    const { number, email } = await open();
    await order(agent, number, 'resolve', { code: 'fixed', resolution: 'x' });
    const headers = { 'auto-submitted': 'auto-replied' };
    const noted = await received({ messageId: `<away-${number}@x>`, from: { email }, subject: number, headers });
    expect(noted).toMatchObject({ result: 'filed', number });
    const { status, noteCount } = (await agent.get<RequestView>(`/v1/requests/${number}?after=${noted.position}`)).body;
    expect([status, noteCount]).toEqual(['resolved', 1]);
    const away = await received({ from: { email: 'new@example.org' }, headers: { precedence: 'bulk' } });
    expect(away).toMatchObject({ result: 'set-aside', number: null, reason: 'bulk' });
  });

  it('is filed once, however often and however much at once it is delivered, whoever delivers it', async () => {
    const lead = await server.as('lead', 'carol');
    const message = {
      ...{ messageId: '<once@example.org>', channel: 'email', from: { name: 'Once', email: 'once@example.org' } },
      ...{ subject: 'Once', text: 'Only once' },
    };
    const send = (who: Client) => who.post<InboundAnswer>('/v1/inbound', message);
    const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => send(index % 2 ? agent : lead)));
    const [number] = new Set(answers.map(({ body }) => body.number));
    expect(answers.map(({ status, body }) => [status, body.number])).toEqual(answers.map(() => [200, number]));
    const { items } = await conversation(agent, number ?? '', `after=${answers[0]?.body.position}`);
    expect(kinds(items)).toEqual(['opening']);

    const reply = { ...message, messageId: '<twice@example.org>', inReplyTo: message.messageId, text: 'More' };
    const replies = await Promise.all(
      Array.from({ length: 16 }, () => agent.post<InboundAnswer>('/v1/inbound', reply)),
    );
    expect(new Set(replies.map(({ body }) => `${body.number} ${body.revision}`)).size).toBe(1);
    const after = replies.reduce(
      (last, { body }) => (BigInt(body.position) > BigInt(last) ? body.position : last),
      '0',
    );
    expect(kinds((await conversation(agent, number ?? '', `after=${after}`)).items)).toEqual(['opening', 'response']);
    const other = await agent.post<ProblemBody>('/v1/inbound', { ...reply, text: 'Something else' });
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('is taken or refused with a reason, whatever it says', async () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 40 });
    const message = fc.record(
      {
        messageId: fc.oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.constant('<x@y>')),
        channel: fc.constantFrom('email', 'chat', 'fax'),
        from: fc.record({ name: words, email: fc.oneof(fc.emailAddress(), words) }, { requiredKeys: [] }),
        subject: fc.oneof(words, fc.constant('CSR-000-000-000'), fc.constant('Software: cannot log in')),
        text: words,
        inReplyTo: fc.oneof(words, fc.constant('<CSR-7K3-M9Q-XA4.ff.0123456789abcdef@a.casefold>')),
        references: fc.array(words, { maxLength: 3 }),
        headers: fc.dictionary(fc.constantFrom('auto-submitted', 'precedence', 'X', '__proto__'), words),
      },
      { requiredKeys: ['messageId', 'text'] },
    );
    await fc.assert(
      fc.asyncProperty(message, async (body) => {
        const { status, body: answer } = await agent.post<ProblemBody & InboundAnswer>('/v1/inbound', body);
        expect([200, 400, 422]).toContain(status);
        if (status === 200) expect(answer.result).toMatch(/^(opened|set-aside|filed)$/);
        else expect(answer.code).toMatch(/^[A-Z_]+$/);
      }),
      { numRuns: 60 },
    );
  });
});

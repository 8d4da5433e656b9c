import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { ExceptionView } from '../../libs/exceptions/read-models/exception/exception-view.http';
import { ConversationAnswer } from '../../libs/requests/read-models/conversation/conversation-view.http';
import { OutboxAnswer } from '../../libs/requests/read-models/outbox/outbox.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { Client, ProblemBody } from './served';
import { agent, conversation, kinds, open, openDesk, order, receive, server } from './conversation-desk';
import { whatComesIn } from './messages-that-come-in';

/** What is said about a case, on every channel and in both directions, and where messages that come in go. */
jest.setTimeout(120_000);

beforeAll(openDesk);
afterAll(() => server.stop());

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

describe('what comes in', whatComesIn);

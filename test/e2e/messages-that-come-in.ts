import fc from 'fast-check';
import { InboundAnswer } from '../../libs/requests/inbound/inbound.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { Client, ProblemBody } from './served';
import { agent, conversation, kinds, open, order, received, server } from './conversation-desk';

/** Where messages go that come in, and what customers say again: one subject of the tests of conversations. */
export const whatComesIn = (): void => {
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
      const next = await received({
        from,
        text: 'Still',
        references: ['<unknown@example.org>', '<first@example.org>'],
      });
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
      const { status, noteCount } = (await agent.get<RequestView>(`/v1/requests/${number}?after=${noted.position}`))
        .body;
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
};

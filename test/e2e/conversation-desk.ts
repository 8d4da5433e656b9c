import { randomUUID } from 'node:crypto';
import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { InboundAnswer } from '../../libs/requests/inbound/inbound.http';
import { ConversationAnswer, ExchangeView } from '../../libs/requests/read-models/conversation/conversation-view.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { Answer, Client, serve, Served } from './served';

/** A served desk with one agent, for what is said about cases: both are there once it was opened. */
export let server: Served;
export let agent: Client;

export const openDesk = async (): Promise<void> => {
  server = await serve();
  agent = await server.as('agent', 'alice');
};

export interface Case {
  readonly number: string;
  readonly email: string;
  readonly customer: Client;
}

let people = 0;
export const open = async (): Promise<Case> => {
  const email = `person${people++}@example.org`;
  const opened = await agent.post('/v1/requests', {
    ...{ subject: 'Printer', description: 'Smoke', type: 'incident', impact: 'low', urgency: 'low' },
    customer: { name: 'Ada', email },
  });
  const { number, position } = opened.body;
  const { customer } = (await agent.get<RequestView>(`/v1/requests/${number}?after=${position}`)).body;
  return { number, email, customer: await server.as('customer', customer.id) };
};
export const order = async (who: Client, number: string, verb: string, body: object): Promise<CommandAnswer> => {
  const answer = await who.post(`/v1/requests/${number}/${verb}`, body);
  expect({ verb, status: answer.status }).toEqual({ verb, status: 200 });
  return answer.body;
};
export const conversation = async (who: Client, number: string, query: string): Promise<ConversationAnswer> =>
  (await who.get<ConversationAnswer>(`/v1/requests/${number}/conversation?${query}`)).body;
export const kinds = (items: readonly ExchangeView[]): readonly string[] => items.map(({ kind }) => kind);
export const receive = <T = InboundAnswer>(message: object): Promise<Answer<T>> =>
  agent.post<T>('/v1/inbound', {
    ...{ messageId: `<${randomUUID()}@example.org>`, channel: 'email', subject: 'Hello', text: 'Words' },
    ...message,
  });
export const received = async (message: object): Promise<InboundAnswer> => {
  const { status, body } = await receive(message);
  expect(status).toBe(200);
  return body;
};

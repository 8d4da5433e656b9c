import { commandIdOf } from '../../../libs/eventing/envelope';
import { streamOf } from '../../../libs/eventing/event';
import { requestCategory } from '../../../libs/requests/events';

/** One command as a caller sends it, again and again under the same key until it has an answer. */
export interface Order {
  readonly actor: string;
  readonly key: string;
  readonly path: string;
  readonly body: object;
  /** Stream, or the operation that makes one: what the key is good for. */
  readonly target: string;
  /** What the rules of the case say to it. */
  readonly expects: 'done' | 'refused';
}

export interface OrderAnswer {
  readonly number: string;
  readonly revision: string;
  readonly position: string;
  readonly events: readonly string[];
}

/**
 * What the caller knows about the order afterwards. `not-done`: the server says that nothing was written. `unknown`: no
 * answer, or one that says so. `failed`: an answer that the contract does not have.
 */
export type Reply =
  | { readonly outcome: 'acknowledged'; readonly answer: OrderAnswer; readonly replayed: boolean }
  | { readonly outcome: 'refused' | 'not-done' | 'unknown' | 'failed'; readonly why: string };

export const commandIdOfOrder = ({ actor, target, key }: Order): string => commandIdOf(actor, target, key);

export const openOrder = (actor: string, key: string, customer: object): Order => ({
  ...{ actor, key, path: '/v1/requests', target: 'requests', expects: 'done' },
  body: { subject: key, description: 'It does not work.', type: 'incident', impact: 'high', urgency: 'low', customer },
});

export const caseOrder = (
  actor: string,
  key: string,
  number: string,
  verb: string,
  body: object,
  expects: Order['expects'] = 'done',
): Order => ({
  ...{ actor, key, body, expects },
  path: `/v1/requests/${number}/${verb}`,
  target: streamOf(requestCategory, number),
});

/** The life of a case, one order after the other. What is refused is refused in every state that it can meet here. */
export const lifeOf = (actor: string, key: string, number: string): readonly Order[] => [
  caseOrder(actor, `${key}-early`, number, 'close', {}, 'refused'),
  caseOrder(actor, `${key}-assign`, number, 'assign', { team: 'support', assignee: 'alice' }),
  caseOrder(actor, `${key}-escalate`, number, 'escalate', { to: 'L2', reason: 'too hard for me' }),
  caseOrder(actor, `${key}-hold`, number, 'hold', { reason: 'waits for an answer', waitingFor: 'customer' }),
  caseOrder(actor, `${key}-resume`, number, 'resume', {}),
  caseOrder(actor, `${key}-resolve`, number, 'resolve', { code: 'fixed', resolution: 'It works again.' }),
];

export const isAnswer = (value: unknown): value is OrderAnswer =>
  typeof value === 'object' &&
  value !== null &&
  'number' in value &&
  'revision' in value &&
  'position' in value &&
  'events' in value &&
  Array.isArray(value.events);

import { randomUUID } from 'node:crypto';
import { Answer, Call, Connection, expectStatus } from './connection';

/**
 * The work of a help desk as commands: a case is opened, assigned, escalated and resolved, each with a key of its own, and
 * then the next one. Customers come again and again, so that most openings are for somebody who is known.
 */
const customers = 1_000;
const run = randomUUID().slice(0, 8);
let commands = 0;

const description =
  'The printer on the second floor stops after every third page and shows the code 49.4C02. Switching it off and on ' +
  'again helps for a few minutes. It began on Monday after the update; the colleagues of the next room see the same. ' +
  'We need it for the labels of today’s shipments, so please tell us what to do meanwhile.';

const openBody = (n: number): object => ({
  subject: `Printer stops after three pages (${n})`,
  description,
  type: 'incident',
  impact: n % 3 ? 'medium' : 'high',
  urgency: n % 2 ? 'low' : 'medium',
  category: 'hardware',
  team: 'support',
  customer: { name: `Customer ${n % customers}`, email: `customer-${n % customers}@example.org` },
});

const verbs = [
  { verb: 'assign', body: { team: 'support', assignee: 'alice' } },
  { verb: 'escalate', body: { to: 'L2', reason: 'It needs somebody who knows the firmware.' } },
  {
    verb: 'resolve',
    body: { code: 'fixed', resolution: 'The firmware was set back to 2.4 and the fuser was cleaned.' },
  },
] as const;

/** A case on its way: how many commands it has had after its opening. */
interface Underway {
  readonly number: string;
  readonly done: number;
}

export interface CommandAnswer {
  readonly number: string;
  readonly revision: string;
  readonly position: string;
}

const withKey = (call: Omit<Call, 'method'>): Call => ({
  ...call,
  method: 'POST',
  headers: { 'idempotency-key': `bench-${run}-${commands++}` },
});

const answerOf = (answer: Answer): CommandAnswer => JSON.parse(expectStatus(answer, 200, 201).body);

const step = async (connection: Connection, { number, done }: Underway): Promise<CommandAnswer> => {
  const next = verbs[done];
  if (!next) throw new Error('this case is finished');
  return answerOf(await connection.call(withKey({ path: `/v1/requests/${number}/${next.verb}`, body: next.body })));
};

const openCase = async (connection: Connection): Promise<CommandAnswer> =>
  answerOf(await connection.call(withKey({ path: '/v1/requests', body: openBody(commands) })));

/** One who works on one case after the other. */
export const agent = (connection: Connection): (() => Promise<CommandAnswer>) => {
  let mine: Underway | undefined;
  return async () => {
    const before = mine;
    mine = undefined;
    const answer = before ? await step(connection, before) : await openCase(connection);
    const done = before ? before.done + 1 : 0;
    if (done < verbs.length) mine = { number: answer.number, done };
    return answer;
  };
};

/** Many who share the cases, so that whoever is free takes the next command there is. */
export const desk = (): ((connection: Connection) => Promise<CommandAnswer>) => {
  const ready: Underway[] = [];
  let taken = 0;
  return async (connection) => {
    const before = taken++ % (verbs.length + 1) ? ready.shift() : undefined;
    const answer = before ? await step(connection, before) : await openCase(connection);
    const done = before ? before.done + 1 : 0;
    if (done < verbs.length) ready.push({ number: answer.number, done });
    return answer;
  };
};

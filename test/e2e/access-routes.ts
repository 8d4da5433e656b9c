import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Role, roles } from '../../libs/platform/auth/caller';
import { root } from '../faults/harness/checkout';
import { resolveSchema, Schema, Schemas } from '../contracts/schema-check';

/** Every route of the contract, who may use it, and what it answers them; and the words that are planted to be looked for. */

/** What no role but those who do the work, and the customer, may read. */
export const planted = {
  subject: 'ZZQ-subject',
  description: 'ZZQ-description',
  name: 'ZZQ-name',
  email: 'zzq-email@example.org',
  phone: '+49 555 0199',
  escalation: 'ZZQ-escalation',
  hold: 'ZZQ-hold',
  answer: 'ZZQ-answer',
  note: 'ZZQ-note',
  resolution: 'ZZQ-resolution',
  reopening: 'ZZQ-reopening',
  correction: 'ZZQ-correction',
  corrected: 'ZZQ-corrected',
};
export const amongStaff = [planted.escalation, planted.hold, planted.note, planted.reopening, planted.correction];

export const opening = {
  ...{ subject: planted.subject, description: planted.description, type: 'incident', impact: 'high', urgency: 'high' },
  customer: { name: planted.name, email: planted.email, phone: planted.phone },
};

export interface Route {
  readonly method: string;
  /** As the contract has it. */
  readonly path: string;
  readonly allowed: readonly Role[];
  readonly body?: object | undefined;
  /** Text of a file that is sent instead. */
  readonly file?: string | undefined;
  /** A rule may refuse what the role allows. */
  readonly answers: readonly number[];
}

type Trial = Partial<Pick<Route, 'body' | 'file' | 'answers' | 'allowed'>>;
type Trials = Readonly<Record<string, Trial>>;

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}
interface Operation {
  readonly tags: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

const agreed = <T>(name: string): T => JSON.parse(readFileSync(join(root, 'test', 'golden', name), 'utf8')) as T;
const contract = agreed<Contract>('openapi.json');
const permissions = agreed<Readonly<Record<string, string>>>('permissions.json');

/** The least that a schema asks for. */
const least = (given: Schema): unknown => {
  const schema = resolveSchema(given, contract.components.schemas);
  const [type] = [schema.type ?? 'object'].flat();
  if (schema.enum) return schema.enum[0];
  if (type === 'string') return schema.format === 'date-time' ? '2126-01-01T00:00:00Z' : 'x';
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return false;
  if (type === 'array') return [least(schema.items ?? {})];
  return Object.fromEntries((schema.required ?? []).map((name) => [name, least(schema.properties?.[name] ?? {})]));
};

/** What a request that is there is asked, and what it may answer, where the least of a body is not enough. In this order. */
const commandTrials: Trials = {
  classify: { body: { category: 'hardware' } },
  assign: { body: { team: 'support' } },
  escalate: { body: { to: 'L3', reason: 'x' } },
  hold: { body: { reason: 'x', waitingFor: 'supplier' } },
  resume: {},
  respond: { body: { text: 'x' } },
  'follow-up': {},
  // What was to be carried is shown elsewhere.
  'report-delivery': { body: { message: 0, outcome: 'delivered' }, answers: [422] },
  draft: {},
  'discard-draft': {},
  note: {},
  feedback: { body: { rating: 4 } },
  attachments: { file: 'ZZQ-file' },
  correct: { body: { revision: 0, reason: 'x', category: 'hardware' } },
  resolve: { body: { code: 'fixed', resolution: 'x' } },
  close: {},
  reopen: {},
  cancel: {},
  // Of an event that is not there yet: the texts are still needed below.
  redact: { body: { revision: 999_999, reason: 'x' }, answers: [422] },
  // With requests that are not there: what may be related is shown elsewhere.
  link: { body: { kind: 'parent', to: 'x' }, answers: [422] },
  unlink: { body: { kind: 'parent', to: 'x' }, answers: [422] },
  merge: { body: { into: 'x', reason: 'x' }, answers: [422] },
  unmerge: {},
  split: { body: { revisions: [0], subject: 'x' }, answers: [422] },
};
/** Of a customer whom nobody knows: what may be done with one who is there is shown elsewhere. */
const customerTrials: Trials = {
  segment: { body: { segment: 'gold' } },
  'add-contact-point': { body: { channel: 'chat', address: '@ada' } },
  'state-preferences': { body: { language: 'de' } },
  'give-consent': { body: { purpose: 'newsletter', basis: 'consent' } },
  rectify: { body: { name: 'Ada', reason: 'x' } },
  'join-organisation': { body: { organisation: randomUUID() } },
  merge: { body: { into: randomUUID(), reason: 'same person' } },
};
const aRule = { when: { on: 'hold-until' }, then: { verb: 'resume', body: {} } };
const wrong = { revision: 1, reason: 'x' };
const unready = { answers: [200, 404, 409, 422] };
const unknown = { answers: [422] };
/** Agents say it of themselves. */
const ofOthers = { allowed: ['lead', 'admin'], answers: [422] } as const;

const all = (prefix: string, trials: Trials): Trials =>
  Object.fromEntries(Object.entries(trials).map(([name, trial]) => [`${prefix}${name}`, trial]));

const trials: Trials = {
  'post /v1/requests': { body: opening, answers: [201] },
  'post /v1/requests/similar': { body: { subject: 'x' }, answers: [200] },
  'post /v1/inbound': {
    body: { messageId: '<access@test>', channel: 'email', from: { name: 'x', email: 'x@example.org' }, text: 'x' },
  },
  ...all('post /v1/requests/{number}/', commandTrials),
  'get /v1/requests?search={number}': {},
  'get /v1/stream?after=0': {},
  ...all('post /v1/customers/{id}/', customerTrials),
  'post /v1/customers': { answers: [201] },
  'post /v1/retention/set': { body: { days: 36_500 } },
  // Nothing is drafted or activated under this id; what may be is shown elsewhere.
  ...all('post /v1/service-level-policies/{id}/', {
    ...{ draft: { body: { rank: 1, match: {}, clocks: [] }, ...unready }, activate: unready },
    ...{ correct: { body: wrong, ...unready }, retire: unready },
  }),
  ...all('post /v1/calendars/{id}/', {
    ...{ draft: { body: { zone: 'UTC' }, ...unready }, activate: unready, correct: { body: wrong, ...unready } },
  }),
  'post /v1/exceptions': { body: { kind: 'x', what: 'x', why: 'x' }, ...unknown },
  'post /v1/exceptions/{number}/amend': { body: { why: 'x' } },
  'post /v1/exceptions/{number}/assess': { body: { needed: false, reasoning: 'x' } },
  'get /v1/exceptions/recurrence?kind=x': {},
  'post /v1/bulk': { body: { verb: 'close', body: {} }, ...unknown },
  ...all('post /v1/automation/', {
    'rules/{id}/save': { body: aRule, answers: [200] },
    'rules/{id}/enable': { answers: [200] },
    'rules/{id}/disable': { answers: [200] },
    rehearse: { body: aRule },
  }),
  ...all('post /v1/templates/{id}/', {
    save: { body: { name: 'x', body: 'x' }, answers: [200] },
    retire: { answers: [200] },
  }),
  'post /v1/views': { body: { name: 'x', list: 'queue', filter: {} }, answers: [201] },
  'post /v1/routing/dry-run': { body: { rules: [] } },
  ...all('post /v1/teams/{id}/', {
    ...{
      rename: unknown,
      distribute: { body: { strategy: 'manual' }, ...unknown },
      retire: unknown,
      reinstate: unknown,
    },
    // Under a name that is free; an id is none.
    register: unknown,
  }),
  ...all('post /v1/staff/{id}/', {
    ...{ register: unknown, roster: { body: { capacity: 5 }, ...unknown }, available: ofOthers, away: ofOthers },
    ...{ retire: unknown, reinstate: unknown },
  }),
  // What is empty changes nothing.
  ...all('post /v1/configuration/', { plan: { body: { document: {} } }, apply: { body: { document: {} } } }),
  'post /v1/backtests': unknown,
};

/** Nobody has the id or the number that is asked for, but for requests: what the roles may do is asked before that is seen. */
const answersOf = (method: string, path: string): readonly number[] => {
  if (/\{id\}|exceptions\/\{number\}/.test(path)) return [404];
  return method === 'post' && path.includes('{number}') ? [200, 409] : [200];
};

const routeOf = ([name, { body, file, answers, allowed }]: readonly [string, Trial]): Route & {
  readonly tag: string;
} => {
  const [method = '', path = ''] = name.split(' ');
  const [operation = ''] = name.split('?');
  const told = contract.paths[path.split('?')[0] ?? '']?.[method];
  if (!told) throw new Error(`${name} is not in the contract`);
  const [content] = Object.values(told.requestBody?.content ?? {});
  return {
    ...{ method, path, tag: told.tags[0] ?? '', file, answers: answers ?? answersOf(method, path) },
    body: body ?? (content && Object(least(content.schema))),
    allowed: allowed ?? roles.filter((role) => permissions[operation]?.split(' ').includes(role)),
  };
};

const tried = new Set(Object.keys(trials).map((name) => name.split('?')[0]));
/** What is tried without more said stands first: some of what is said ends the request. */
const known = [
  ...Object.keys(permissions)
    .filter((operation) => !tried.has(operation))
    .map((operation): [string, Trial] => [operation, {}]),
  ...Object.entries(trials),
].map(routeOf);

export const routes: readonly Route[] = known;
export const commands = routes
  .filter(({ path }) => /^\/v1\/requests\/\{number\}\/[\w-]+$/.test(path))
  .filter(({ method }) => method === 'post');
/** Those that read cases. */
export const queries: readonly Route[] = known.filter(({ method, tag }) => method === 'get' && tag === 'read models');

import { randomUUID } from 'node:crypto';
import { mayCommandCustomer, mayReadCustomer, maySetRetention } from '../../libs/customers/permissions';
import { mayReadRules, mayRule } from '../../libs/automation/permissions';
import { mayBulk, mayReadBulk } from '../../libs/bulk/permissions';
import { ExceptionVerb, mayExcept, mayReadExceptions } from '../../libs/exceptions/permissions';
import { mayConfigure } from '../../libs/configuration/permissions';
import { Role } from '../../libs/platform/auth/caller';
import { mayCommand, mayRead, mayReceive } from '../../libs/requests/permissions';
import { mayStaff } from '../../libs/teams/permissions';
import { mayPromise, mayReadPromises } from '../../libs/service-levels/permissions';
import { mayReadTemplates, maySaveTemplates } from '../../libs/templates/permissions';
import { mayView } from '../../libs/views/permissions';

/** Every route there is, who may use it, and what it answers them; and the words that are planted to be looked for. */

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
  readonly method: 'get' | 'post' | 'delete';
  /** As the contract has it. */
  readonly path: string;
  readonly allowed: readonly Role[];
  readonly body?: object;
  /** Text of a file that is sent instead. */
  readonly file?: string;
  /** A rule may refuse what the role allows. */
  readonly answers: readonly number[];
}

const command = (verb: Exclude<keyof typeof mayCommand, 'open'>, body: object): Route => ({
  ...{ method: 'post', path: `/v1/requests/{number}/${verb}`, allowed: mayCommand[verb], body, answers: [200, 409] },
});
const query = (path: string, what: keyof typeof mayRead): Route => ({
  ...{ method: 'get', path, allowed: mayRead[what], answers: [200] },
});

export const commands: readonly Route[] = [
  command('classify', { category: 'hardware' }),
  command('assign', { team: 'support' }),
  command('escalate', { to: 'L3', reason: 'x' }),
  command('hold', { reason: 'x', waitingFor: 'supplier' }),
  command('resume', {}),
  command('respond', { text: 'x' }),
  command('follow-up', { text: 'x' }),
  // What was to be carried is shown elsewhere.
  { ...command('report-delivery', { message: 0, outcome: 'delivered' }), answers: [422] },
  command('draft', { text: 'x' }),
  command('discard-draft', {}),
  command('note', { text: 'x' }),
  command('feedback', { rating: 4 }),
  {
    ...{ method: 'post', path: '/v1/requests/{number}/attachments', allowed: mayCommand.attach, file: 'ZZQ-file' },
    answers: [200, 409],
  },
  command('correct', { revision: 0, reason: 'x', category: 'hardware' }),
  command('resolve', { code: 'fixed', resolution: 'x' }),
  command('close', {}),
  command('reopen', { reason: 'x' }),
  command('cancel', { reason: 'x' }),
  // Of an event that is not there yet: the texts are still needed below.
  { ...command('redact', { revision: 999_999, reason: 'x' }), answers: [422] },
  // With requests that are not there: what may be related is shown elsewhere.
  { ...command('link', { kind: 'parent', to: 'x' }), answers: [422] },
  { ...command('unlink', { kind: 'parent', to: 'x' }), answers: [422] },
  { ...command('merge', { into: 'x', reason: 'x' }), answers: [422] },
  command('unmerge', { reason: 'x' }),
  { ...command('split', { revisions: [0], subject: 'x' }), answers: [422] },
];
export const queries: readonly Route[] = [
  query('/v1/requests/{number}', 'request'),
  query('/v1/requests?search={number}', 'request'),
  query('/v1/requests/{number}/similar', 'similar'),
  query('/v1/requests/{number}/history', 'history'),
  query('/v1/requests/{number}/conversation', 'conversation'),
  query('/v1/requests/{number}/drafts', 'drafts'),
  { ...query('/v1/requests/{number}/attachments/{id}', 'attachment'), answers: [404] },
  query('/v1/requests/{number}/accountability', 'accountability'),
  query('/v1/requests/{number}/relations', 'relations'),
  query('/v1/requests/{number}/service-levels', 'serviceLevels'),
  query('/v1/queue', 'queue'),
  query('/v1/outbox', 'outbox'),
  query('/v1/service-levels', 'population'),
  query('/v1/events', 'events'),
  query('/v1/stream?after=0', 'stream'),
];
const promise = (path: string, bodies: Readonly<Record<string, object>>): readonly Route[] =>
  Object.entries(bodies).map(([verb, body]) => ({
    ...{ method: 'post', path: `${path}/{id}/${verb}`, allowed: mayPromise, body },
    // Nothing is drafted or activated under this id; what may be is shown elsewhere.
    answers: [200, 404, 409, 422],
  }));
const wrong = { revision: 1, reason: 'x' };
const promises: readonly Route[] = [
  ...promise('/v1/service-level-policies', {
    ...{ draft: { rank: 1, match: {}, clocks: [] }, activate: {}, correct: wrong, retire: {} },
  }),
  ...promise('/v1/calendars', { draft: { zone: 'UTC' }, activate: {}, correct: wrong }),
  ...['', '/{id}', '/{id}/preview'].map((path): Route => ({
    ...{ method: 'get', path: `/v1/service-level-policies${path}`, allowed: mayReadPromises, answers: [200, 404] },
  })),
  ...['', '/{id}'].map((path): Route => ({
    ...{ method: 'get', path: `/v1/calendars${path}`, allowed: mayReadPromises, answers: [200, 404] },
  })),
];
/** Of a customer whom nobody knows: what may be done with one who is there is shown elsewhere. */
const customerBodies: Readonly<Record<Exclude<keyof typeof mayCommandCustomer, 'register'>, object>> = {
  segment: { segment: 'gold' },
  'add-contact-point': { channel: 'chat', address: '@ada' },
  'remove-contact-point': { contactPoint: 'email' },
  'prefer-contact-point': { contactPoint: 'email' },
  'state-preferences': { language: 'de' },
  'give-consent': { purpose: 'newsletter', basis: 'consent' },
  'withdraw-consent': { purpose: 'newsletter' },
  rectify: { name: 'Ada', reason: 'x' },
  'agree-contract': { reference: 'C1', level: 'gold', from: '2026-01-01T00:00:00Z' },
  'end-contract': { reference: 'C1' },
  'join-organisation': { organisation: randomUUID() },
  'leave-organisation': {},
  merge: { into: randomUUID(), reason: 'same person' },
  unmerge: { reason: 'two people' },
  'place-legal-hold': { matter: 'A', reason: 'x' },
  'release-legal-hold': { matter: 'A' },
  'restrict-processing': { ground: 'objection', reason: 'x' },
  'lift-restriction': { reason: 'x' },
  erase: { ground: 'requested' },
};
const verbs = Object.keys(customerBodies) as readonly (keyof typeof customerBodies)[];
const customerCommands: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/customers',
    allowed: mayCommandCustomer.register,
    body: { name: 'Eve' },
    answers: [201],
  },
  ...verbs.map((verb): Route => ({
    ...{ method: 'post', path: `/v1/customers/{id}/${verb}`, allowed: mayCommandCustomer[verb] },
    ...{ body: customerBodies[verb], answers: [404] },
  })),
];
/** Nobody holds this number: what the roles may do is asked before that is seen. */
const except = (verb: ExceptionVerb, body: object): Route => ({
  ...{ method: 'post', path: `/v1/exceptions/{exception}/${verb}`, allowed: mayExcept[verb], body, answers: [404] },
});
const readException = (path: string, what: keyof typeof mayReadExceptions, answers = [200]): Route => ({
  ...{ method: 'get', path, allowed: mayReadExceptions[what], answers },
});
const exceptions: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/exceptions',
    allowed: mayExcept.open,
    body: { kind: 'x', what: 'x', why: 'x' },
    answers: [422],
  },
  except('amend', { why: 'x' }),
  except('assess', { needed: false, reasoning: 'x' }),
  except('assign', {}),
  except('approve', {}),
  ...(['reject', 'withdraw-approval', 'withdraw'] as const).map((verb) => except(verb, { reason: 'x' })),
  ...(['delegate', 'revoke-delegation'] as const).map((verb) => except(verb, { to: 'bob' })),
  except('renew', { until: '2126-01-01T00:00:00Z', reason: 'x' }),
  except('plan-action', { text: 'x' }),
  except('complete-action', { action: 1, text: 'x' }),
  except('verify-action', { action: 1, text: 'x', effective: true }),
  except('inform', { channel: 'phone', text: 'x' }),
  except('report-delivery', { message: 0, outcome: 'delivered' }),
  except('close', { prevention: 'x' }),
  except('feedback', { rating: 3 }),
  readException('/v1/exceptions', 'list'),
  readException('/v1/exceptions/recurrence?kind=x', 'recurrence'),
  readException('/v1/exceptions/{exception}', 'exception', [404]),
  readException('/v1/exceptions/{exception}/history', 'history', [404]),
  readException('/v1/requests/{number}/exceptions', 'ofRequest'),
];
const readCustomer = (path: string, what: keyof typeof mayReadCustomer, answers: readonly number[]): Route => ({
  ...{ method: 'get', path, allowed: mayReadCustomer[what], answers },
});
const customerQueries: readonly Route[] = [
  readCustomer('/v1/customers', 'list', [200]),
  readCustomer('/v1/customers/{id}', 'overview', [404]),
  readCustomer('/v1/customers/{id}/export', 'export', [404]),
  readCustomer('/v1/customers/{id}/export.html', 'export', [404]),
  readCustomer('/v1/customers/{id}/erasure-certificate', 'certificate', [404]),
  readCustomer('/v1/retention', 'retention', [200]),
  readCustomer('/v1/retention/preview', 'retention', [200]),
  ...[['set', { days: 36_500 }] as const, ['withdraw', {}] as const].map(([verb, body]): Route => ({
    ...{ method: 'post', path: `/v1/retention/${verb}`, allowed: maySetRetention, body, answers: [200] },
  })),
];
const aRule = { when: { on: 'hold-until' }, then: { verb: 'resume', body: {} } };
const automation: readonly Route[] = [
  ...[['save', aRule] as const, ['enable', {}] as const, ['disable', {}] as const].map(([verb, body]): Route => ({
    ...{ method: 'post', path: `/v1/automation/rules/{id}/${verb}`, allowed: mayRule, body, answers: [200] },
  })),
  { method: 'post', path: '/v1/automation/rehearse', allowed: mayRule, body: aRule, answers: [200] },
  { method: 'get', path: '/v1/automation/rules', allowed: mayReadRules, answers: [200] },
  { method: 'get', path: '/v1/automation/firings', allowed: mayReadRules, answers: [200] },
];
const bulk: readonly Route[] = [
  { method: 'post', path: '/v1/bulk', allowed: mayBulk, body: { verb: 'close', body: {} }, answers: [422] },
  { method: 'post', path: '/v1/bulk/{id}/cancel', allowed: mayBulk, body: {}, answers: [404] },
  { method: 'get', path: '/v1/bulk', allowed: mayReadBulk, answers: [200] },
  { method: 'get', path: '/v1/bulk/{id}', allowed: mayReadBulk, answers: [404] },
];
export const routes: readonly Route[] = [
  ...customerQueries,
  ...promises,
  ...exceptions,
  ...bulk,
  ...automation,
  ...customerCommands,
  { method: 'get', path: '/v1/templates', allowed: mayReadTemplates, answers: [200] },
  {
    ...{ method: 'post', path: '/v1/templates/{id}/save', allowed: maySaveTemplates, answers: [200] },
    body: { name: 'x', body: 'x' },
  },
  { method: 'post', path: '/v1/templates/{id}/retire', allowed: maySaveTemplates, body: {}, answers: [200] },
  { method: 'get', path: '/v1/views', allowed: mayView, answers: [200] },
  {
    ...{ method: 'post', path: '/v1/views', allowed: mayView, answers: [201] },
    body: { name: 'x', list: 'queue', filter: {} },
  },
  // Of a view that is not there; whose may be changed by whom is shown elsewhere.
  ...Object.entries({ rename: { name: 'x' }, refine: { filter: {} }, share: {}, retire: {} }).map(
    ([verb, body]): Route => ({
      ...{ method: 'post', path: `/v1/views/{id}/${verb}`, allowed: mayView, body, answers: [404] },
    }),
  ),
  { method: 'post', path: '/v1/requests', allowed: mayCommand.open, body: opening, answers: [201] },
  {
    ...{ method: 'post', path: '/v1/requests/similar', allowed: mayRead.similar, answers: [200] },
    body: { subject: 'x' },
  },
  {
    ...{ method: 'post', path: '/v1/inbound', allowed: mayReceive, answers: [200] },
    body: { messageId: '<access@test>', channel: 'email', from: { name: 'x', email: 'x@example.org' }, text: 'x' },
  },
  ...commands,
  ...queries,
  { method: 'post', path: '/v1/routing/dry-run', allowed: mayRead.backtests, body: { rules: [] }, answers: [200] },
  query('/v1/teams', 'directory'),
  query('/v1/staff', 'directory'),
  ...(
    [
      ['teams/{id}/rename', mayStaff, { name: 'x' }],
      ['teams/{id}/distribute', mayStaff, { strategy: 'manual' }],
      ['staff/{id}/roster', mayStaff, { capacity: 5 }],
      // Under a name that is free; an id is none.
      ['teams/{id}/register', mayStaff, { name: 'x' }],
      ['staff/{id}/register', mayStaff, { name: 'x' }],
      ...['teams', 'staff'].flatMap((kind) =>
        ['retire', 'reinstate'].map((verb) => [`${kind}/{id}/${verb}`, mayStaff, {}] as const),
      ),
      ['staff/{id}/available', ['lead', 'admin'], {}],
      ['staff/{id}/away', ['lead', 'admin'], {}],
    ] as const
  ).map(([path, allowed, body]): Route => ({ method: 'post', path: `/v1/${path}`, allowed, body, answers: [422] })),
  query('/v1/configuration', 'configuration'),
  ...['plan', 'apply'].map((verb): Route => ({
    ...{ method: 'post', path: `/v1/configuration/${verb}`, allowed: mayConfigure },
    // What is empty changes nothing.
    ...{ body: { document: {} }, answers: [200] },
  })),
  { method: 'post', path: '/v1/backtests', allowed: mayRead.backtests, body: {}, answers: [422] },
  { method: 'get', path: '/v1/backtests', allowed: mayRead.backtests, answers: [200] },
  { method: 'get', path: '/v1/backtests/{id}', allowed: mayRead.backtests, answers: [404] },
  { method: 'delete', path: '/v1/backtests/{id}', allowed: mayRead.backtests, answers: [404] },
];

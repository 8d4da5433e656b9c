import { adaptersOf } from '../../apps/adapters';
import { Client, ProblemBody, serve, Served } from '../../test/e2e/served';
import { eventually } from '../../test/faults/harness/eventually';
import { HistoryAnswer } from '../requests/read-models/history/history.http';
import { RuleFiring } from './fire-rule.handler';
import { Rule } from './rule';
import { FiringsAnswer, RehearsalAnswer, RulesAnswer } from './read-models/firings/automation.http';

/** Rules over HTTP: what happens, and what does not happen for a while. */
jest.setTimeout(60_000);

const begin = Date.UTC(2026, 0, 5, 9);
const day = 86_400_000;
let now = begin;
let server: Served;
let alice: Client;
let lead: Client;

beforeAll(async () => {
  server = await serve(() => new Date(now));
  alice = await server.as('agent', 'alice');
  lead = await server.as('lead', 'carol');
});
afterAll(() => server.stop());

const opening = { subject: 'x', description: 'y', type: 'incident', impact: 'low', urgency: 'low' };
const open = async (facts: object = {}): Promise<string> =>
  (await alice.post('/v1/requests', { ...opening, ...facts, customer: { name: 'Ada' } })).body.number;
const order = async (number: string, verb: string, body: object = {}): Promise<void> => {
  const { status } = await alice.post(`/v1/requests/${number}/${verb}`, body);
  expect({ verb, status }).toEqual({ verb, status: 200 });
};
const change = async (id: string, verb: string, body: object = {}): Promise<number> =>
  (await lead.post(`/v1/automation/rules/${id}/${verb}`, body)).status;
const history = async (number: string) =>
  (await lead.get<HistoryAnswer>(`/v1/requests/${number}/history`)).body.events ?? [];
const has = (number: string, type: string): Promise<void> =>
  eventually(`${type} of ${number}`, async () => (await history(number)).some((event) => event.type === type));
const log = async (query: string): Promise<FiringsAnswer> =>
  (await lead.get<FiringsAnswer>(`/v1/automation/firings?${query}`)).body;

it('does nothing until somebody enables a rule; a rule that cannot be is refused', async () => {
  const { items, total } = (await lead.get<RulesAnswer>('/v1/automation/rules')).body;
  expect(items.map(({ id, enabled }) => [id, enabled])).toEqual([
    ['close-quiet', false],
    ['resume-held', false],
  ]);
  expect(total).toBe(2);
  const refusal = async (body: object) => {
    const { body: problem } = await lead.post<ProblemBody>('/v1/automation/rules/r/save', body);
    return problem.errors?.[0]?.pointer;
  };
  const close = { verb: 'close', body: {} };
  expect(await refusal({ when: { on: 'event' }, then: close })).toBe('/when/types');
  expect(await refusal({ when: { on: 'hold-until' }, then: { verb: 'note', body: {} } })).toBe('/then/body/text');
  const quiet = { on: 'quiet', status: 'resolved', quietSeconds: 9, calendar: 'none' };
  expect(await refusal({ when: quiet, then: close })).toBe('/when/calendar');
  expect(await change('nothing', 'enable')).toBe(404);
});

it('reacts to what happens, once, to those that it is for, and says so; what it is refused for too', async () => {
  const before = await open({ category: 'printing' });
  await has(before, 'RequestOpened');
  const when = { on: 'event', types: ['RequestOpened'] };
  const conditions = [{ field: 'category', in: ['printing'] }];
  const rule = { when, conditions, then: { verb: 'escalate', body: { to: 'L2', reason: 'Printing' } } };
  expect((await lead.post<RehearsalAnswer>('/v1/automation/rehearse', rule)).body).toMatchObject({
    ...{ total: 1, complete: true, items: [{ number: before, cause: 'RequestOpened' }] },
  });
  expect(await change('printing', 'save', rule)).toBe(200);
  now += 1_000;
  expect(await change('printing', 'enable')).toBe(200);
  const refused = { when: { on: 'event', types: ['RequestEscalated'] }, then: { verb: 'close', body: {} } };
  expect(await change('refused', 'save', refused)).toBe(200);
  expect(await change('refused', 'enable')).toBe(200);
  now += 1_000;
  const [number, other] = [await open({ category: 'printing' }), await open({ category: 'other' })];
  await has(number, 'RequestEscalated');
  await eventually('both are in the log', async () => (await log(`number=${number}`)).total === 2);
  expect((await log(`number=${number}`)).items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ rule: 'printing@1', number, events: ['RequestEscalated'], code: null }),
      expect.objectContaining({ rule: 'refused@1', number, events: [], code: 'REQUEST_NOT_RESOLVED' }),
    ]),
  );
  const [opened, escalated] = await history(number);
  expect(escalated).toMatchObject({ type: 'RequestEscalated', actor: { id: 'process:automation:printing' } });
  await server.beside(async ({ store }) => {
    const [first, second] = await store.read(`request-${number}`);
    expect(second?.metadata).toMatchObject({ $causationId: first?.id, rules: 'printing@1' });
  });
  expect(opened?.type).toBe('RequestOpened');
  for (const each of [before, other]) expect((await log(`number=${each}`)).total).toBe(0);
  expect(await change('refused', 'disable')).toBe(200);
});

it('closes what was resolved and stays quiet for two weeks, resumes what was held until then, and leaves alone who speaks', async () => {
  expect(await change('close-quiet', 'enable')).toBe(200);
  expect(await change('resume-held', 'enable')).toBe(200);
  const [quiet, spoken, held] = [await open(), await open(), await open()];
  for (const number of [quiet, spoken]) await order(number, 'resolve', { code: 'fixed', resolution: 'x' });
  await order(held, 'hold', { reason: 'x', waitingFor: 'supplier', until: new Date(now + 3 * day).toISOString() });
  await has(spoken, 'RequestResolved');
  const { customer } = (await alice.get<{ customer: { id: string } }>(`/v1/requests/${spoken}`)).body;
  now += 10 * day;
  await has(held, 'RequestResumed');
  const ada = await server.as('customer', customer.id);
  expect((await ada.post(`/v1/requests/${spoken}/respond`, { text: 'Wait' })).status).toBe(200);
  now += 5 * day;
  await has(quiet, 'RequestClosed');
  await eventually('it is in the log', async () => (await log('rule=close-quiet')).total === 1);
  expect((await log('rule=close-quiet')).items).toMatchObject([{ rule: 'close-quiet@1', number: quiet }]);
  expect((await history(spoken)).map(({ type }) => type)).not.toContain('RequestClosed');
  now += 10 * day;
  await has(spoken, 'RequestClosed');
  for (const number of [quiet, spoken])
    expect((await history(number)).filter(({ type }) => type === 'RequestClosed')).toHaveLength(1);
});

it('acts once for an event, whichever worker dies between acting and saying so, and however many try', async () => {
  const number = await open();
  const rule: Rule = {
    ...{ id: 'race', revision: 1, when: { on: 'event', types: ['RequestOpened'] }, conditions: [] },
    then: { verb: 'escalate', body: { to: 'L3', reason: 'once' } },
  };
  await server.beside((one) =>
    server.beside(async (other) => {
      const workers = [one, other].map((engine) => {
        const { orders, cases, customers } = adaptersOf(engine, server.config);
        return new RuleFiring(engine, orders, cases, customers);
      });
      const [cause] = await one.store.read(`request-${number}`);
      const { $correlationId: correlationId = '' } = cause?.metadata ?? {};
      const occasion = { number, eventId: cause?.id ?? '', correlationId, rules: undefined, revision: 0 };
      // Nobody is told how far the others came: each does all of it, as one that takes over from the dead does.
      const fire = (worker: RuleFiring): Promise<unknown> => worker.fire(rule, occasion).catch(String);
      await Promise.all([...workers, ...workers, ...workers].map(fire));
      await Promise.all(workers.map(fire));
    }),
  );
  await eventually('it is in the log', async () => (await log(`number=${number}`)).total === 1);
  expect((await log(`number=${number}`)).items).toMatchObject([{ rule: 'race@1', events: ['RequestEscalated'] }]);
  expect((await history(number)).map(({ type }) => type)).toEqual(['RequestOpened', 'RequestEscalated']);
});

it('leaves alone whose processing is restricted, and says so', async () => {
  const first = await open({ category: 'printing' });
  await has(first, 'RequestEscalated');
  const { customer } = (await alice.get<{ customer: { id: string } }>(`/v1/requests/${first}`)).body;
  const known = { category: 'printing', customer: { id: customer.id } };
  const openKnown = async (): Promise<string> =>
    (await alice.post('/v1/requests', { ...opening, ...known })).body.number;
  const restrict = (verb: string, body: object) => lead.post(`/v1/customers/${customer.id}/${verb}`, body);
  await eventually(
    'they have a record',
    async () => (await restrict('restrict-processing', { ground: 'objection', reason: 'x' })).status === 200,
  );
  const second = await openKnown();
  await eventually('it is in the log', async () => (await log(`number=${second}`)).total === 1);
  expect((await log(`number=${second}`)).items).toMatchObject([{ events: [], code: 'PROCESSING_RESTRICTED' }]);
  expect((await history(second)).map(({ type }) => type)).not.toContain('RequestEscalated');
  expect((await restrict('lift-restriction', { reason: 'told' })).status).toBe(200);
  await has(await openKnown(), 'RequestEscalated');
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../apps/cli/cli';
import { HistoryAnswer } from '../../libs/requests/read-models/history/history.http';
import { StaffAnswer, TeamsAnswer } from '../../libs/requests/read-models/directory/directory.http';
import { ConfigurationAnswer } from '../../libs/requests/read-models/configuration/configuration.http';
import { RetiredStaff } from '../../libs/requests/read-models/directory/retired-staff.query';
import { InboundAnswer } from '../../libs/requests/inbound/inbound.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { PlanAnswer } from '../../libs/configuration/commands/apply/apply.http';
import { RoutingTrialAnswer } from '../../libs/requests/routing-trials/routing-trials.http';
import { Directory } from '../../libs/teams/directory.adapter';
import { eventually } from '../faults/harness/eventually';
import { Answer, Client, ProblemBody, serve, Served } from './served';

/** A desk that configures itself and lets its work find people, over HTTP. */
jest.setTimeout(60_000);

let server: Served;
let lead: Client;
let agent: Client;

beforeAll(async () => {
  server = await serve();
  [lead, agent] = [await server.as('lead', 'carol'), await server.as('agent', 'alice')];
});
afterAll(() => server.stop());

const opening = (facts: object = {}) => ({
  ...{ subject: 'It does not print', description: 'Since Monday', type: 'incident', impact: 'low', urgency: 'low' },
  ...{ customer: { name: 'Ada Byron' }, ...facts },
});
const done = async (answer: Promise<Answer<{ readonly position: string }>>): Promise<string> => {
  const { status, body } = await answer;
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.position;
};
const apply = (document: object): Promise<string> => done(lead.post('/v1/configuration/apply', { document }));
const open = async (facts: object): Promise<string> => {
  const { status, body } = await agent.post('/v1/requests', opening(facts));
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.number;
};
const refusal = async (answer: Promise<Answer<unknown>>): Promise<string> => {
  const { status, body } = (await answer) as Answer<ProblemBody>;
  return `${status} ${(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`).join(' ')}`;
};
const message = (messageId: string, facts: object = {}): Promise<Answer<InboundAnswer>> =>
  agent.post<InboundAnswer>('/v1/inbound', {
    ...{ messageId, channel: 'email', from: { email: 'goldie@example.org' }, subject: 'Help', text: 'It is dark' },
    ...facts,
  });
const seen = async (number: string, query = ''): Promise<RequestView> =>
  (await agent.get<RequestView>(`/v1/requests/${number}${query}`)).body;

describe('what requests may name', () => {
  it('is everything until it is configured, and shows what a change would do before it is done', async () => {
    const number = await open({ type: 'whatever', product: 'LaserJet 4' });
    await lead.get(
      `/v1/requests/${number}?after=${await done(agent.post(`/v1/requests/${number}/note`, { text: 'x' }))}`,
    );
    const { body: before } = await lead.get<ConfigurationAnswer>('/v1/configuration');
    expect(before.open).toEqual(['types', 'fields', 'categories', 'products', 'codes']);
    const document = { products: { 'LaserJet 4': { name: 'LaserJet' } } };
    const { body: plan } = await lead.post<PlanAnswer>('/v1/configuration/plan', { document });
    expect(plan.lines).toEqual([
      '+ products LaserJet 4: {"name":"LaserJet"}',
      '! products: until now every word was taken; from now on only those that are listed',
    ]);
    await apply(document);
    expect((await lead.get<ConfigurationAnswer>('/v1/configuration')).body.open).not.toContain('products');
    expect(await refusal(agent.post('/v1/requests', opening({ product: 'other' })))).toBe(
      '422 /product UNKNOWN_PRODUCT',
    );
    expect((await seen(number)).names).toMatchObject({ type: 'whatever', product: 'LaserJet' });
  });

  it('can be taken out and put back, and nothing changes', async () => {
    const { document } = (await lead.get<ConfigurationAnswer>('/v1/configuration')).body;
    const { body } = await lead.post('/v1/configuration/apply', { document });
    expect(body.events).toEqual([]);
  });

  it('says of a wrong document where it is wrong, and changes nothing', async () => {
    const wrong = { document: { types: { a: { name: '' } }, colours: {} } };
    expect(await refusal(lead.post('/v1/configuration/apply', wrong))).toBe(
      '422 /colours UNKNOWN_PROPERTY /types/a/name NOT_A_NAME',
    );
    const rules = { document: { routing: { rules: [{ id: 'a', team: 'nobody' }] } } };
    expect(await refusal(lead.post('/v1/configuration/plan', rules))).toBe('422 /routing/rules/0/team UNKNOWN_TEAM');
    const late = { document: { codes: { a: { name: 'A' } } }, from: '2001-01-01T00:00:00Z' };
    expect(await refusal(lead.post('/v1/configuration/plan', late))).toBe('422 /from IN_THE_PAST');
  });

  it('has names of its time, and retires without forgetting', async () => {
    const named = (name: string) => ({ codes: { fixed: { name }, other: { name: 'Other' } } });
    await apply(named('Fixed'));
    const number = await open({});
    await done(agent.post(`/v1/requests/${number}/resolve`, { code: 'fixed', resolution: 'x' }));
    const between = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await apply(named('Solved'));
    const key = { 'idempotency-key': 'resolve-once' };
    const second = await open({});
    await done(agent.post(`/v1/requests/${second}/resolve`, { code: 'fixed', resolution: 'x' }, key));
    const position = await apply({ codes: { other: { name: 'Other' } } });
    expect((await seen(number, `?after=${position}&namesAsOf=${between}`)).names.code).toBe('Fixed');
    expect((await seen(number)).names.code).toBe('Solved');
    // What was taken once is answered again; what is new is refused.
    const again = await agent.post(`/v1/requests/${second}/resolve`, { code: 'fixed', resolution: 'x' }, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    const third = await open({});
    const late = agent.post(`/v1/requests/${third}/resolve`, { code: 'fixed', resolution: 'x' });
    expect(await refusal(late)).toBe('422 /code RETIRED_CODE');
  });

  it('asks for the fields of a type, reads them by their kind, and seals their texts', async () => {
    const { document } = (await lead.get<ConfigurationAnswer>('/v1/configuration')).body;
    await apply({
      fields: {
        ...document.fields,
        serial: { name: 'Serial number', kind: 'text' },
        floor: { name: 'Floor', kind: 'number' },
      },
      types: {
        ...document.types,
        printer: {
          name: 'Printer',
          statusNames: { open: 'Broken' },
          fields: { serial: 'required', floor: 'optional', language: 'optional' },
        },
      },
    });
    const printer = (fields: object) => agent.post('/v1/requests', opening({ type: 'printer', fields }));
    expect(await refusal(printer({ floor: 'third' }))).toBe(
      '422 /fields/floor FIELD_INVALID /fields/serial FIELD_REQUIRED',
    );
    const unknown = await message('<typed@example.org>', { intake: { type: 'printr' } });
    expect(await refusal(Promise.resolve(unknown))).toBe('422 /intake/type UNKNOWN_TYPE');
    const { status, body } = await printer({ serial: 'SERIAL-4711', floor: 2.5, language: 'de' });
    expect({ status, body }).toMatchObject({ status: 201, body: { events: ['RequestOpened', 'RequestFieldsFilled'] } });
    const changed = await done(
      agent.post(`/v1/requests/${body.number}/classify`, { fields: { floor: 3, language: null } }),
    );
    const view = await seen(body.number, `?after=${changed}`);
    expect(view.fields).toEqual({ serial: 'SERIAL-4711', floor: 3 });
    expect(view.names).toMatchObject({ status: 'Broken', fields: { serial: 'Serial number', floor: 'Floor' } });
    const auditor = await server.as('auditor');
    expect((await auditor.get<RequestView>(`/v1/requests/${body.number}`)).body.fields).toMatchObject({
      serial: '[withheld]',
    });
    const stored = await server.beside(({ store }) => store.read(`request-${body.number}`));
    expect(JSON.stringify(stored.map(({ data }) => data))).not.toContain('SERIAL-4711');
  });

  it('gives the priority of its day, and no request another one afterwards', async () => {
    const number = await open({});
    const { document } = (await lead.get<ConfigurationAnswer>('/v1/configuration')).body;
    const { priorities } = document;
    await apply({ priorities: { ...priorities, low: { ...priorities?.low, low: 'P2' } } });
    const after = await open({});
    const position = await done(agent.post(`/v1/requests/${number}/classify`, { category: 'printing' }));
    expect((await seen(number, `?after=${position}`)).priority).toBe('P5');
    expect((await seen(after)).priority).toBe('P2');
    await apply({ priorities });
  });
});

describe('work finds people', () => {
  const people = ['dora', 'emil'] as const;
  const holder = async (number: string): Promise<string | null | undefined> => (await seen(number)).assignee;
  const isHeldBy = (number: string, assignee: string) =>
    eventually(`${number} is ${assignee}'s`, async () => (await holder(number)) === assignee);
  const eventsOf = async (number: string) =>
    (await lead.get<HistoryAnswer>(`/v1/requests/${number}/history`)).body.events;

  beforeAll(async () => {
    await done(lead.post('/v1/teams/desk/register', { name: 'Printers' }));
    for (const handle of people) {
      await done(lead.post(`/v1/staff/${handle}/register`, { name: handle, team: 'desk' }));
      await done(lead.post(`/v1/staff/${handle}/roster`, { skills: ['printers'], capacity: 2, calendar: 'always' }));
    }
    await done(lead.post('/v1/teams/desk/distribute', { strategy: 'round-robin', weights: { P1: 2 } }));
    await apply({
      routing: {
        rules: [
          { id: 'german', when: { languages: ['de'] }, team: 'billing', skills: [] },
          { id: 'printers', when: { categories: ['printing'] }, team: 'desk', skills: ['printers'] },
          { id: 'gold', when: { segments: ['gold'] }, team: 'billing' },
        ],
      },
    });
  });

  it('lists who there is and how they work', async () => {
    const staff = async () => (await lead.get<StaffAnswer>('/v1/staff?team=desk')).body;
    await eventually('both are there', async () => (await staff()).total === people.length);
    expect(await staff()).toMatchObject({
      total: 2,
      items: people.map((handle) => ({ handle, team: 'desk', capacity: 2 })),
    });
    const { body: teams } = await lead.get<TeamsAnswer>('/v1/teams');
    expect(teams.items.find(({ handle }) => handle === 'desk')).toMatchObject({
      ...{ name: 'Printers', strategy: 'round-robin', weights: { P1: 2, P5: 1 } },
    });
    expect(await refusal(lead.post('/v1/staff/dora/roster', { calendar: 'none' }))).toBe(
      '422 /calendar UNKNOWN_CALENDAR',
    );
  });

  it('by the first rule that matches, in the append of the opening, and says why', async () => {
    const { body } = await agent.post('/v1/requests', opening({ category: 'printing' }));
    expect(body.events).toEqual(['RequestOpened', 'RequestRouted', 'RequestAssigned']);
    await agent.get(`/v1/requests/${body.number}?after=${body.position}`);
    const [, routed, assigned] = await eventsOf(body.number);
    expect(routed?.data).toMatchObject({ rule: 'printers', matched: 'category=printing', skills: ['printers'] });
    expect([routed?.actor.id, assigned?.actor.id]).toEqual(['process:route-requests', 'process:route-requests']);
    await done(agent.post(`/v1/requests/${body.number}/cancel`, { reason: 'a test' }));
  });

  it('not where somebody says the team, no rule matches, or the team gives nothing by itself', async () => {
    const named = await open({ category: 'printing', team: 'support' });
    const unmatched = await open({ category: 'other' });
    const moved = await open({ category: 'other' });
    const position = await done(agent.post(`/v1/requests/${moved}/classify`, { category: 'printing' }));
    expect(await seen(named, `?after=${position}`)).toMatchObject({ team: 'support', assignee: null });
    expect(await seen(unmatched)).toMatchObject({ team: null, assignee: null });
    // What is said later counts as long as nobody has it.
    expect(await seen(moved)).toMatchObject({ team: 'desk', assignee: null });
    await done(agent.post(`/v1/requests/${moved}/cancel`, { reason: 'a test' }));
  });

  it('can be tried on the past, with rules of a draft, and nothing comes of it', async () => {
    const before = await server.beside(({ store }) => store.head());
    const rules = [{ id: 'all', when: { categories: ['other'] }, team: 'billing' }];
    const { body } = await lead.post<RoutingTrialAnswer>('/v1/routing/dry-run', { rules });
    expect(body.rules).toMatchObject([{ rule: 'all', requests: 2, sameTeam: 0 }]);
    expect(body.named).toBe(1);
    expect(body.requests).toBe(body.named + body.unmatched + 2);
    expect(body.differences).toHaveLength(2);
    const file = join(server.dataDirectory, 'rules.yaml');
    writeFileSync(file, `routing: { rules: ${JSON.stringify(rules)} }`);
    let out = '';
    const exitCode = await runCommandLine(['routing', 'dry-run', '--rules', file, '--json'], {
      terminal: { out: (text) => void (out += text), note: () => undefined, isWatched: false },
      environment: { CASEFOLD_DATA: server.dataDirectory },
      signal: new AbortController().signal,
      now: () => new Date(),
    });
    expect([exitCode, JSON.parse(out)]).toEqual([0, body]);
    const none = { rules, to: '2001-01-01T00:00:00Z' };
    expect((await lead.post<RoutingTrialAnswer>('/v1/routing/dry-run', none)).body.requests).toBe(0);
    expect(await server.beside(({ store }) => store.head())).toBe(before);
  });

  it('by the kind of customer, also when a message comes in, and is tried on the past by the kind of then', async () => {
    const { body: goldie } = await agent.post('/v1/customers', { name: 'Goldie', email: 'goldie@example.org' });
    const segment = (name?: string) =>
      done(lead.post(`/v1/customers/${goldie.number}/segment`, name === undefined ? {} : { segment: name }));
    await segment('gold');
    const { number, position } = (await message('<gold@example.org>')).body;
    expect(await seen(number ?? '', `?after=${position}`)).toMatchObject({ team: 'billing' });
    const [, routed] = await eventsOf(number ?? '');
    expect(routed?.data).toMatchObject({ rule: 'gold', matched: 'segment=gold' });
    const changed = await segment();
    await lead.get(`/v1/customers/${goldie.number}?after=${changed}`);
    const rules = [{ id: 'a', when: { segments: ['gold'] }, team: 'support' }];
    const { body } = await lead.post<RoutingTrialAnswer>('/v1/routing/dry-run', { rules });
    expect(body.rules).toMatchObject([{ rule: 'a', requests: 1, sameTeam: 0 }]);
    expect(body.differences).toMatchObject([{ number, matched: 'segment=gold', given: Object(routed?.data).team }]);
  });

  it('of a request that is split off, when nobody has the one that it comes from', async () => {
    const whole = await open({ category: 'other' });
    await done(agent.post(`/v1/requests/${whole}/respond`, { text: 'And it does not print', direction: 'in' }));
    const part = { revisions: [1], subject: 'It does not print', category: 'printing' };
    const { body } = await agent.post(`/v1/requests/${whole}/split`, part);
    expect(body.events.slice(-2)).toEqual(['RequestRouted', 'RequestAssigned']);
    expect(await seen(body.number, `?after=${body.position}`)).toMatchObject({ team: 'desk' });
    await done(agent.post(`/v1/requests/${body.number}/cancel`, { reason: 'a test' }));
  });

  it('waits for people, goes to them in turn and never beyond what they can carry, oldest first when somebody has room', async () => {
    const numbers: string[] = [];
    for (let opened = 0; opened < 6; opened++) numbers.push(await open({ category: 'printing' }));
    const [dora, emil] = [await server.as('agent', 'dora'), await server.as('agent', 'emil')];
    expect((await dora.post('/v1/staff/emil/available', {})).status).toBe(403);
    await done(dora.post('/v1/staff/dora/available', {}));
    await isHeldBy(numbers[0]!, 'dora');
    await isHeldBy(numbers[1]!, 'dora');
    await done(emil.post('/v1/staff/emil/available', {}));
    await isHeldBy(numbers[2]!, 'emil');
    await isHeldBy(numbers[3]!, 'emil');
    // Both are full: what comes is not for the newest.
    expect(await Promise.all(numbers.slice(4).map(holder))).toEqual([null, null]);
    await done(dora.post(`/v1/requests/${numbers[1]}/resolve`, { code: 'other', resolution: 'x' }));
    await isHeldBy(numbers[4]!, 'dora');
    expect(await holder(numbers[5]!)).toBeNull();
    const given = (await eventsOf(numbers[4]!)).find(({ type }) => type === 'RequestDistributed');
    expect(given?.data).toMatchObject({ strategy: 'round-robin', turn: 5, weight: 1, others: 0 });
    expect(
      Object(given?.data)
        .considered.map(({ verdict }: { verdict: string }) => verdict)
        .sort(),
    ).toEqual([...['chosen', 'full']]);
    // Two at once want the next: whoever is first has it, and the other is told so by the revision.
    await Promise.all([
      dora.post(`/v1/requests/${numbers[0]}/resolve`, { code: 'other', resolution: 'x' }),
      ...numbers
        .slice(5)
        .map((number) => emil.post(`/v1/requests/${number}/assign`, { team: 'desk', assignee: 'emil' })),
    ]);
    await eventually('somebody has the last', async () => (await holder(numbers[5]!)) !== null);
    const holders = (await eventsOf(numbers[5]!)).filter(({ type }) => type === 'RequestAssigned');
    expect(holders.length).toBeLessThanOrEqual(3);
  });

  it('not to those who work here no more, whose work goes back to their team', async () => {
    const [number, held] = [await open({ category: 'printing' }), await open({ category: 'printing' })];
    for (const each of [number, held])
      await done(agent.post(`/v1/requests/${each}/assign`, { team: 'desk', assignee: 'emil' }));
    await done(agent.post(`/v1/requests/${held}/hold`, { reason: 'x', waitingFor: 'supplier' }));
    await done(lead.post('/v1/staff/dora/away', {}));
    for (const each of [number, held]) await isHeldBy(each, 'emil');
    const position = await done(lead.post('/v1/staff/emil/retire', {}));
    await eventually('nothing stands with emil', async () =>
      (await Promise.all([number, held].map(holder))).every((each) => each === null),
    );
    expect(await seen(held)).toMatchObject({ team: 'desk', status: 'held' });
    expect((await eventsOf(number)).at(-1)).toMatchObject({
      type: 'RequestAssigned',
      actor: { id: 'process:return-work' },
    });
    const again = agent.post(`/v1/requests/${number}/assign`, { team: 'desk', assignee: 'emil' });
    expect(await refusal(again)).toBe('409 /assignee STAFF_RETIRED');
    expect((await lead.post<ProblemBody>('/v1/staff/emil/available', {})).body.code).toBe('STAFF_RETIRED');
    const { body } = await lead.get<StaffAnswer>(`/v1/staff?after=${position}`);
    expect(body.items.find(({ handle }) => handle === 'emil')).toMatchObject({ retired: true, presence: 'away' });
    await done(lead.post('/v1/staff/emil/reinstate', {}));
    await done(agent.post(`/v1/requests/${number}/assign`, { team: 'desk', assignee: 'emil' }));
  });

  it('not by the token of somebody who works here no more, at once, and by nobody else’s less', async () => {
    const emil = await server.as('agent', 'emil');
    const others = await Promise.all([server.as('agent', 'a-carrier'), server.as('customer', emil.id)]);
    const people = [emil, await server.as('lead', 'emil'), ...others, lead];
    const codeOf = async (asked: Promise<Answer<unknown>>): Promise<string> => {
      const { status, body } = (await asked) as Answer<ProblemBody>;
      return `${status} ${body.code ?? ''}`;
    };
    const told = () => Promise.all(people.map((each) => codeOf(each.get('/v1/requests?search=printing'))));
    const [fine, gone] = ['200 ', '401 UNAUTHENTICATED'];
    expect(await told()).toEqual(people.map(() => fine));
    const position = await done(lead.post('/v1/staff/emil/retire', {}));
    expect(await told()).toEqual([gone, gone, fine, fine, fine]);
    expect(await codeOf(emil.post('/v1/requests', {}))).toBe(gone);
    // A server that did not retire them itself reads of it, also one that has only just started.
    await lead.get(`/v1/staff?after=${position}`);
    await server.beside(async (engine) => {
      const retired = new RetiredStaff(engine, new Directory(engine.runner, engine.installation));
      expect(await Promise.all([emil, lead].map(({ id }) => retired.has(id)))).toEqual([true, false]);
    });
    await done(lead.post('/v1/staff/emil/reinstate', {}));
    expect(await told()).toEqual(people.map(() => fine));
  });

  it('through no team that is retired, and no team that rules name is', async () => {
    const named = await lead.post<ProblemBody>('/v1/teams/desk/retire', {});
    expect([named.status, named.body.code]).toEqual([409, 'TEAM_IN_RULES']);
    await done(lead.post('/v1/teams/attic/register', { name: 'Attic' }));
    const before = await message('<attic@example.org>', { intake: { team: 'attic' } });
    expect(before).toMatchObject({ status: 200, body: { result: 'opened' } });
    await done(lead.post('/v1/teams/attic/retire', {}));
    expect(await refusal(agent.post('/v1/requests', opening({ team: 'attic' })))).toBe('409 /team TEAM_RETIRED');
    // What was taken in before is not refused when it is delivered again.
    expect(await message('<attic@example.org>', { intake: { team: 'attic' } })).toMatchObject({ body: before.body });
    const rules = { document: { routing: { rules: [{ id: 'a', team: 'attic' }] } } };
    expect(await refusal(lead.post('/v1/configuration/apply', rules))).toBe('422 /routing/rules/0/team TEAM_RETIRED');
    await done(lead.post('/v1/teams/attic/reinstate', {}));
    await open({ team: 'attic' });
  });
});

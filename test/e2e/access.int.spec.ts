import { Controller, Get, Module } from '@nestjs/common';
import { createHmac, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, JWTPayload, SignJWT } from 'jose';
import { pino } from 'pino';
import { adaptersOf } from '../../apps/adapters';
import { ServerModule } from '../../apps/server/server.module';
import { numberFor } from '../../libs/case-numbers/number-for';
import { Role, roles } from '../../libs/platform/auth/caller';
import { OwnTokens } from '../../libs/platform/auth/token';
import { HealthChecks } from '../../libs/platform/health/health-checks';
import { createHttpServer } from '../../libs/platform/http/http-server';
import { RateLimit } from '../../libs/platform/http/rate-limit';
import { HistoryAnswer } from '../../libs/requests/read-models/history/history.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { amongStaff, commands, opening, planted, queries, Route, routes } from './access-routes';
import { Answer, Client, ProblemBody, serve, Served } from './served';

/** Who may do and see what, over HTTP: the table of permissions, cell by cell, and what lies behind it. */
jest.setTimeout(60_000);

let server: Served;
let clients: Record<Role, Client>;
let stranger: Client;
let at: string;
let number: string;
/** A number that is right and nobody's. */
let missing: string;

beforeAll(async () => {
  server = await serve();
  const agent = await server.as('agent', 'alice');
  const opened = await agent.post('/v1/requests', opening);
  ({ number } = opened.body);
  at = `/v1/requests/${number}`;
  const { numberKey: key, installation } = server.secrets;
  missing = numberFor({ key, prefix: 'CSR', commandId: randomUUID(), attempt: 0, installation });
  let { position } = opened.body;
  for (const [verb, body] of [
    ['assign', { team: 'support', assignee: 'bob' }],
    ['escalate', { to: 'L2', reason: planted.escalation }],
    ['hold', { reason: planted.hold, waitingFor: 'customer' }],
    ['resume', {}],
    ['respond', { text: planted.answer }],
    ['note', { text: planted.note }],
    ['resolve', { code: 'fixed', resolution: planted.resolution }],
    ['reopen', { reason: planted.reopening }],
    ['correct', { revision: 0, reason: planted.correction, subject: planted.corrected }],
  ] as const) {
    const answer = await agent.post(`${at}/${verb}`, body);
    expect({ verb, status: answer.status }).toEqual({ verb, status: 200 });
    ({ position } = answer.body);
  }
  const { body } = await agent.get<RequestView>(`${at}?after=${position}`);
  clients = {
    agent,
    lead: await server.as('lead', 'carol'),
    auditor: await server.as('auditor'),
    reporter: await server.as('reporter'),
    admin: await server.as('admin'),
    customer: await server.as('customer', body.customer.id),
  };
  stranger = await server.as('customer', randomUUID());
});
afterAll(() => server.stop());

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
type Send = (client: Client) => Promise<Answer<ProblemBody>>;

const nobody = randomUUID();
const asFile = { 'content-type': 'text/plain', 'content-disposition': 'attachment; filename=a.txt' };
const addressOf = (path: string, of: string): string =>
  path.replace('exceptions/{number}', 'exceptions/CER').replace('{number}', of).replace('{id}', nobody);
const send =
  ({ method, path, body, file }: Route, of = number): Send =>
  (client) => {
    const address = addressOf(path, of);
    if (method === 'delete') return client.send(address, { method: 'DELETE' });
    if (file) return client.raw(address, file, asFile);
    return method === 'get' ? client.get(address) : client.post(address, body);
  };
const withoutPlace = ({ status, body: { instance: _instance, ...body } }: Answer<ProblemBody>) => ({ status, body });

describe('the table of permissions', () => {
  it('has every route of the contract', async () => {
    const contract: { paths: Record<string, object> } = JSON.parse(
      await (await fetch(`${server.url}/v1/openapi.json`)).text(),
    );
    const documented = Object.entries(contract.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const known = routes.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    expect([...known].sort()).toEqual([...documented].sort());
    expect(commands.length).toBeGreaterThanOrEqual(24);
  });

  it('is what every route answers to every role: it works, or it is 403', async () => {
    const cells: unknown[] = [];
    const expected: unknown[] = [];
    for (const route of routes) {
      const answers = await Promise.all(
        roles.map(async (role) => ({ role, answer: await send(route)(clients[role]) })),
      );
      for (const { role, answer } of answers) {
        const { status, body } = answer;
        const isAllowed = route.allowed.includes(role);
        const cell = { route: `${route.method} ${route.path}`, role };
        const isRight = isAllowed ? route.answers.includes(status) : status === 403 && body.code === 'FORBIDDEN';
        cells.push({ ...cell, isRight, status });
        expected.push({ ...cell, isRight: true, status });
      }
    }
    expect(cells).toEqual(expected);
    expect(cells.length).toBeGreaterThan(200);
  });

  it('asks everybody for a token, on every route, and says how', async () => {
    for (const { method, path, body = {} } of routes) {
      const init = { headers: { 'content-type': 'application/json' }, method: method.toUpperCase() };
      const response = await fetch(
        server.url + addressOf(path, number),
        method === 'get' ? {} : { ...init, body: JSON.stringify(body) },
      );
      expect({ path, status: response.status }).toEqual({ path, status: 401 });
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    }
  });

  it('is asked before anything else: a role that may not learns nothing about the case or its body', async () => {
    for (const route of commands.filter(({ allowed }) => !allowed.includes('auditor'))) {
      const answers = [
        await send(route)(clients.auditor),
        await send(route, missing)(clients.auditor),
        await send({ ...route, body: { nonsense: 1 } })(clients.auditor),
      ];
      for (const answer of answers) expect(withoutPlace(answer)).toEqual(withoutPlace(answers[0] ?? answer));
      expect(answers[0]?.status).toBe(403);
    }
  });

  it('names the routes of a server, which does not start while one of them is silent', async () => {
    @Controller()
    class Forgetful {
      @Get('v1/open-door') openDoor(): string {
        return 'come in';
      }
    }
    const { installation, tokenSigningKey: key } = server.secrets;
    await server.beside(async (engine) => {
      const options = {
        adapters: adaptersOf(engine, server.config),
        verifier: new OwnTokens({ key, installation, now: () => Date.now() }),
        rateLimit: new RateLimit(undefined),
        checks: new HealthChecks([]),
      };
      class Root {}
      Module({ imports: [ServerModule.with(options)], controllers: [Forgetful] })(Root);
      const app = await createHttpServer(Root, { log: pino({ level: 'silent' }) });
      await expect(app.init()).rejects.toThrow(/need @Allow.*Forgetful\.openDoor \(GET\)$/);
      await app.close();
    });
  });
});

describe('a customer', () => {
  const forCustomers = (): readonly Route[] =>
    [...commands, ...queries].filter(({ allowed, path }) => allowed.includes('customer') && path.includes('/{number}'));

  it('is told of others’ cases exactly what is told of those that do not exist, on every route and command', async () => {
    expect(forCustomers().length).toBeGreaterThan(5);
    for (const route of forCustomers()) {
      const [others, none] = [await send(route)(stranger), await send(route, missing)(stranger)];
      expect(others.status).toBe(404);
      expect(withoutPlace(others)).toEqual(withoutPlace(none));
      expect([...others.headers.keys()].sort()).toEqual([...none.headers.keys()].sort());
    }
  });

  it('is not helped to others’ numbers', async () => {
    const slip = number.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const helped = await clients.agent.get<{ didYouMean?: string[] }>(`/v1/requests/${slip}`);
    expect(helped.body.didYouMean).toContain(number);
    const [others, none] = [
      await stranger.get<ProblemBody>(`/v1/requests/${slip}`),
      await stranger.get<ProblemBody>(`/v1/requests/${missing}`),
    ];
    expect(withoutPlace(others)).toEqual(withoutPlace(none));
    for (const typed of [number, slip])
      expect((await stranger.get(`/v1/requests?search=${typed}`)).body).toMatchObject({ items: [], didYouMean: [] });
    expect((await clients.customer.get(`/v1/requests?search=${number}`)).body).toMatchObject({ items: [{ number }] });
  });

  it('opens requests for themselves only, whoever they say that they are', async () => {
    const { customer } = opening;
    const opened = await stranger.post('/v1/requests', {
      ...opening,
      customer: { ...customer, id: clients.customer.id },
    });
    const { body } = await stranger.get<RequestView>(
      `/v1/requests/${opened.body.number}?after=${opened.body.position}`,
    );
    expect(body.customer.id).toBe(stranger.id);
    expect((await clients.customer.get(`/v1/requests/${opened.body.number}`)).status).toBe(404);
  });

  it('reads their own words and those meant for them, and nothing of what is among the staff', async () => {
    const texts = await Promise.all(
      ['', '/history', '/service-levels'].map(async (path) => (await clients.customer.get(at + path)).text),
    );
    const text = texts.join('\n');
    for (const word of [planted.corrected, planted.description, planted.name, planted.answer, planted.resolution])
      expect(text).toContain(word);
    for (const word of [...amongStaff, clients.agent.id, 'alice', 'bob', 'carol']) expect(text).not.toContain(word);
  });
});

describe('personal data', () => {
  const everything = async (client: Client): Promise<string> => {
    // One after another: a connection that was opened for nothing would keep the test from ending for a minute.
    const answers: Answer<ProblemBody>[] = [];
    for (const route of queries) answers.push(await send(route)(client));
    return answers
      .filter(({ status }) => status === 200)
      .map(({ text }) => text)
      .join('\n');
  };

  it.each(['auditor', 'reporter', 'admin'] as const)('is withheld from the role %s on every query', async (role) => {
    const text = await everything(clients[role]);
    for (const word of Object.values(planted)) expect(text).not.toContain(word);
    expect(text.match(/\[withheld\]/g)?.length).toBeGreaterThan(20);
    // The same cases are there; it is only what is personal that is not.
    expect(text).toContain(number);
    expect(text).toContain('RequestOpened');
  });

  it('is read by those who do the work; this shows that the search above can find it', async () => {
    for (const role of ['agent', 'lead'] as const) {
      const text = await everything(clients[role]);
      for (const word of Object.values(planted)) expect(text).toContain(word);
    }
  });

  it('is not repeated by refusals', async () => {
    const { text } = await clients.agent.post(`${at}/assign`, { team: 'ZZQ-team', assignee: 'ZZQ-somebody' });
    expect(text).not.toContain('ZZQ');
    const unknown = await clients.agent.post(`${at}/note`, { text: 'ZZQ', tone: 'ZZQ' });
    expect(unknown.status).toBe(422);
    expect(unknown.text).not.toContain('ZZQ');
  });
});

describe('the actor of an event', () => {
  it('comes from the token', async () => {
    const fresh = await clients.agent.post('/v1/requests', opening);
    const path = `/v1/requests/${fresh.body.number}`;
    await clients.lead.post(`${path}/note`, { text: 'x' });
    const last = await clients.agent.post(`${path}/note`, { text: 'x' });
    const { body } = await clients.auditor.get<HistoryAnswer>(`${path}/history?after=${last.body.position}`);
    expect(body.events.map(({ actor }) => actor)).toEqual([
      { id: clients.agent.id, handle: 'alice' },
      { id: clients.lead.id, handle: 'carol' },
      { id: clients.agent.id, handle: 'alice' },
    ]);
  });

  it('is not taken from a body, and neither is anything else that only the server may say', async () => {
    const members = [
      'actor',
      'onBehalfOf',
      'role',
      'recordedAt',
      'origin',
      'number',
      'commandId',
      'by',
      'priority',
      'hash',
      '$enc',
    ];
    // A file is no body with members.
    const posts = routes.filter((route) => route.method === 'post' && !route.file);
    expect(posts.length).toBeGreaterThanOrEqual(24);
    for (const { path, body, method, allowed } of posts) {
      const role = (['lead', 'admin'] as const).find((each) => allowed.includes(each)) ?? 'customer';
      const answers = await Promise.all(
        members.map(async (member) => {
          const wrong = { path, method, allowed, answers: [], body: { ...body, [member]: 'x' } };
          const answer = await send(wrong)(clients[role]);
          return { path, member, status: answer.status, errors: answer.body.errors };
        }),
      );
      expect(answers).toEqual(
        members.map((member) => ({
          ...{ path, member, status: 422 },
          errors: [{ pointer: `/${member}`, code: 'UNKNOWN_PROPERTY', detail: 'is not known here' }],
        })),
      );
    }
  });
});

describe('a token', () => {
  const seconds = () => Math.floor(Date.now() / 1000);
  const claims = (): JWTPayload => ({
    ...{ iss: `urn:casefold:${server.secrets.installation}`, aud: 'casefold', sub: clients.agent.id, role: 'agent' },
    ...{ jti: randomUUID(), iat: seconds(), exp: seconds() + 60 },
  });
  const header = () => ({ alg: 'ES256', typ: 'at+jwt', kid: server.secrets.tokenSigningKey.kid });
  const signed = async (change: JWTPayload = {}, headers: object = {}, key: PrivateKey | undefined = undefined) =>
    new SignJWT({ ...claims(), ...change })
      .setProtectedHeader({ ...header(), ...headers })
      .sign(key ?? server.secrets.tokenSigningKey);
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const another = async (): Promise<PrivateKey> => (await generateKeyPair('ES256', { extractable: true })).privateKey;
  const publicText = (): string => {
    const { kty, crv, x, y } = server.secrets.tokenSigningKey;
    return JSON.stringify({ kty, crv, x, y });
  };
  const hs256 = (): string => {
    const text = `${encoded({ ...header(), alg: 'HS256' })}.${encoded(claims())}`;
    return `${text}.${createHmac('sha256', publicText()).update(text).digest('base64url')}`;
  };
  const withOwnKey = async (): Promise<string> => {
    const key = await another();
    const { d: _d, ...jwk } = await exportJWK(key);
    return signed({}, { jwk, kid: await calculateJwkThumbprint(jwk) }, key);
  };
  const asked = async (authorization: string) => {
    const response = await fetch(`${server.url}${at}`, { headers: { authorization } });
    const challenge = response.headers.get('www-authenticate');
    return { status: response.status, challenge, body: await response.text() };
  };

  const forgeries: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['that has expired', () => signed({ iat: seconds() - 120, exp: seconds() - 60 })],
    ['of tomorrow', () => signed({ nbf: seconds() + 120 })],
    ['that lives for a week', () => signed({ exp: seconds() + 7 * 86_400 })],
    ['for another service', () => signed({ aud: 'elsewhere' })],
    ['for nobody', () => signed({ aud: '' })],
    ['of another installation', () => signed({ iss: `urn:casefold:${randomUUID()}` })],
    ['signed with another key', async () => signed({}, {}, await another())],
    ['that brings its key', withOwnKey],
    ['that names another key', () => signed({}, { kid: '../../token-signing-key' })],
    ['of another type', () => signed({}, { typ: 'JWT' })],
    ['without a signature', () => `${encoded({ ...header(), alg: 'none' })}.${encoded(claims())}.`],
    ['signed with what everybody knows', hs256],
    ['whose signature is nothing', async () => (await signed()).replace(/[^.]+$/, encoded({}).padEnd(86, 'A'))],
    [
      'whose signature is zeros',
      async () => (await signed()).replace(/[^.]+$/, Buffer.alloc(64).toString('base64url')),
    ],
    ['with a role that there is not', () => signed({ role: 'root' })],
    ['with several roles', () => signed({ role: ['agent', 'lead'] })],
    ['without a role', () => signed({ role: undefined })],
    ['without a subject', () => signed({ sub: undefined })],
    ['whose subject is no id', () => signed({ sub: 'a b' })],
    ['without an end', () => signed({ exp: undefined })],
    ['without a beginning', () => signed({ iat: undefined })],
    ['without an id', () => signed({ jti: undefined })],
    ['of 9 kB', () => signed({ padding: 'x'.repeat(9_000) })],
    [
      'whose claims were changed',
      async () => (await signed()).replace(/\.[^.]+\./, `.${encoded({ ...claims(), role: 'admin' })}.`),
    ],
    ['that is garbage', () => 'x.y.z'],
    ['that is nothing', () => ''],
  ];

  it('that is right is believed; this shows that those below are refused for what is wrong with them', async () => {
    expect((await asked(`Bearer ${await signed()}`)).status).toBe(200);
    expect((await asked(`bearer ${await signed({ aud: ['casefold', 'other'] })}`)).status).toBe(200);
    expect((await asked(`Bearer ${await signed({ exp: seconds() - 10 })}`)).status).toBe(200);
  });

  it('that is forged in any way is refused, always with the same words', async () => {
    const answers = new Map<string, Awaited<ReturnType<typeof asked>>>();
    for (const [what, forge] of forgeries) answers.set(what, await asked(`Bearer ${await forge()}`));
    const [first] = answers.values();
    expect(first).toMatchObject({ status: 401, challenge: 'Bearer error="invalid_token"' });
    for (const [what, answer] of answers) expect([what, answer]).toEqual([what, first]);
    expect(answers.size).toBe(26);
  });
});

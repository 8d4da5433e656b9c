import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { roles } from '../../libs/platform/auth/caller';
import { Client, serve, Served } from '../e2e/served';
import { mistakes, resolveSchema, saidWithoutType, Schema, Schemas } from './schema-check';

/**
 * The contract that callers' programs are made from: as it was agreed on, complete, and true.
 *
 * A change of it shows as a difference from `test/golden/openapi.json`, which `UPDATE_GOLDEN=1` writes anew.
 */
jest.setTimeout(180_000);

interface Media {
  readonly schema: Schema;
}
interface Answer {
  readonly headers?: Readonly<Record<string, object>>;
  readonly $ref?: string;
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly security: readonly { readonly bearer: readonly string[] }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Contract {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Schemas;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly securitySchemes: object;
  };
  readonly security: readonly object[];
}

const golden = join(__dirname, '..', 'golden', 'openapi.json');
/** Who may use which operation: all of it on one page. */
const permissions = join(__dirname, '..', 'golden', 'permissions.json');

let server: Served;
let text: string;
let contract: Contract;
let schemas: Schemas;

beforeAll(async () => {
  server = await serve();
  const response = await fetch(`${server.url}/v1/openapi.json`);
  contract = JSON.parse(await response.text());
  text = `${JSON.stringify(contract, null, 2)}\n`;
  ({ schemas } = contract.components);
});
afterAll(() => server.stop());

const answersOf = (operation: Operation | undefined): readonly (readonly [string, Answer])[] =>
  Object.entries(operation?.responses ?? {}).map(([status, answer]) => {
    const shared = contract.components.responses[answer.$ref?.replace('#/components/responses/', '') ?? ''];
    return [status, shared ?? answer];
  });

const operations = (): readonly (readonly [string, Operation])[] =>
  Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );

// What interface.md promises; more may come, none of these may go.
const number = '/v1/requests/{number}';
const promised = [
  'post /v1/requests',
  ...[
    'classify',
    'assign',
    'escalate',
    'hold',
    'resume',
    'respond',
    'note',
    'resolve',
    'close',
    'reopen',
    'cancel',
  ].map((verb) => `post ${number}/${verb}`),
  `post ${number}/correct`,
  ...['', '/history', '/accountability', '/service-levels'].map((part) => `get ${number}${part}`),
  ...['get /v1/requests', 'get /v1/queue', 'get /v1/events', 'get /v1/stream'],
];

/** Every schema that stands anywhere in a value. */
const schemasIn = (value: unknown): readonly Schema[] => {
  if (Array.isArray(value)) return value.flatMap(schemasIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(schemasIn)];
};

describe('the contract', () => {
  it('is the one that was agreed on (UPDATE_GOLDEN=1 agrees on another)', () => {
    if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, text);
    expect(existsSync(golden)).toBe(true);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  it('gives each operation to the roles that were agreed on (UPDATE_GOLDEN=1 agrees on others)', () => {
    const allowed = operations().map(([name, { security }]): [string, string] => {
      const named = security.flatMap(({ bearer }) => bearer);
      return [name, roles.filter((role) => named.includes(role)).join(' ')];
    });
    const page = `${JSON.stringify(Object.fromEntries(allowed.sort()), null, 2)}\n`;
    if (process.env['UPDATE_GOLDEN']) writeFileSync(permissions, page);
    expect(existsSync(permissions) && readFileSync(permissions, 'utf8')).toBe(page);
  });

  it('is OpenAPI 3.1, without words that 3.1 no longer knows, and every reference leads somewhere', () => {
    expect(contract.openapi).toMatch(/^3\.1\.\d+$/);
    expect(text).not.toContain('"nullable"');
    expect(contract.security).toEqual([{ bearer: [] }]);
    const references = schemasIn(contract).filter(({ $ref }) => $ref?.startsWith('#/components/schemas/'));
    expect(references.length).toBeGreaterThan(60);
    for (const reference of references) expect(resolveSchema(reference, schemas)).toBeDefined();
  });

  it('has every address that is promised', () => {
    const known = operations().map(([name]) => name);
    expect(promised.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('says of every operation what it does, what it answers and how it refuses', () => {
    const names = operations().map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [name, operation] of operations()) {
      const { operationId, summary, tags, responses, parameters = [], requestBody } = operation;
      expect({ name, operationId }).toEqual({ name, operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/) });
      expect({ name, summary }).toEqual({ name, summary: expect.stringMatching(/^[A-Z].{15,120}\.$/) });
      expect({ name, tags: tags.length }).toEqual({ name, tags: 1 });
      const placeholders = [...name.matchAll(/\{(\w+)\}/g)].map(([, placeholder]) => placeholder);
      expect(parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(placeholders);
      expect({ name, hasBody: requestBody !== undefined }).toEqual({ name, hasBody: name.startsWith('post ') });
      for (const [status, { content = {}, description }] of answersOf(operation)) {
        const [media, ...others] = Object.entries(content);
        expect({ name, status, others, description }).toEqual({
          name,
          status,
          others: [],
          description: expect.stringMatching(/./),
        });
        expect(media?.[1].schema).toBeDefined();
        if (Number(status) >= 400) expect(media?.[0]).toBe('application/problem+json');
      }
      const statuses = Object.keys(responses);
      expect(statuses.filter((status) => Number(status) < 300)).toHaveLength(1);
      for (const status of ['400', '401', '403', '404', '422', '503']) expect(statuses).toContain(status);
    }
  });

  it('lets every query wait for a position, and say which one it has reached', () => {
    const queries = operations().filter(([name]) => name.startsWith('get '));
    expect(queries.length).toBeGreaterThanOrEqual(8);
    for (const [name, { parameters = [], responses }] of queries) {
      expect([name, parameters.map((each) => each.name)]).toEqual([name, expect.arrayContaining(['after'])]);
      const { headers = {} } = responses['200'] ?? {};
      expect([name, Object.keys(headers)]).toEqual([
        name,
        expect.arrayContaining(['Casefold-Position', 'Casefold-Stale']),
      ]);
    }
  });

  it('lets no body have members that it does not name', () => {
    const bodies = Object.entries(schemas).filter(([name]) => name.endsWith('Body'));
    expect(bodies.length).toBeGreaterThanOrEqual(15);
    for (const [name, { additionalProperties }] of bodies) expect([name, additionalProperties]).toEqual([name, false]);
  });

  it('is shown to people as a page', async () => {
    const page = await fetch(`${server.url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
  });
});

describe('what the server answers', () => {
  let agent: Client;
  let at: string;
  let position = '0';
  let answers = 0;

  const answerSchema = (name: string, status: number): Schema => {
    const [method = '', path = ''] = name.split(' ');
    const answer = new Map(answersOf(contract.paths[path]?.[method])).get(String(status));
    const [media] = Object.values(answer?.content ?? {});
    if (!media) throw new Error(`${name} does not say that it answers ${status}`);
    return media.schema;
  };
  const isTrue = async (client: Client, name: string, address: string, body?: object): Promise<number> => {
    const answer = body ? await client.post<object>(address, body) : await client.get<object>(address);
    const found = mistakes(schemas, answerSchema(name, answer.status), answer.body);
    expect({ name, mistakes: found.filter((line) => !saidWithoutType.test(line)) }).toEqual({ name, mistakes: [] });
    answers++;
    if ('position' in answer.body && body) position = String(answer.body.position);
    return answer.status;
  };

  const opening = {
    subject: 'x',
    description: 'y',
    type: 'incident',
    impact: 'high',
    urgency: 'low',
    customer: { name: 'Ada' },
  };
  const orders: readonly (readonly [string, object])[] = [
    ['classify', { category: 'hardware' }],
    ['assign', { team: 'support', assignee: 'bob' }],
    ['escalate', { to: 'L2', reason: 'x' }],
    ['hold', { reason: 'x', waitingFor: 'customer', until: '2126-01-01T00:00:00Z' }],
    ['resume', {}],
    ['respond', { text: 'x' }],
    ['note', { text: 'x', channel: 'phone', from: { name: 'x' }, worked: { talkSeconds: 5 } }],
    ['correct', { revision: 0, reason: 'x', subject: 'z', occurredAt: '2026-01-01T00:00:00Z' }],
    ['resolve', { code: 'fixed', resolution: 'x' }],
    ['feedback', { rating: 5 }],
    ['close', {}],
    ['reopen', { reason: 'x' }],
    ['cancel', { reason: 'x' }],
    ['close', {}],
    ['note', { words: 'x' }],
  ];
  const reads = ['', '/history', '/conversation', '/accountability', '/service-levels'];

  beforeAll(async () => {
    agent = await server.as('agent', 'alice');
    const opened = await agent.post('/v1/requests', opening);
    at = `/v1/requests/${opened.body.number}`;
    ({ position } = opened.body);
  });

  it('is what the contract says, to the last member, for each role at each step of a request', async () => {
    const { customer } = (await agent.get<{ customer: { id: string } }>(`${at}?after=${position}`)).body;
    const readers = await Promise.all([
      agent,
      server.as('auditor'),
      server.as('reporter'),
      server.as('customer', customer.id),
    ]);
    await isTrue(agent, 'post /v1/requests', '/v1/requests', opening);
    for (const [verb, body] of orders) {
      await isTrue(agent, `post ${number}/${verb}`, `${at}/${verb}`, body);
      for (const reader of readers)
        for (const part of reads) await isTrue(reader, `get ${number}${part}`, `${at}${part}?after=${position}`);
    }
    const lead = await server.as('lead', 'carol');
    await isTrue(lead, `post ${number}/redact`, `${at}/redact`, {
      ...{ revision: 7, pointer: '/text', reason: 'x' },
    });
    await isTrue(lead, 'get /v1/queue', `/v1/queue?after=${position}&status=open,cancelled`);
    await isTrue(lead, 'get /v1/requests', `/v1/requests?search=${at.split('/').at(-1)}`);
    await isTrue(lead, 'post /v1/customers/{id}/erase', `/v1/customers/${customer.id}/erase`, { ground: 'requested' });
    for (const part of reads) await isTrue(agent, `get ${number}${part}`, `${at}${part}?after=${position}`);
    expect(answers).toBe(1 + orders.length * (1 + readers.length * reads.length) + 4 + reads.length);
  });

  it('would be seen to differ: a member too many, one too few, one of another kind', () => {
    const schema: Schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    expect(mistakes({}, schema, { a: 'x' })).toEqual([]);
    expect(mistakes({}, schema, { a: 'x', b: 1 })).toEqual(['/b is not in the contract']);
    expect(mistakes({}, schema, {})).toEqual(['/a is missing']);
    expect(mistakes({}, schema, { a: 1 })).toEqual(['/a is integer, not string']);
    expect(mistakes({}, { type: ['string', 'null'], enum: ['x', null] }, 'y')).toEqual([' is none of x,']);
  });
});

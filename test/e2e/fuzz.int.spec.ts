import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Role } from '../../libs/platform/auth/caller';
import { httpLimits } from '../../libs/platform/http/http-limits';
import { verifyChains } from '../../libs/eventing/verify-chains.adapter';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { mistakes, saidWithoutType } from '../contracts/schema-check';
import { Contract, FuzzedRequest, fuzzedRequests, Known } from './fuzzed-requests';
import { Client, serve, Served } from './served';

/**
 * No input makes the server fail: thousands of requests made from its own contract, none answered with 5xx, every refusal a
 * problem document. `FUZZ_REQUESTS` asks for more of them, `FUZZ_SEED` for others.
 */
const count = Number(process.env['FUZZ_REQUESTS'] ?? 3_500);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_105);
const callsAtOnce = 24;
const chunk = 2_500;
const casesAtOnce = 12;
const backtestsAtOnce = 8;
const millisecondsEach = 60;

jest.setTimeout(60_000 + count * millisecondsEach);

let server: Served;
let contract: Contract;
let clients: ReadonlyMap<string, Client>;
let agent: Client;
const sockets = new Agent({ keepAlive: true, maxSockets: callsAtOnce });

beforeAll(async () => {
  server = await serve();
  contract = JSON.parse(await (await fetch(`${server.url}/v1/openapi.json`)).text());
  agent = await server.as('agent', 'alice');
});
afterAll(async () => {
  sockets.destroy();
  await server.stop();
});

const opening = { subject: 'x', description: 'y', type: 'incident', impact: 'high', urgency: 'low' };

/** Fresh cases of a few customers, since the old ones end closed or erased. */
const open = async (cases: number): Promise<Known> => {
  const opened = await Promise.all(
    Array.from({ length: cases }, (_, index) =>
      agent.post('/v1/requests', {
        ...opening,
        customer: { name: 'Ada', email: `ada-${index % 5}-${randomUUID()}@example.org` },
      }),
    ),
  );
  const numbers = opened.map(({ body }) => body.number);
  const position = opened.map(({ body }) => BigInt(body.position)).reduce((last, each) => (each > last ? each : last));
  const views = await Promise.all(
    numbers.map((number) => agent.get<RequestView>(`/v1/requests/${number}?after=${position}`)),
  );
  const lead = await server.as('lead', 'carol');
  const jobs = await Promise.all(
    Array.from({ length: backtestsAtOnce }, () => lead.post<{ id: string }>('/v1/backtests', { policyId: 'standard' })),
  );
  return {
    numbers,
    customers: views.slice(0, 3).map(({ body }) => body.customer.id),
    backtests: jobs.map(({ body }) => body.id),
  };
};

type Headers = Readonly<Record<string, unknown>>;

interface Seen {
  readonly status: number;
  readonly code: string | undefined;
  readonly milliseconds: number;
}

const send = ({ operationId, method, path, role, headers, body }: FuzzedRequest): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body, 'base64');
    const token = clients.get(role)?.token;
    const begun = performance.now();
    const call = request({
      ...{ host: '127.0.0.1', port: server.port, agent: sockets, method, path },
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
        ...headers,
      },
    });
    // Who sends more than is taken may find the door closed before having read why.
    call.on('error', (error) =>
      bytes && bytes.length > httpLimits.bodyBytesMax
        ? resolve({ status: 413, code: 'PAYLOAD_TOO_LARGE', milliseconds: 0 })
        : reject(error),
    );
    call.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const chunks: Buffer[] = [];
      const seen = (code: string | undefined) => resolve({ status, code, milliseconds: performance.now() - begun });
      // What is followed has no end.
      if (status === 200 && (path.includes('follow=true') || operationId === 'streamChanges')) {
        seen(undefined);
        call.destroy();
        return;
      }
      response.on('data', (piece: Buffer) => chunks.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        try {
          const text = Buffer.concat(chunks).toString();
          if (status < 300 && method !== 'HEAD') checkAnswer(operationId, status, response.headers, text);
          seen(status < 300 || method === 'HEAD' ? undefined : codeOf(status, response.headers, text));
        } catch (error) {
          reject(error);
        }
      });
    });
    call.end(bytes);
  });

/** What was let in shows in what is read: an answer that is not as the contract says has let in what it should not. */
const checkAnswer = (operationId: string, status: number, headers: Headers, text: string): void => {
  if (!/^application\/json/.test(String(headers['content-type']))) return;
  const operation = Object.values(contract.paths)
    .flatMap((methods) => Object.values(methods))
    .find((each) => each.operationId === operationId);
  const schema = operation?.responses[status]?.content?.['application/json']?.schema;
  if (!schema) throw new Error(`${operationId} answers ${status}, which the contract does not say`);
  const found = mistakes(contract.components.schemas, schema, JSON.parse(text));
  expect(found.filter((line) => !saidWithoutType.test(line))).toEqual([]);
};

const codeOf = (status: number, headers: Headers, text: string): string => {
  const body: Record<string, unknown> = JSON.parse(text);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    status,
    title: expect.stringMatching(/./),
    code: expect.stringMatching(/^[A-Z][A-Z0-9_]+$/),
  });
  expect(text).not.toMatch(/node_modules|\.ts:\d|\bat \w+ \(|select .* from/);
  return String(body['code']);
};

const failureOf = async (each: FuzzedRequest): Promise<string | Seen> => {
  try {
    const seen = await send(each);
    return seen.status >= 500 ? `${seen.status} ${seen.code} for ${JSON.stringify(each)}` : seen;
  } catch (error) {
    return `${String(error)} for ${JSON.stringify(each)}`;
  }
};

let loggedBefore = 0;
it('begins when words can be found', async () => {
  const agent = await server.as('agent', 'alice');
  const deadline = Date.now() + 60_000;
  while ((await agent.get('/v1/requests?search=anything')).status !== 200 && Date.now() < deadline);
  expect((await agent.get('/v1/requests?search=anything')).status).toBe(200);
  loggedBefore = server.logged.length;
});

it(`withstands ${count} requests made from its contract (FUZZ_SEED=${seed})`, async () => {
  const failures: string[] = [];
  const statuses = new Map<number, number>();
  const codes = new Map<string, number>();
  const [reached, worked] = [new Set<string>(), new Set<string>()];
  const milliseconds: number[] = [];
  for (let done = 0; done < count; done += chunk) {
    const known = await open(casesAtOnce);
    const tokens = (['agent', 'lead', 'admin', 'auditor', 'reporter'] as const).map(
      async (role): Promise<[Role, Client]> => [role, await server.as(role, role === 'agent' ? 'alice' : 'carol')],
    );
    clients = new Map([...(await Promise.all(tokens)), ['customer', await server.as('customer', known.customers[0])]]);
    const requests = fc.sample(fuzzedRequests(contract, known), {
      seed: seed + done,
      numRuns: Math.min(chunk, count - done),
    });
    for (let index = 0; index < requests.length; index += callsAtOnce)
      await Promise.all(
        requests.slice(index, index + callsAtOnce).map(async (each) => {
          const seen = await failureOf(each);
          if (typeof seen === 'string') failures.push(seen);
          else {
            statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1);
            if (seen.code !== undefined) codes.set(seen.code, (codes.get(seen.code) ?? 0) + 1);
            reached.add(each.operationId);
            if (seen.status < 300) worked.add(each.operationId);
            milliseconds.push(seen.milliseconds);
          }
        }),
      );
  }
  const sorted = milliseconds.sort((left, right) => left - right);
  if (process.env['FUZZ_REQUESTS'])
    console.log({ statuses, codes, p99: sorted[Math.floor(sorted.length * 0.99)], rss: process.memoryUsage().rss });
  expect(failures.slice(0, 5)).toEqual([]);
  expect(milliseconds).toHaveLength(count);
  // It reached what it is meant to reach: every operation was called, half of them worked and more, and they were refused in many ways.
  const operations = Object.values(contract.paths).flatMap((methods) =>
    Object.values(methods).map((each) => each.operationId),
  );
  expect([...reached].sort()).toEqual(operations.sort());
  expect(worked.size).toBeGreaterThan(operations.length / 2);
  expect(codes.size).toBeGreaterThan(20);
});

it('is as it was afterwards: ready, no case quarantined, nothing logged as its own fault, every chain whole', async () => {
  const ready = await fetch(`${server.url}/health/ready`);
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({
    status: 200,
    body: { status: 'green', checks: { projections: { details: { quarantined: 0 } } } },
  });
  const lines = server.logged.slice(loggedBefore).map((line): { level: number; code?: string } => JSON.parse(line));
  expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
  const verified = await server.beside((engine) =>
    verifyChains(engine.installation, engine.store.readAll(['request', 'customer', 'staff', 'team'])),
  );
  expect(verified.broken).toBeUndefined();
  expect(verified.events).toBeGreaterThan(100);
});

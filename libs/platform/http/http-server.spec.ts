import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { AuthModule } from '../auth/auth.module';
import { TokenRefused } from '../auth/token-verifier';
import { HealthChecks } from '../health/health-checks';
import { createHttpServer } from './http-server';
import { RateLimit } from './rate-limit';
import { sendRaw } from './testing/raw-request';
import { type SampleServer, startSample } from './testing/sample-app';

describe('the HTTP server', () => {
  let server: SampleServer;
  let agent: string;

  beforeAll(async () => {
    server = await startSample();
    agent = await server.token('agent');
  });
  afterAll(() => server.app.close());

  const call = async (path: string, options: RequestInit & { duplex?: 'half' } = {}) => {
    const headers = { authorization: `Bearer ${agent}`, ...options.headers };
    const response = await fetch(server.url + path, { ...options, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    call('/v1/samples', {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: { 'content-type': 'application/json', ...headers },
    });

  /** Every refusal is a problem document that agrees with its own status. */
  const expectProblem = (answer: Awaited<ReturnType<typeof call>>, status: number, code: string) => {
    expect({ status: answer.status, code: answer.body?.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      status,
      code,
      title: expect.any(String),
      type: expect.stringMatching(/^\/problems\/[a-z0-9-]+$/),
    });
  };

  it('answers what is right', async () => {
    const { status, body, headers } = await post('{"subject":"x","count":-0,"customer":{"name":"Ada"}}');
    expect({ status, body }).toEqual({
      status: 200,
      body: { body: { subject: 'x', count: 0, customer: { name: 'Ada' } }, caller: { id: 'agent-1', role: 'agent' } },
    });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  describe('refuses a body', () => {
    it.each<[string, string | Buffer, number, string]>([
      ['that is cut off', '{', 400, 'MALFORMED_JSON'],
      ['that is empty', '', 400, 'MALFORMED_JSON'],
      ['that is a number', '42', 400, 'MALFORMED_JSON'],
      ['that is a text', '"x"', 400, 'MALFORMED_JSON'],
      ['that is null', 'null', 400, 'MALFORMED_JSON'],
      ['that is a list', '[]', 400, 'MALFORMED_JSON'],
      ['with a key twice', '{"subject":"a","subject":"b"}', 400, 'DUPLICATE_KEY'],
      ['that is deep', `{"subject":${'['.repeat(40)}${']'.repeat(40)}}`, 400, 'TOO_DEEP'],
      ['that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'INVALID_UTF8'],
      ['with U+0000', '{"subject":"\\u0000"}', 422, 'VALIDATION_FAILED'],
      ['with too large a number', '{"subject":"x","count":1e400}', 422, 'VALIDATION_FAILED'],
      ['that is one byte too long', `{"subject":"${'x'.repeat(256 * 1024 - 13)}"}`, 413, 'PAYLOAD_TOO_LARGE'],
    ])('%s', async (_, body, status, code) => expectProblem(await post(body), status, code));

    it('of a type that is not JSON in UTF-8, or compressed', async () => {
      for (const type of [
        'text/plain',
        'application/json; charset=utf-7',
        'application/json; charset=latin1',
        'application/x-www-form-urlencoded',
        'application/jsonx',
        'garbage',
      ]) {
        expectProblem(await post('{"subject":"x"}', { 'content-type': type }), 415, 'UNSUPPORTED_MEDIA_TYPE');
      }
      for (const encoding of ['foo', 'gzip', 'gzip, gzip']) {
        expectProblem(
          await post(gzipSync('{"subject":"x"}'), { 'content-encoding': encoding }),
          415,
          'UNSUPPORTED_ENCODING',
        );
      }
      expect(
        (
          await post('{"subject":"x"}', {
            'content-type': 'application/json; charset="UTF-8"',
            'content-encoding': 'identity',
          })
        ).status,
      ).toBe(200);
    });

    it('without a type, and one that is not there', async () => {
      const head = `POST /v1/samples HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${agent}\r\n`;
      expect((await sendRaw(server.port, `${head}Content-Length: 2\r\n\r\n{}`)).status).toBe(415);
      expect((await sendRaw(server.port, `${head}Content-Length: 0\r\n\r\n`)).status).toBe(400);
    });

    it.each<[string, string, { pointer: string; code: string }[]]>([
      [
        'an unknown property',
        '{"subject":"x","z":1,"customer":{"name":"a","y":1}}',
        [
          { pointer: '/z', code: 'UNKNOWN_PROPERTY' },
          { pointer: '/customer/y', code: 'UNKNOWN_PROPERTY' },
        ],
      ],
      [
        '__proto__',
        '{"subject":"x","__proto__":{"isAdmin":true}}',
        [{ pointer: '/__proto__', code: 'UNKNOWN_PROPERTY' }],
      ],
      [
        'constructor',
        '{"subject":"x","constructor":{"prototype":{}}}',
        [{ pointer: '/constructor', code: 'UNKNOWN_PROPERTY' }],
      ],
      ['toString', '{"subject":"x","toString":1}', [{ pointer: '/toString', code: 'UNKNOWN_PROPERTY' }]],
      ['a text for a number', '{"subject":"x","count":"5"}', [{ pointer: '/count', code: 'IS_INT' }]],
      ['a fraction for a whole number', '{"subject":"x","count":1.5}', [{ pointer: '/count', code: 'IS_INT' }]],
      ['a number for a text', '{"subject":1}', [{ pointer: '/subject', code: 'IS_STRING' }]],
      [
        'nothing where something is needed',
        '{"customer":{}}',
        [
          { pointer: '/subject', code: 'REQUIRED' },
          { pointer: '/customer/name', code: 'REQUIRED' },
        ],
      ],
      ['a word that is not in the list', '{"subject":"x","impact":"huge"}', [{ pointer: '/impact', code: 'IS_IN' }]],
      [
        'a text for an object',
        '{"subject":"x","customer":"Ada"}',
        [{ pointer: '/customer', code: 'NESTED_VALIDATION' }],
      ],
      ['an object for a list', '{"subject":"x","tags":{"length":1}}', [{ pointer: '/tags', code: 'IS_STRING' }]],
    ])('with %s, and points at it', async (_, text, errors) => {
      const answer = await post(text);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors).toEqual(errors.map((error) => ({ ...error, detail: expect.any(String) })));
    });
  });

  it('in a list, and says in a sentence what each must be', async () => {
    const answer = await call('/v1/samples', {
      ...{ method: 'POST', body: '{"subject":"x","tags":["a",1]}', headers: { 'content-type': 'application/json' } },
    });
    expect(answer.body.errors).toEqual([{ pointer: '/tags', code: 'IS_STRING', detail: 'must each be a string' }]);
  });

  it('takes an empty object where a verb needs no more said, and nothing else', async () => {
    const sendNothing = (body: string) =>
      call('/v1/nothing', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(await sendNothing('{}')).toMatchObject({ status: 200, body: { body: {}, isNothing: true } });
    const answer = await sendNothing('{"actor":"somebody"}');
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors).toEqual([{ pointer: '/actor', code: 'UNKNOWN_PROPERTY', detail: 'is not known here' }]);
    expectProblem(await sendNothing('[]'), 400, 'MALFORMED_JSON');
  });

  it('names at most twenty of many wrong properties', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`p${index}`, index]));
    for (const path of ['/v1/samples', '/v1/nothing']) {
      const answer = await call(path, {
        method: 'POST',
        body: JSON.stringify(many),
        headers: { 'content-type': 'application/json' },
      });
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors).toHaveLength(20);
    }
  });

  it('tells a wrong method from a wrong address', async () => {
    const wrong = await call('/v1/samples', { method: 'DELETE' });
    expectProblem(wrong, 405, 'METHOD_NOT_ALLOWED');
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
    expectProblem(await call('/v1/samples/1', { method: 'PATCH' }), 405, 'METHOD_NOT_ALLOWED');
    for (const path of [
      '/',
      '/v1',
      '/v1/sample',
      '/v1/samples/1/2',
      '//',
      '/v1/samples;a=b',
      '/__proto__',
      '/v1/samples/',
    ]) {
      expect({ path, status: (await call(path)).status }).toEqual({ path, status: 404 });
    }
    expectProblem(await call('/v1/nowhere'), 404, 'NOT_FOUND');
  });

  it('refuses addresses that cannot be read', async () => {
    for (const path of ['/v1/samples/%zz', '/v1/samples/%00', '/v1/samples/%c0%af', `/v1/samples/${'x'.repeat(300)}`]) {
      const { status, body } = await call(path);
      expect({ path, isRefused: status === 400 || status === 404, hasCode: typeof body?.code }).toEqual({
        path,
        isRefused: true,
        hasCode: 'string',
      });
    }
  });

  it('reads queries strictly', async () => {
    expect((await call('/v1/samples?limit=5&sort=due&open=true')).body).toEqual({ limit: 5, sort: 'due', open: true });
    for (const query of [
      'limit=-1',
      'limit=1e9',
      'limit=abc',
      'limit=1&limit=2',
      'limit=',
      'sort=due;drop',
      'colour=red',
      'a[__proto__][x]=1',
      '__proto__=1',
      'open=1',
    ]) {
      const answer = await call(`/v1/samples?${query}`);
      expect({ query, status: answer.status, errors: answer.body.errors?.length }).toEqual({
        query,
        status: 422,
        errors: 1,
      });
    }
  });

  it('believes nobody without a good token, and says so the same way always', async () => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer x',
      'Bearer x.y.z',
      'Basic eDp5',
      `Bearer ${agent}x`,
      `Bearer ${agent} ${agent}`,
      `Bearer ${'x'.repeat(9_000)}`,
    ]) {
      const answer = await call('/v1/samples/1', { headers: { authorization } });
      expectProblem(answer, 401, 'UNAUTHENTICATED');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    }
    expectProblem(
      await call(`/v1/samples/1?access_token=${agent}`, { headers: { authorization: '' } }),
      401,
      'UNAUTHENTICATED',
    );
  });

  it('lets a role do what the route names, and nothing else', async () => {
    const auditor = { authorization: `Bearer ${await server.token('auditor')}` };
    expect((await call('/v1/samples/1', { headers: auditor })).status).toBe(200);
    expectProblem(await call('/v1/samples', { headers: auditor }), 403, 'FORBIDDEN');
  });

  it.each([
    ['rejection', 409, 'REQUEST_NOT_OPEN', {}],
    ['fields', 422, 'UNKNOWN_TEAM', { errors: [{ pointer: '/team', code: 'UNKNOWN', detail: 'is not known' }] }],
    ['missing', 404, 'NOT_FOUND', {}],
    ['moved', 412, 'REVISION_MISMATCH', {}],
    ['unknown', 503, 'UNAVAILABLE', { outcome: 'unknown' }],
    ['refused', 503, 'UNAVAILABLE', { outcome: 'not-done' }],
    ['unbuilt', 503, 'NOT_READY', {}],
    ['sql', 500, 'INTERNAL', {}],
    ['defect', 500, 'INTERNAL', {}],
  ])('turns the failure %s into %d %s', async (kind, status, code, members) => {
    const answer = await call(`/v1/failures/${kind}?search=Ada`);
    expectProblem(answer, status, code);
    expect(answer.body).toMatchObject({ ...members, instance: `/v1/failures/${kind}` });
    expect(answer.text).not.toMatch(/hunter2|somebody else|node_modules|Ada/);
    if (status === 503) expect(answer.headers.get('retry-after')).toBe('1');
    if (status === 412) expect(answer.headers.get('etag')).toBe('"7"');
  });

  it('logs what is its own fault, once, without what the database repeats of rows', async () => {
    const before = server.logged.length;
    await call('/v1/failures/sql');
    await call('/v1/failures/rejection');
    await post('{"subject":"hunter2","z":1}');
    const lines = server.logged.slice(before);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ code: 'INTERNAL', sqlState: '23505', route: '/v1/failures/:kind' }),
    ]);
    expect(lines.join()).not.toContain('hunter2');
  });
});

describe('what an application must say', () => {
  it('about every route: who may use it, or it does not start', async () => {
    @Controller()
    class Forgetful {
      @Get('open-door') openDoor(): string {
        return 'come in';
      }
    }
    const verifier = { verify: () => Promise.reject(new TokenRefused()) };
    class Root {}
    Module({ imports: [AuthModule.with(verifier, new RateLimit(undefined))], controllers: [Forgetful] })(Root);
    const app = await createHttpServer(Root, { log: pino({ level: 'silent' }) });
    await expect(app.init()).rejects.toThrow('Forgetful.openDoor (GET)');
    await app.close();
  });

  it('about its parts: one that is red makes it not ready, one that is amber does not', async () => {
    const checks = new HealthChecks([{ name: 'one', check: () => Promise.resolve({ status: 'amber' }) }]);
    const { app, url } = await startSample({ checks });
    const ready = await fetch(`${url}/health/ready`);
    expect({ status: ready.status, body: await ready.json() }).toMatchObject({
      status: 200,
      body: { status: 'amber' },
    });
    checks.register({ name: 'two', check: () => Promise.reject(new Error('hunter2')) });
    const red = await fetch(`${url}/health/ready`);
    const text = await red.text();
    expect({ status: red.status, body: JSON.parse(text) }).toMatchObject({
      status: 503,
      body: { code: 'NOT_READY', checks: { two: { status: 'red' } } },
    });
    expect(text).not.toContain('hunter2');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('casefold_http_request_seconds_bucket');
    await app.close();
  });

  it('about how often one caller may call', async () => {
    const { app, url, token } = await startSample({ perSecond: 5 });
    const statuses: number[] = [];
    const [agent, auditor] = [await token('agent'), await token('auditor')];
    for (let call = 0; call < 30; call++)
      statuses.push((await fetch(`${url}/v1/samples/1`, { headers: { authorization: `Bearer ${agent}` } })).status);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(statuses).toContain(429);
    expect((await fetch(`${url}/v1/samples/1`, { headers: { authorization: `Bearer ${auditor}` } })).status).toBe(200);
    await app.close();
  });
});

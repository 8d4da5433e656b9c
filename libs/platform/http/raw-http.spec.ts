import 'reflect-metadata';
import { sendRaw } from './testing/raw-request';
import { type SampleServer, startSample } from './testing/sample-app';

describe('below the framework, the HTTP server', () => {
  let server: SampleServer;
  beforeAll(async () => void (server = await startSample()));
  afterAll(() => server.app.close());

  const head = 'GET /health/live HTTP/1.1\r\nConnection: close\r\n';
  it.each<[string, string, number]>([
    ['no Host', `${head}\r\n`, 400],
    ['two Hosts', `${head}Host: a\r\nHost: b\r\n\r\n`, 400],
    ['a Host with a space', `${head}Host: a b\r\n\r\n`, 400],
    [
      'another absolute address',
      'GET http://elsewhere/health/live HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n',
      400,
    ],
    ['two Authorization headers', `${head}Host: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\n\r\n`, 400],
    [
      'length and chunks',
      `POST /v1/samples HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
      400,
    ],
    ['two lengths', `POST /v1/samples HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ['a signed length', `POST /v1/samples HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}`, 400],
    ['an unknown coding', `POST /v1/samples HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
    [
      'a bad chunk size',
      `POST /v1/samples HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n`,
      400,
    ],
    ['a space before the colon', `${head}Host : a\r\n\r\n`, 400],
    ['a folded header', `${head}Host: a\r\nX: a\r\n b\r\n\r\n`, 400],
    ['a zero byte', `${head}Host: a\r\nX: \0\r\n\r\n`, 400],
    ['headers of 20 KiB', `${head}Host: a\r\nX: ${'x'.repeat(20_480)}\r\n\r\n`, 431],
    ['2,001 headers', `${head}Host: a\r\n${'a:1\r\n'.repeat(2_001)}\r\n`, 431],
    ['an address of 20 KiB', `GET /${'x'.repeat(20_480)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['TRACE', 'TRACE /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 405],
    ['another protocol', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00', 400],
    ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ])('refuses %s as a problem document', async (_, bytes, status) => {
    const answer = await sendRaw(server.port, Buffer.from(bytes, 'latin1'));
    expect(answer.status).toBe(status);
    expect(answer.head).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(answer.body)).toMatchObject({ status, code: expect.stringMatching(/^[A-Z_0-9]+$/) });
  });

  it('ignores the body of a GET', async () => {
    expect((await sendRaw(server.port, `${head}Host: a\r\nContent-Length: 1\r\n\r\n{`)).status).toBe(200);
  });

  it('gives headers ten seconds to arrive', async () => {
    const answer = await sendRaw(server.port, 'GET /health/live HTTP/1.1\r\nHost: a\r\nX: ');
    expect(answer.status).toBe(408);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'REQUEST_TIMEOUT' });
  }, 15_000);
});

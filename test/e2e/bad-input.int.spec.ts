import { gzipSync } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { sendRaw } from '../../libs/platform/http/testing/raw-request';
import { HistoryAnswer } from '../../libs/requests/read-models/history/history.http';
import { QueueAnswer } from '../../libs/requests/read-models/queue/queue.http';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { naughtyStrings, refusedStrings } from './naughty-strings';
import { Answer, Client, ProblemBody, serve, Served } from './served';

/**
 * What broken, hostile and merely odd input is answered with: a status and a code that stay.
 *
 * The corpus stands in arrays, since an object literal would swallow a `__proto__` case, and the number of cases is asserted.
 */
jest.setTimeout(60_000);

let server: Served;
let agent: Client;
let number: string;
let at: string;

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
  const opened = await agent.post('/v1/requests', opening());
  ({ number } = opened.body);
  at = `/v1/requests/${number}`;
  // The second one gives the queue a next page.
  const second = await agent.post('/v1/requests', opening());
  await agent.get(`${at}?after=${second.body.position}`);
});
afterAll(() => server.stop());

const opening = (facts: object = {}) => ({
  ...{ subject: 'Printer on fire', description: 'Smoke from tray 2', type: 'incident', impact: 'high', urgency: 'low' },
  ...{ customer: { name: 'Ada' }, ...facts },
});
const with_ = (member: string): string => `${JSON.stringify(opening()).slice(0, -1)},${member}}`;

interface Seen {
  readonly status: number;
  readonly code?: string | undefined;
  readonly pointers?: readonly string[] | undefined;
}
type Send = () => Promise<Answer<ProblemBody>>;
type Case = readonly [what: string, send: Send, status: number, code?: string, pointer?: string];

const opens =
  (body: string | Buffer, headers: Record<string, string> = {}): Send =>
  () =>
    agent.raw('/v1/requests', body, headers);
const opensWith = (facts: object): Send => opens(JSON.stringify(opening(facts)));
const orders =
  (verb: string, body: object, headers: Record<string, string> = {}): Send =>
  () =>
    agent.post(`${at}/${verb}`, body, headers);
const gets =
  (path: string | (() => string), headers: Record<string, string> = {}): Send =>
  () =>
    agent.get(typeof path === 'string' ? path : path(), headers);
/** A case that waits until an instant; every one of these gets a case of its own, so that order does not matter. */
const holdsUntil =
  (until: unknown): Send =>
  async () => {
    const fresh = await agent.post('/v1/requests', opening());
    return agent.post(`/v1/requests/${fresh.body.number}/hold`, { reason: 'x', waitingFor: 'customer', until });
  };
const as =
  (authorization: string | undefined, path: () => string = () => at): Send =>
  async () => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const response = await fetch(server.url + path(), { headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };

const seen = async (send: Send): Promise<Seen> => {
  const { status, body, headers } = await send();
  if (status < 400) return { status };
  // Whatever is refused is a problem document that agrees with its own status.
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  expect(body.type).toBe(`/problems/${body.code.toLowerCase().replaceAll('_', '-')}`);
  return { status, code: body.code, pointers: body.errors?.map(({ pointer }) => pointer) };
};

const nested = (depth: number): string => `{"subject":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const anotherId = randomUUID();
const callsAtOnce = 20;

const inTurns = async <T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const results: R[] = [];
  for (let index = 0; index < items.length; index += callsAtOnce)
    results.push(...(await Promise.all(items.slice(index, index + callsAtOnce).map(call))));
  return results;
};

const bodies: readonly Case[] = [
  ['1 cut-off JSON', opens('{'), 400, 'MALFORMED_JSON'],
  ['2 a number', opens('42'), 400, 'MALFORMED_JSON'],
  ['2 a text', opens('"x"'), 400, 'MALFORMED_JSON'],
  ['2 null', opens('null'), 400, 'MALFORMED_JSON'],
  ['2 a list', opens('[]'), 400, 'MALFORMED_JSON'],
  ['3 nothing', opens(''), 400, 'MALFORMED_JSON'],
  ['3 blanks', opens(' \n '), 400, 'MALFORMED_JSON'],
  ['4 a key twice', opens(with_('"subject":"again"')), 400, 'DUPLICATE_KEY'],
  ['4 a key twice, once escaped', opens(with_('"su\\u0062ject":"again"')), 400, 'DUPLICATE_KEY'],
  ['4 a key twice, deeper', opens(with_('"z":[{"a":1,"a":2}]')), 400, 'DUPLICATE_KEY'],
  ['5 __proto__', opens(with_('"__proto__":{"isAdmin":true}')), 422, 'VALIDATION_FAILED', '/__proto__'],
  ['6 constructor', opens(with_('"constructor":{"prototype":{}}')), 422, 'VALIDATION_FAILED', '/constructor'],
  ['7 an unknown property', opensWith({ priority: 'P1' }), 422, 'VALIDATION_FAILED', '/priority'],
  ['7 an actor', opensWith({ actor: anotherId }), 422, 'VALIDATION_FAILED', '/actor'],
  [
    '7 an unknown property, deeper',
    opensWith({ customer: { name: 'Ada', vip: true } }),
    422,
    'VALIDATION_FAILED',
    '/customer/vip',
  ],
  ['7 something where nothing is needed', orders('resume', { now: true }), 422, 'VALIDATION_FAILED', '/now'],
  ['8 depth 32, which is unknown only', opens(nested(31)), 422, 'VALIDATION_FAILED'],
  ['8 depth 33', opens(nested(32)), 400, 'TOO_DEEP'],
  ['8 depth 50,000', opens(nested(50_000)), 400, 'TOO_DEEP'],
  ['8 objects 100,000 deep, cut off', opens('{"a":'.repeat(40_000)), 400, 'MALFORMED_JSON'],
  ['9 a list of 100,000', opensWith({ subject: Array.from({ length: 100_000 }, () => 0) }), 413, 'PAYLOAD_TOO_LARGE'],
  ['9 a list of 100', opensWith({ subject: Array.from({ length: 100 }, () => 0) }), 422, 'VALIDATION_FAILED'],
  [
    '9 a list of a million',
    opensWith({ subject: Array.from({ length: 1_000_000 }, () => 0) }),
    413,
    'PAYLOAD_TOO_LARGE',
  ],
  [
    '9 ten thousand properties',
    opens(`{${Array.from({ length: 10_000 }, (_, index) => `"p${index}":0`).join()}}`),
    413,
    'PAYLOAD_TOO_LARGE',
  ],
  [
    '9 two hundred properties, of which twenty are named',
    async () => {
      const many = opens(`{${Array.from({ length: 200 }, (_, index) => `"p${index}":0`).join()}}`);
      const answer = await many();
      expect(answer.body.errors).toHaveLength(20);
      return answer;
    },
    422,
    'VALIDATION_FAILED',
  ],
  ['10 one byte too many', opens(`{"subject":"${'x'.repeat(256 * 1024 - 13)}"}`), 413, 'PAYLOAD_TOO_LARGE'],
  ['10 as many as fit', opens(`{"subject":"${'x'.repeat(256 * 1024 - 14)}"}`), 422, 'VALIDATION_FAILED'],
  [
    '11 a bomb',
    opens(gzipSync(Buffer.alloc(50 * 1024 * 1024)), { 'content-encoding': 'gzip' }),
    415,
    'UNSUPPORTED_ENCODING',
  ],
  ['12 an unknown encoding', opens('{}', { 'content-encoding': 'foo' }), 415, 'UNSUPPORTED_ENCODING'],
  ['12 two encodings', opens('{}', { 'content-encoding': 'gzip, gzip' }), 415, 'UNSUPPORTED_ENCODING'],
  ['13 plain text', opens('{}', { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['13 UTF-7', opens('{}', { 'content-type': 'application/json; charset=utf-7' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['13 a form', opens('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['14 a byte that is not UTF-8', opens(Buffer.from('{"subject":"\xff"}', 'latin1')), 400, 'INVALID_UTF8'],
  ['14 an overlong slash', opens(Buffer.from('{"subject":"\xc0\xaf"}', 'latin1')), 400, 'INVALID_UTF8'],
  ['14 half a character in bytes', opens(Buffer.from('{"subject":"\xed\xa0\x80"}', 'latin1')), 400, 'INVALID_UTF8'],
  ['15 a byte order mark', opens(`\ufeff${JSON.stringify(opening())}`), 400, 'INVALID_UTF8'],
  ['15 UTF-16', opens(Buffer.from(JSON.stringify(opening()), 'utf16le')), 400, 'MALFORMED_JSON'],
  ['16 U+0000', opensWith({ subject: 'a\u0000b' }), 422, 'VALIDATION_FAILED', '/subject'],
  ['16 U+0000 in a key', opens(with_('"a\\u0000":1')), 422, 'VALIDATION_FAILED'],
  ['17 half a character', opens(with_('"category":"\\ud800"')), 422, 'VALIDATION_FAILED', '/category'],
  ['18 an escape sequence', opensWith({ description: '\u001b[31m' }), 422, 'VALIDATION_FAILED', '/description'],
  ['18 a text that runs backwards', opensWith({ subject: '\u202etxt.exe' }), 201],
  ['18 a thousand combining marks', opensWith({ description: `a${'\u0301'.repeat(1_000)}` }), 201],
  ['19 300 characters that are 600 units', opensWith({ subject: '💩'.repeat(300) }), 201],
  ['19 301 characters', opensWith({ subject: '💩'.repeat(301) }), 422, 'VALIDATION_FAILED', '/subject'],
  ['19 families of seven code points, 294 in all', opensWith({ subject: '👩‍👩‍👧‍👦'.repeat(42) }), 201],
  [
    '21 an address that looks like another',
    opensWith({ customer: { name: 'Ada', email: 'ada@ex\u0430mple.org' } }),
    201,
  ],
];

const needed = new Map<string, object>([
  ['assign', { team: 'support' }],
  ['hold', { reason: 'x', waitingFor: 'customer' }],
  ['correct', { revision: 0, reason: 'x' }],
]);

const values: readonly Case[] = [
  ['22 a number beyond all', opens(with_('"n":1e400')), 422, 'VALIDATION_FAILED', '/n'],
  ['23 2^53 + 1', opens(with_('"n":9007199254740993')), 422, 'VALIDATION_FAILED', '/n'],
  ['24 2^63', opens(with_('"n":9223372036854775808')), 422, 'VALIDATION_FAILED', '/n'],
  ['24 a revision that no case has', orders('correct', { revision: 2 ** 53 - 1, reason: 'x', subject: 'y' }), 422],
  ['25 minus zero', () => agent.raw(`${at}/correct`, '{"revision":-0,"reason":"x","subject":"y"}'), 200],
  ['25 1.5', orders('correct', { revision: 1.5, reason: 'x', subject: 'y' }), 422, 'VALIDATION_FAILED', '/revision'],
  ['25 1e0', () => agent.raw(`${at}/correct`, '{"revision":0e0,"reason":"x","subject":"z"}'), 200],
  ['25 less than zero', orders('correct', { revision: -1, reason: 'x' }), 422, 'VALIDATION_FAILED', '/revision'],
  ['26 a text for a number', orders('correct', { revision: '0', reason: 'x' }), 422, 'VALIDATION_FAILED', '/revision'],
  ['26 true for a text', opensWith({ subject: true }), 422, 'VALIDATION_FAILED', '/subject'],
  ['26 a number for a word', opensWith({ impact: 1 }), 422, 'VALIDATION_FAILED', '/impact'],
  ['26 a list for a text', opensWith({ subject: ['x'] }), 422, 'VALIDATION_FAILED', '/subject'],
  ['26 a text for an object', opensWith({ customer: 'Ada' }), 422, 'VALIDATION_FAILED', '/customer'],
  ['26 a list for an object', opensWith({ customer: [] }), 422, 'VALIDATION_FAILED', '/customer'],
  ['26 null where something is needed', opensWith({ subject: null }), 422, 'VALIDATION_FAILED', '/subject'],
  ['26 a list of one for a code', opensWith({ type: ['incident'] }), 422, 'VALIDATION_FAILED', '/type'],
  ...Object.entries({
    '': ['category', 'product', 'team'],
    classify: ['type', 'category', 'product', 'impact', 'urgency'],
    assign: ['assignee'],
    hold: ['until'],
    correct: [
      ...['subject', 'description', 'text', 'resolution', 'type', 'category', 'product', 'impact', 'urgency', 'team'],
      ...['assignee', 'to', 'waitingFor', 'code', 'occurredAt'],
    ],
  }).flatMap(([verb, members]) =>
    members.map((member): Case => {
      const send = verb === '' ? opensWith({ [member]: null }) : orders(verb, { ...needed.get(verb), [member]: null });
      return [
        `26 null for what may be left out: ${verb || 'open'} ${member}`,
        send,
        422,
        'VALIDATION_FAILED',
        `/${member}`,
      ];
    }),
  ),
  ...['id', 'name', 'email', 'phone'].map((member): Case => [
    `26 null for what may be left out: customer ${member}`,
    opensWith({ customer: { ...(member === 'id' ? {} : { name: 'Ada' }), [member]: null } }),
    ...([422, 'VALIDATION_FAILED', `/customer/${member}`] as const),
  ]),
  [
    '35 a fact of the future',
    orders('correct', { revision: 0, reason: 'x', occurredAt: '2190-01-01T00:00:00Z' }),
    ...([422, 'VALIDATION_FAILED', '/occurredAt'] as const),
  ],
  ['27 NaN', opens(with_('"n":NaN')), 400, 'MALFORMED_JSON'],
  ['27 Infinity', opens(with_('"n":-Infinity')), 400, 'MALFORMED_JSON'],
  ['27 hexadecimal', opens(with_('"n":0x10')), 400, 'MALFORMED_JSON'],
  ['27 underscores', opens(with_('"n":1_000')), 400, 'MALFORMED_JSON'],
  ...(
    [
      ['28 30 February', '2126-02-30T00:00:00Z'],
      ['29 29 February of no leap year', '2126-02-29T00:00:00Z'],
      ['29 31 June', '2126-06-31T00:00:00Z'],
      ['30 24 o’clock', '2126-01-01T24:00:00Z'],
      ['31 a leap second', '2126-06-30T23:59:60Z'],
      ['32 0', '0'],
      ['32 1', '1'],
      ['32 a day', '2126-01-01'],
      ['32 short months', '2126-1-1T00:00:00Z'],
      ['32 in words', 'Feb 31 2126'],
      ['32 a number', 4_923_331_200_000],
      ['33 no offset', '2126-01-01T00:00:00'],
      ['34 offset of 25 hours', '2126-01-01T00:00:00+25:00'],
      ['34 year 0', '0000-01-01T00:00:00Z'],
      ['34 year 275761', '+275761-01-01T00:00:00Z'],
      ['35 year 9999', '9999-01-01T00:00:00Z'],
    ] as const
  ).map(([what, until]): Case => [what, holdsUntil(until), 422, 'VALIDATION_FAILED', '/until']),
  ['34 an offset that there is', holdsUntil('2126-01-01T00:00:00+14:00'), 200],
  ['39 an id that is none', opensWith({ customer: { id: 'x' } }), 422, 'VALIDATION_FAILED', '/customer/id'],
  ['39 an id of 10,000 letters', opensWith({ customer: { id: 'a'.repeat(10_000) } }), 422, 'VALIDATION_FAILED'],
  ['39 an id that is nobody’s', opensWith({ customer: { id: anotherId } }), 422, 'UNKNOWN_CUSTOMER'],
  [
    '39 an id in capitals',
    async () => {
      const { body } = await agent.get<RequestView>(at);
      return opensWith({ customer: { id: body.customer.id.toUpperCase() } })();
    },
    201,
  ],
  ['39 neither id nor name', opensWith({ customer: {} }), 422, 'CUSTOMER_REQUIRED', '/customer'],
  ['39 both id and name', opensWith({ customer: { id: anotherId, name: 'Ada' } }), 422, 'CUSTOMER_AMBIGUOUS'],
  ['39 neither, but an address', opensWith({ customer: { email: 'a@example.org' } }), 422, 'CUSTOMER_REQUIRED'],
  ['39 an address that is none', opensWith({ customer: { name: 'A', email: 'a@b' } }), 422, 'VALIDATION_FAILED'],
  ['39 a telephone that is none', opensWith({ customer: { name: 'A', phone: 'call me' } }), 422, 'VALIDATION_FAILED'],
  ['39 a team that nobody knows', opensWith({ team: 'x' }), 422, 'UNKNOWN_TEAM', '/team'],
  ['39 a team in another spelling', opensWith({ team: 'Support' }), 422, 'UNKNOWN_TEAM', '/team'],
  ['39 a level that is none', orders('escalate', { to: 'L10', reason: 'x' }), 422, 'VALIDATION_FAILED', '/to'],
  ['39 a blank reason', orders('escalate', { to: 'L2', reason: ' \t ' }), 422, 'VALIDATION_FAILED', '/reason'],
  ['39 a pointer that is none', orders('redact', { revision: 0, pointer: '/../x', reason: 'x' }), 403, 'FORBIDDEN'],
  ['65 closing what is open', orders('close', {}), 409, 'REQUEST_NOT_RESOLVED'],
  ['65 correcting nothing', orders('correct', { revision: 0, reason: 'x' }), 422, 'NOT_CORRECTABLE'],
  [
    '65 correcting what is not there',
    orders('correct', { revision: 0, reason: 'x', to: 'L2' }),
    422,
    'NOT_CORRECTABLE',
  ],
  [
    '65 correcting an event to come',
    orders('correct', { revision: 999, reason: 'x', to: 'L2' }),
    422,
    'NOTHING_TO_CORRECT',
    '/revision',
  ],
];

const foreign = (): string => number.replace(/.$/, (last) => (last === '0' ? '1' : '0'));

const addresses: readonly Case[] = [
  ['40 a number with a foreign check symbol', gets(() => `/v1/requests/${foreign()}`), 404, 'NOT_FOUND'],
  ['40 a command to it', () => agent.post(`/v1/requests/${foreign()}/note`, { text: 'x' }), 404, 'NOT_FOUND'],
  ['40 no number at all', gets('/v1/requests/nonsense/history'), 404, 'NOT_FOUND'],
  ['40 a number of 300 letters', gets(`/v1/requests/${'7'.repeat(300)}`), 400, 'MALFORMED_REQUEST'],
  ['39 an id that is none, in the address', () => erases('x'), 400, 'MALFORMED_REQUEST'],
  ['39 an id that nobody has', () => erases(anotherId), 404, 'NOT_FOUND'],
  ['39 the same in capitals', () => erases(anotherId.toUpperCase()), 404, 'NOT_FOUND'],
  ['41 %00', gets('/v1/requests/%00'), 400, 'MALFORMED_REQUEST'],
  ['41 up and out', gets('/v1/requests/%2e%2e%2f%2e%2e%2fetc'), 404, 'NOT_FOUND'],
  ['41 %zz', gets('/v1/requests/%zz'), 400, 'MALFORMED_REQUEST'],
  ['41 an overlong slash', gets('/v1/requests/%c0%af'), 400, 'MALFORMED_REQUEST'],
  ['41 two slashes', gets('/v1//requests'), 404, 'NOT_FOUND'],
  ['41 a parameter of the path', gets('/v1/queue;a=b'), 404, 'NOT_FOUND'],
  ['41 __proto__', gets('/v1/__proto__'), 404, 'NOT_FOUND'],
  ['42 limit less than zero', gets('/v1/queue?limit=-1'), 422, 'VALIDATION_FAILED', '/limit'],
  ['42 limit without end', gets('/v1/queue?limit=1e9'), 422, 'VALIDATION_FAILED', '/limit'],
  ['42 limit in letters', gets('/v1/queue?limit=abc'), 422, 'VALIDATION_FAILED', '/limit'],
  ['42 limit twice', gets('/v1/queue?limit=1&limit=2'), 422, 'VALIDATION_FAILED', '/limit'],
  ['42 limit empty', gets('/v1/queue?limit='), 422, 'VALIDATION_FAILED', '/limit'],
  ['42 a position beyond all', gets(() => `${at}?after=9223372036854775808`), 422, 'VALIDATION_FAILED', '/after'],
  ['42 a position less than zero', gets(() => `${at}?after=-1`), 422, 'VALIDATION_FAILED', '/after'],
  ['42 a position twice', gets(() => `${at}?after=1&after=2`), 422, 'VALIDATION_FAILED', '/after'],
  ['43 a nested parameter', gets('/v1/queue?a[__proto__][x]=1'), 422, 'VALIDATION_FAILED'],
  ['43 __proto__', gets('/v1/queue?__proto__=1'), 422, 'VALIDATION_FAILED', '/__proto__'],
  [
    '43 1,001 parameters',
    gets(`/v1/queue?${Array.from({ length: 1_001 }, (_, index) => `p${index}=1`).join('&')}`),
    422,
    'VALIDATION_FAILED',
  ],
  ['43 an address of 20 kB', gets(`/v1/queue?team=${'x'.repeat(20_480)}`), 431, 'HEADERS_TOO_LARGE'],
  ['44 an unknown order', gets('/v1/queue?sort=colour'), 422, 'VALIDATION_FAILED', '/sort'],
  ['44 SQL in the order', gets('/v1/queue?sort=due;drop table event_log'), 422, 'VALIDATION_FAILED', '/sort'],
  ['44 an unknown filter', gets('/v1/queue?colour=red'), 422, 'VALIDATION_FAILED', '/colour'],
  ['44 an unknown status', gets('/v1/queue?status=open,lost'), 422, 'VALIDATION_FAILED', '/status'],
  ['44 U+0000 in a filter', gets('/v1/queue?team=%00'), 400, 'MALFORMED_REQUEST'],
  ['44 bytes that are no text', gets('/v1/queue?team=%ff'), 422, 'UNKNOWN_TEAM', '/team'],
  ['44 a team that nobody knows', gets("/v1/queue?team=' or 1=1 --"), 422, 'UNKNOWN_TEAM', '/team'],
  ['45 a cursor that is none', gets('/v1/queue?cursor=x'), 400, 'INVALID_CURSOR'],
  ['45 a cursor that was altered', () => turnsPage((cursor) => `${cursor.slice(0, -1)}~`), 400, 'INVALID_CURSOR'],
  ['45 a cursor of another list', () => turnsPage((cursor) => `${cursor}&priority=P1`), 400, 'INVALID_CURSOR'],
  ['45 a cursor as it was given', () => turnsPage((cursor) => cursor), 200],
  ['45 a cursor in a history', gets(() => `${at}/history?cursor=x`), 422, 'VALIDATION_FAILED', '/cursor'],
  ['46 a pattern without end', gets(`/v1/requests?search=${encodeURIComponent('(a+)+$')}`), 200],
  ['46 wild cards', gets(`/v1/requests?search=${encodeURIComponent('%_\\')}`), 200],
  ['46 10,000 letters', gets(`/v1/requests?search=${'a'.repeat(10_000)}`), 422, 'VALIDATION_FAILED', '/search'],
  ['46 nothing', gets('/v1/requests'), 422, 'VALIDATION_FAILED', '/search'],
];

const turnsPage = async (change: (cursor: string) => string): Promise<Answer<ProblemBody>> => {
  const first = await agent.get<QueueAnswer>('/v1/queue?limit=1');
  return agent.get(`/v1/queue?limit=1&cursor=${change(first.body.nextCursor ?? 'none')}`);
};
const erases = async (id: string): Promise<Answer<ProblemBody>> =>
  (await server.as('lead', 'carol')).post(`/v1/customers/${id}/erase`, { ground: 'requested' });

/** The same command, twice at once. */
const atOnce = async (): Promise<Answer<ProblemBody>> => {
  const headers = { 'idempotency-key': randomUUID() };
  const [one, other] = await Promise.all([0, 1].map(() => agent.post(`${at}/note`, { text: 'once' }, headers)));
  const replayed = [one, other].filter((answer) => answer?.headers.get('idempotency-replayed') === 'true');
  expect(replayed).toHaveLength(1);
  expect(one?.body).toEqual(other?.body);
  return agent.post(`${at}/note`, { text: 'twice' }, headers);
};

const headers: readonly Case[] = [
  ['47 no token', as(undefined), 401, 'UNAUTHENTICATED'],
  ['47 garbage', as('Bearer x.y.z'), 401, 'UNAUTHENTICATED'],
  ['47 another scheme', as('Basic eDp5'), 401, 'UNAUTHENTICATED'],
  ['47 a token that was altered', () => as(`Bearer ${agent.token.slice(0, -2)}AA`)(), 401, 'UNAUTHENTICATED'],
  [
    '48 a role that may not',
    async () => (await server.as('auditor')).post(`${at}/note`, { text: 'x' }),
    403,
    'FORBIDDEN',
  ],
  ['49 a token in the address', as(undefined, () => `${at}?access_token=${agent.token}`), 401, 'UNAUTHENTICATED'],
  ['57 another method', () => agent.send('/v1/queue', { method: 'DELETE' }), 405, 'METHOD_NOT_ALLOWED'],
  ['57 a command as a query', gets(() => `${at}/assign`), 405, 'METHOD_NOT_ALLOWED'],
  ['62 no key', orders('note', { text: 'x' }), 200],
  [
    '62 a key of 300 characters',
    orders('note', { text: 'x' }, { 'idempotency-key': 'k'.repeat(300) }),
    400,
    'INVALID_IDEMPOTENCY_KEY',
  ],
  ['62 a key of 255', orders('note', { text: 'x' }, { 'idempotency-key': 'k'.repeat(255) }), 200],
  [
    '62 a key with a blank',
    orders('note', { text: 'x' }, { 'idempotency-key': 'a b' }),
    400,
    'INVALID_IDEMPOTENCY_KEY',
  ],
  ['62 an empty key', orders('note', { text: 'x' }, { 'idempotency-key': '' }), 400, 'INVALID_IDEMPOTENCY_KEY'],
  [
    '62 a key beyond ASCII',
    orders('note', { text: 'x' }, { 'idempotency-key': '\u00e9' }),
    400,
    'INVALID_IDEMPOTENCY_KEY',
  ],
  ['62 a key for another body, after two at once', atOnce, 422, 'IDEMPOTENCY_KEY_REUSED'],
  ['63 a stale revision', orders('note', { text: 'x' }, { 'if-match': '"0"' }), 412, 'REVISION_MISMATCH'],
  ['63 any revision', orders('note', { text: 'x' }, { 'if-match': '*' }), 400, 'INVALID_IF_MATCH'],
  ['63 a weak one', orders('note', { text: 'x' }, { 'if-match': 'W/"0"' }), 400, 'INVALID_IF_MATCH'],
  ['63 two', orders('note', { text: 'x' }, { 'if-match': '"0", "1"' }), 400, 'INVALID_IF_MATCH'],
  ['63 without quotes', orders('note', { text: 'x' }, { 'if-match': '0' }), 400, 'INVALID_IF_MATCH'],
  ['63 one of a case to come', opens(JSON.stringify(opening()), { 'if-match': '"0"' }), 400, 'INVALID_IF_MATCH'],
  ['64 an answer in HTML', gets(() => at, { accept: 'text/html' }), 406, 'NOT_ACCEPTABLE'],
  ['64 an answer as it comes', gets(() => at, { accept: 'text/html, */*;q=0.1' }), 200],
  ['64 a part of the answer', gets(() => at, { range: 'bytes=0-1' }), 200],
];

const get = 'GET /health/live HTTP/1.1\r\nConnection: close\r\n';
const post = 'POST /v1/requests HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;

/** What no HTTP client would send: bytes, the status, the code. */
const sockets: readonly (readonly [string, string, number, string])[] = [
  [
    '50 two Authorization headers',
    `${get}Host: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\n\r\n`,
    400,
    'MALFORMED_REQUEST',
  ],
  [
    '51 a length and chunks',
    `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    400,
    'MALFORMED_REQUEST',
  ],
  ['52 two lengths', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400, 'MALFORMED_REQUEST'],
  ['52 the same length twice', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`, 400, 'MALFORMED_REQUEST'],
  ['52 two lengths in one', `${post}Content-Length: 2, 2\r\n\r\n{}`, 400, 'MALFORMED_REQUEST'],
  ['52 a length with a sign', `${post}Content-Length: +2\r\n\r\n{}`, 400, 'MALFORMED_REQUEST'],
  ['53 an unknown coding', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  ['53 two codings', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  ['53 a blank before the colon', `${get}Host : a\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  ['53 a folded header', `${get}Host: a\r\nX: a\r\n b\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  ['53 line feeds alone', 'GET /health/live HTTP/1.1\nHost: a\n\n', 400, 'MALFORMED_REQUEST'],
  ['54 a chunk size that is none', `${chunked}zz\r\n`, 400, 'MALFORMED_REQUEST'],
  ['54 a chunk size beyond all', `${chunked}${'f'.repeat(20)}\r\n`, 400, 'MALFORMED_REQUEST'],
  ['54 chunk extensions without end', `${chunked}1;${'x'.repeat(20_000)}\r\n`, 413, 'PAYLOAD_TOO_LARGE'],
  ['55 no Host', `${get}\r\n`, 400, 'MALFORMED_REQUEST'],
  ['55 two Hosts', `${get}Host: a\r\nHost: b\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  ['55 a Host with a blank', `${get}Host: a b\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  [
    '55 another address',
    'GET http://b/health/live HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n',
    400,
    'MALFORMED_REQUEST',
  ],
  ['56 U+0000 in a header', `${get}Host: a\r\nX: \0\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  ['56 headers of 20 KiB', `${get}Host: a\r\nX: ${'x'.repeat(20_480)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['56 2,001 headers', `${get}Host: a\r\n${'a:1\r\n'.repeat(2_001)}\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['57 an expectation', `${get}Host: a\r\nExpect: x\r\n\r\n`, 417, 'EXPECTATION_FAILED'],
  ['57 an unknown method', 'FOO /v1/queue HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'MALFORMED_REQUEST'],
  ['57 TRACE', 'TRACE /v1/queue HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
  ['57 another protocol', 'GET /v1/queue HTTP/9.9\r\nHost: a\r\n\r\n', 400, 'MALFORMED_REQUEST'],
  ['58 a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'MALFORMED_REQUEST'],
  ['58 the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'MALFORMED_REQUEST'],
];

describe('bad input', () => {
  it('is as much as the corpus says', () => {
    const counts = [bodies, values, addresses, headers, sockets, naughtyStrings, refusedStrings].map(
      ({ length }) => length,
    );
    expect(counts).toEqual([48, 85, 42, 24, 27, 183, 23]);
    const all = [...bodies, ...values, ...addresses, ...headers, ...sockets].map(([what]) => what);
    expect(new Set(all).size).toBe(all.length);
  });

  const places: readonly (readonly [string, readonly Case[]])[] = [
    ['in a body', bodies],
    ['as a value', values],
    ['in an address', addresses],
    ['in a header', headers],
  ];
  for (const [place, cases] of places)
    describe(place, () => {
      for (const [what, send, status, code, pointer] of cases)
        it(what, async () => {
          const answer = await seen(send);
          expect(answer).toMatchObject({ status, ...(code === undefined ? {} : { code }) });
          if (pointer !== undefined) expect(answer.pointers).toEqual([pointer]);
        });
    });

  it.each(sockets)('on the socket: %s', async (_, bytes, status, code) => {
    const answer = await sendRaw(server.port, Buffer.from(bytes, 'latin1'));
    expect(answer.status).toBe(status);
    expect(answer.head).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(answer.body)).toMatchObject({ status, code, title: expect.any(String) });
  });

  it('57 in the body of a query is not looked at', async () => {
    const bytes = `${get}Host: a\r\nContent-Length: 1\r\n\r\n{`;
    expect((await sendRaw(server.port, bytes)).status).toBe(200);
  });

  it('61 that is only much, such as a thousand requests in one go, is answered one after the other', async () => {
    const one = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n';
    const last = `${get}Host: a\r\n\r\n`;
    const { body, status } = await sendRaw(server.port, one.repeat(999) + last);
    expect({ status, body }).toMatchObject({ status: 200 });
  });

  it('leaves the server as it was: what is right still works', async () => {
    expect((await agent.post('/v1/requests', opening())).status).toBe(201);
    expect((await agent.get(at)).status).toBe(200);
    expect(server.logged.map((line): { level: number } => JSON.parse(line)).filter(({ level }) => level >= 50)).toEqual(
      [],
    );
  });
});

describe('a text that has broken others', () => {
  it('is kept to the last byte in every field that takes it, or refused; it is never repaired in silence', async () => {
    const opened = await inTurns(naughtyStrings, (text) =>
      agent.post('/v1/requests', opening({ subject: text, description: text, customer: { name: text } })),
    );
    expect(opened.filter(({ status }) => status !== 201)).toEqual([]);
    const noted = await inTurns(naughtyStrings, (text) => agent.post(`${at}/note`, { text }));
    const { body } = await agent.get<HistoryAnswer>(`${at}/history?after=${noted.at(-1)?.body.position}`);
    const notes = body.events.flatMap(({ type, data }) =>
      type === 'RequestNoted' && 'text' in data ? [data.text] : [],
    );
    expect(new Set(notes)).toEqual(new Set([...notes, ...naughtyStrings]));
    const views = await inTurns(opened, (each) => agent.get<RequestView>(`/v1/requests/${each.body.number}`));
    for (const [index, text] of naughtyStrings.entries())
      expect(views[index]?.body).toMatchObject({ subject: text, description: text, customer: { name: text } });
  });

  it('and that nobody can read is refused in every field', async () => {
    for (const text of refusedStrings) {
      const answers = await Promise.all([
        agent.post<ProblemBody>('/v1/requests', opening({ subject: text })),
        agent.post<ProblemBody>('/v1/requests', opening({ description: text })),
        agent.post<ProblemBody>('/v1/requests', opening({ customer: { name: text } })),
        agent.post<ProblemBody>('/v1/requests', opening({ type: text })),
        agent.post<ProblemBody>('/v1/requests', opening({ category: text })),
        agent.post<ProblemBody>('/v1/requests', opening({ team: text })),
        agent.post<ProblemBody>(`${at}/note`, { text }),
        agent.post<ProblemBody>(`${at}/respond`, { text }),
        agent.post<ProblemBody>(`${at}/escalate`, { to: 'L2', reason: text }),
        agent.post<ProblemBody>(`${at}/cancel`, { reason: text }),
        agent.post<ProblemBody>(`${at}/resolve`, { code: 'fixed', resolution: text }),
        agent.post<ProblemBody>(`${at}/resolve`, { code: text, resolution: 'x' }),
        agent.post<ProblemBody>(`${at}/correct`, { revision: 0, reason: text, subject: 'x' }),
        agent.post<ProblemBody>(`${at}/correct`, { revision: 0, reason: 'x', subject: text }),
      ]);
      for (const { status, body } of answers)
        expect({ text, status, code: body.code }).toEqual({ text, status: 422, code: 'VALIDATION_FAILED' });
    }
  });
});

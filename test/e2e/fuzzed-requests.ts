import fc from 'fast-check';
import { resolveSchema, Schema, Schemas } from '../contracts/schema-check';
import { naughtyStrings, refusedStrings } from './naughty-strings';

/**
 * Requests made from the contract: right ones, nearly right ones and wild ones, for every operation.
 *
 * A third is right in every member, so that the others meet cases in every state; the same seed gives the same requests.
 */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}
type Media = Readonly<Record<string, { readonly schema: Schema }>>;

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Media };
  readonly responses: Readonly<Record<string, { readonly content?: Media }>>;
}
export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

export interface FuzzedRequest {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly role: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64, so that a failing request can be read in a report and sent again. */
  readonly body: string | undefined;
}

/** What is there to be asked for. */
export interface Known {
  readonly numbers: readonly string[];
  readonly customers: readonly string[];
  readonly backtests: readonly string[];
}

const hugeCharacters = 300_000;
const deepLevels = 20_000;
const optionalMembersMax = 6;

const texts = fc.constantFrom(...naughtyStrings, ...refusedStrings);
const wildNumbers = fc.constantFrom(0, -0, 1, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 53), 1e308, 5e-324);
const wild: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: 1 }, { $enc: 1, c: 'x' }, { then: 1 }),
  wildNumbers,
  texts,
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('x'.repeat(301), 'x'.repeat(20_001), '💩'.repeat(10_001), 'a'.repeat(5_000)),
);

const instants = [
  '2126-01-01T00:00:00Z',
  '2026-02-28T23:59:59.999+14:00',
  '1999-12-31T00:00:00-11:30',
  '2126-02-30T00:00:00Z',
];
const words = new Map<string, fc.Arbitrary<unknown>>([
  ['team', fc.constantFrom('support', 'specialists', 'billing')],
  ['assignee', fc.constantFrom('alice', 'bob', 'carol')],
  ['revision', fc.integer({ min: 0, max: 6 })],
  ['pointer', fc.constantFrom('/subject', '/description', '/reason', '/text', '/contact/name', '/values/subject')],
  ['email', fc.integer({ min: 0, max: 50 }).map((id) => `person-${id}@example.org`)],
  ['phone', fc.constantFrom('+44 20 7946 0000', '(0555) 1234')],
  ['type', fc.constantFrom('incident', 'request', 'Störung 7')],
  ['category', fc.constantFrom('hardware', 'software')],
  ['product', fc.constantFrom('LaserJet 4', 'Office')],
  ['code', fc.constantFrom('fixed', 'duplicate')],
]);

/** A value that the schema allows, as far as it says. */
const valueOf = (schemas: Schemas, given: Schema, name: string, known: Known): fc.Arbitrary<unknown> => {
  const schema = resolveSchema(given, schemas);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.format === 'uuid') return fc.constantFrom(...known.customers);
  if (schema.format === 'date-time') return fc.constantFrom(...instants.slice(0, 3));
  const word = words.get(name);
  if (word) return word;
  if (schema.type === 'object') return bodyOf(schemas, schema, known);
  if (schema.type === 'integer' || schema.type === 'number') return fc.integer({ min: 0, max: 10 });
  return fc.constantFrom('Printer on fire', ...naughtyStrings);
};

const bodyOf = (schemas: Schemas, schema: Schema, known: Known): fc.Arbitrary<object> => {
  const { properties = {}, required = [] } = schema;
  const members = Object.entries(properties).map(
    ([name, each]) => [name, valueOf(schemas, each, name, known)] as const,
  );
  const requiredKeys = required.filter((name) => name in properties);
  // A customer is an id or a description; the contract cannot say that both together are refused.
  const isCustomer = 'id' in properties && 'name' in properties;
  const optional = members.map(([name]) => name).filter((name) => !requiredKeys.includes(name));
  // Of many values that may be given, few fit together.
  const chosen =
    optional.length > optionalMembersMax
      ? fc.subarray(optional, { minLength: 1, maxLength: 2 })
      : fc.subarray(optional);
  const whole = fc
    .tuple(fc.record(Object.fromEntries(members)), chosen)
    .map(([all, kept]) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => kept.includes(name) || requiredKeys.includes(name))),
    );
  if (!isCustomer) return whole;
  const { id, ...described } = Object.fromEntries(members);
  return fc.oneof(
    { weight: 1, arbitrary: fc.record({ id: id ?? fc.constant('') }) },
    { weight: 4, arbitrary: fc.record(described, { requiredKeys: ['name'] }) },
  );
};

const seconds = fc.integer({ min: 1, max: 100_000 });
const target = seconds.map((targetSeconds) => ({ calendar: 'always', targetSeconds }));
const day = fc.constantFrom([{ from: '09:00', to: '17:00' }], [{ from: '00:00', to: '24:00' }]);
const policyClock = fc.record({
  metric: fc.constantFrom('resolution', 'first-response'),
  start: fc.constant(['opened']),
  stop: fc.constantFrom(['resolved', 'closed'], ['staff-replied', 'resolved', 'closed']),
  cancel: fc.constant(['cancelled']),
  pause: fc.constantFrom([], ['waiting-customer']),
  targets: fc.record({ P1: target, P2: target, P3: target, P4: target, P5: target }),
});

/** Members that must fit together in more ways than a contract can say. */
const wholeBodies = new Map<string, fc.Arbitrary<object>>([
  [
    'draftPolicy',
    fc.record({
      rank: fc.integer({ min: 1, max: 99 }),
      match: fc.constantFrom({ types: ['incident'] }, { types: ['request'], priorities: ['P1'] }),
      clocks: policyClock.map((clock) => [clock]),
    }),
  ],
  [
    'draftCalendar',
    fc.record({
      zone: fc.constantFrom('Europe/Rome', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
      week: fc.record({ 1: day, 2: day, 3: day }),
      holidays: fc.constantFrom([], ['2026-12-25']),
    }),
  ],
  // Most events have no text of that name.
  ['redactRequest', fc.constant({ revision: 0, pointer: '/description', reason: 'not for the record' })],
  ['startBacktest', fc.constantFrom({ policyId: 'standard' }, { policyId: 'standard', changesMax: 3 })],
  [
    'createView',
    fc.constantFrom(
      { name: 'Ours', list: 'queue', filter: { team: 'support', status: 'open' } },
      { name: 'Late', list: 'requests', filter: { overdue: 'true', openedFrom: '2026-01-01T00:00:00Z' } },
    ),
  ],
  ['activatePolicy', fc.constant({})],
  ['activateCalendar', fc.constant({})],
  ['retirePolicy', fc.constant({})],
  ...['correctPolicy', 'correctCalendar'].map((operation): [string, fc.Arbitrary<object>] => [
    operation,
    fc.record({ revision: fc.integer({ min: 1, max: 2 }), reason: fc.constant('it was wrong') }),
  ]),
]);

/** Of what was said about a customer before, most words say nothing. */
const newsletter = { purpose: 'newsletter', basis: 'consent' };
const customerBodies: Readonly<Record<string, fc.Arbitrary<object>>> = {
  addContactPoint: fc.constantFrom(
    { channel: 'chat', address: '@ada' },
    { channel: 'sms', address: '+44 20 7946 0000' },
  ),
  removeContactPoint: fc.constantFrom({ contactPoint: 'email' }, { contactPoint: 'fax' }),
  preferContactPoint: fc.constant({ contactPoint: 'email' }),
  giveConsent: fc.constantFrom(newsletter, { ...newsletter, at: '2026-01-01T00:00:00Z' }),
  withdrawConsent: fc.constant({ purpose: 'newsletter' }),
  rectifyCustomer: fc.constantFrom({ name: 'Ada', reason: 'x' }, { reason: 'x' }),
  agreeContract: fc.constant({ reference: 'C1', level: 'gold', from: '2026-01-01T00:00:00Z' }),
  endContract: fc.constant({ reference: 'C1' }),
  placeLegalHold: fc.constant({ matter: 'A', reason: 'x' }),
  releaseLegalHold: fc.constant({ matter: 'A' }),
  setRetention: fc.constantFrom({ days: 36_500 }, { days: 9_000, category: 'hardware' }),
  withdrawRetention: fc.constantFrom({}, { category: 'hardware' }),
};
for (const [operation, body] of Object.entries(customerBodies)) wholeBodies.set(operation, body);

type How = 'replace' | 'empty' | 'drop' | 'add';

/** One member less, more or other than it should be, at the place itself or further down. */
const spoil = (body: object, place: number, value: unknown, how: How, key: string): object => {
  const entries = Object.entries(body);
  if (how === 'add' || !entries.length) return Object.fromEntries([...entries, [key, value]]);
  const index = place % entries.length;
  if (how === 'drop') return Object.fromEntries(entries.filter((_, at) => at !== index));
  return Object.fromEntries(
    entries.map(([name, member], at) => {
      if (at !== index) return [name, member];
      const isParent = typeof member === 'object' && member !== null && place % 4 !== 0;
      if (isParent) return [name, spoil(member, Math.floor(place / 4), value, how, key)];
      return [name, how === 'empty' ? null : value];
    }),
  );
};

const spoilt = (right: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc
    .tuple(right, fc.nat(), wild, fc.constantFrom<How>('replace', 'replace', 'empty', 'drop', 'add'), texts)
    .map(([body, place, value, how, key]) => spoil(body, place, value, how, key));

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');

/** Bytes that are JSON, or nearly. */
const bytesOf = (right: fc.Arbitrary<object>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 40, arbitrary: right.map(json) },
    { weight: 40, arbitrary: spoilt(right).map(json) },
    { weight: 6, arbitrary: wild.map(json) },
    { weight: 4, arbitrary: fc.tuple(right, fc.nat()).map(([body, at]) => cut(json(body), at)) },
    {
      weight: 4,
      arbitrary: fc.tuple(right, fc.nat(), fc.nat(255)).map(([body, at, byte]) => struck(json(body), at, byte)),
    },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 2, arbitrary: right.map((body) => Buffer.from(`{"a":1,${JSON.stringify(body).slice(1)}`)) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('', ' ', '\ufeff{}', '{"a":1e400}', '{"__proto__":{}}')
        .map((text) => Buffer.from(text)),
    },
    { weight: 1, arbitrary: fc.constantFrom('[', '{"a":').map((text) => Buffer.from(text.repeat(deepLevels))) },
    { weight: 1, arbitrary: fc.constant(Buffer.from(`{"text":"${'x'.repeat(hugeCharacters)}"}`)) },
  );

const cut = (bytes: Buffer, at: number): Buffer => bytes.subarray(0, at % (bytes.length + 1));
const struck = (bytes: Buffer, at: number, byte: number): Buffer => {
  if (bytes.length) bytes[at % bytes.length] = byte;
  return bytes;
};

/** What stands in a request line has to be visible ASCII; everything else is what the escapes are for. */
const visible = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\x21-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
const wildAddress = fc.oneof(
  texts.map((text) => encodeURIComponent(text.toWellFormed())),
  texts.map((text) => visible(text)),
  fc.constantFrom('%00', '%zz', '%', '%c0%af', '%2e%2e%2f', '..', '//', ';a=b', 'x'.repeat(300), '%ff%fe', '__proto__'),
);

const idsOf = (path: string, { customers, backtests }: Known): readonly string[] => {
  if (path.includes('/backtests/')) return backtests;
  if (path.includes('/service-level-policies/')) return ['fuzz-a', 'fuzz-b'];
  return path.includes('/calendars/') ? ['fuzz-hours', 'fuzz-days'] : customers;
};

const pathOf = (path: string, known: Known): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known.numbers) }, { weight: 1, arbitrary: wildAddress }),
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...idsOf(path, known)) }, { weight: 1, arbitrary: wildAddress }),
    )
    .map(([number, id]) => path.replace('{number}', () => number).replace('{id}', () => id));

const usualQuery = new Map<string, fc.Arbitrary<string>>([
  // One far ahead of the log is waited for, two seconds each.
  [
    'after',
    fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom('0', '1', '4000') },
      { weight: 1, arbitrary: fc.constant('9000000000000000000') },
    ),
  ],
  ['limit', fc.integer({ min: 1, max: 200 }).map(String)],
  ['cursor', fc.constantFrom('0', '3', '12')],
  ['status', fc.constantFrom('open', 'open,held', 'closed')],
  ['priority', fc.constantFrom('P1', 'P1,P2')],
  ['sort', fc.constantFrom('due', 'due', 'newest', 'oldest', 'relevance')],
  ...['overdue', 'counts', 'similar'].map((flag): [string, fc.Arbitrary<string>] => [
    flag,
    fc.constantFrom('true', 'false'),
  ]),
  ...['openedFrom', 'openedTo', 'resolvedFrom', 'resolvedTo', 'dueBefore', 'namesAsOf'].map(
    (instant): [string, fc.Arbitrary<string>] => [instant, fc.constantFrom(...instants)],
  ),
  ['team', fc.constantFrom('support', 'billing')],
  ['assignee', fc.constantFrom('alice', 'bob')],
  ['follow', fc.constantFrom('false', 'true')],
  ['wait', fc.constantFrom('0', '0', '1')],
  ['type', fc.constantFrom('RequestHeld', 'RequestHeld,RequestNoted')],
]);

const queryOf = (parameters: readonly Parameter[], known: Known): fc.Arbitrary<string> => {
  const names = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
  const typed = ['x', 'printer fi', '"on fire" printer', '(0555) 1234', 'person-1@example.org', ...naughtyStrings];
  const searched = fc.oneof(fc.constantFrom(...known.numbers, 'x'), fc.constantFrom(...typed));
  const pair = (name: string): fc.Arbitrary<string> =>
    (usualQuery.get(name) ?? searched).map((value) => `${name}=${encodeURIComponent(value.toWellFormed())}`);
  const usual = fc.tuple(
    ...names.map((name) => fc.option(pair(name), { freq: name === 'search' ? 20 : 1, nil: undefined })),
  );
  const odd = fc.array(
    fc
      .tuple(fc.oneof(fc.constantFrom(...names, 'colour', '__proto__', 'a[b]', ''), wildAddress), wildAddress)
      .map(([name, value]) => `${name}=${value}`),
    { minLength: 1, maxLength: 3 },
  );
  return fc
    .oneof(
      { weight: 5, arbitrary: usual.map((pairs) => pairs.filter((each) => each !== undefined)) },
      {
        weight: 2,
        arbitrary: fc.tuple(usual, odd).map(([some, more]) => [...some.filter((each) => each !== undefined), ...more]),
      },
    )
    .map((pairs) => (pairs.length ? `?${pairs.join('&')}` : ''));
};

const sometimes = (usual: string | undefined, ...odd: readonly string[]): fc.Arbitrary<string | undefined> =>
  fc.oneof({ weight: 40, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
const headersOf = (hasBody: boolean): fc.Arbitrary<Record<string, string>> =>
  fc
    .record({
      'content-type': sometimes(
        hasBody ? 'application/json' : undefined,
        'text/plain',
        'application/json;charset=utf-7',
        'x',
        '',
      ),
      'content-encoding': sometimes(undefined, 'gzip', 'identity', 'foo'),
      accept: sometimes(undefined, 'text/html', '*/*', 'application/json;q=0.5', '\u00ff', ''),
      'idempotency-key': fc.option(fc.constantFrom(...keys, 'k'.repeat(256), 'a b', '', '\u00e9'), {
        freq: 3,
        nil: undefined,
      }),
      'if-match': sometimes(undefined, '"0"', '"1"', '"99999999999"', '*', 'W/"1"', '1', ''),
      traceparent: sometimes(undefined, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x'),
      range: sometimes(undefined, 'bytes=0-1'),
      expect: sometimes(undefined, '100-continue', 'x'),
      'x-forwarded-for': sometimes(undefined, "' or 1=1"),
    })
    .map((headers) =>
      Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
    );

const workers = ['agent', 'lead', 'agent', 'lead', 'agent', 'lead', 'agent', 'lead', 'agent', 'lead'];
const leadersTried = ['lead', 'lead', 'lead', 'admin', 'agent', 'nobody'];
const rolesTried = [...workers, 'admin', 'auditor', 'auditor', 'reporter', 'customer', 'nobody'];

const requestOf = (
  schemas: Schemas,
  method: string,
  path: string,
  operation: Operation,
  known: Known,
): fc.Arbitrary<FuzzedRequest> => {
  const schema = operation.requestBody?.content['application/json']?.schema;
  const whole = wholeBodies.get(operation.operationId);
  const right = whole ?? (schema && bodyOf(schemas, resolveSchema(schema, schemas), known));
  return fc.record({
    operationId: fc.constant(operation.operationId),
    method: fc.oneof(
      { weight: 30, arbitrary: fc.constant(method.toUpperCase()) },
      { weight: 1, arbitrary: fc.constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'POST') },
    ),
    path: fc
      .tuple(pathOf(path, known), queryOf(operation.parameters ?? [], known))
      .map(([address, query]) => address + (method === 'get' ? query : '')),
    role: fc.constantFrom(...(whole ? leadersTried : rolesTried)),
    headers: headersOf(right !== undefined),
    body: right ? bytesOf(right).map((bytes) => bytes.toString('base64')) : fc.constant(undefined),
  });
};

export const fuzzedRequests = (
  { paths, components: { schemas } }: Contract,
  known: Known,
): fc.Arbitrary<FuzzedRequest> =>
  fc.oneof(
    ...Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => requestOf(schemas, method, path, operation, known)),
    ),
  );

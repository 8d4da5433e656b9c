import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../apps/cli/cli';
import { attachmentBytesMax } from '../../libs/attachments/attachments.adapter';
import { FolderStore } from '../../libs/attachments/folder-store.adapter';
import { FileSweep } from '../../libs/requests/processes/remove-files/sweep-files.process';
import { ConversationAnswer } from '../../libs/requests/read-models/conversation/conversation-view.http';
import { attach } from '../../libs/requests/commands/attach/attach';
import { RequestEvent } from '../../libs/requests/events';
import { liveContext } from '../../libs/requests/read-models/testing/read-server';
import { Request, requestEvolution } from '../../libs/requests/request';
import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { eventually } from '../faults/harness/eventually';
import { Answer, Client, ProblemBody, serve, Served } from './served';

/** Files of a case: taken in, given out, refused, and gone for good. */
jest.setTimeout(60_000);

let server: Served;
let agent: Client;
let lead: Client;

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
  lead = await server.as('lead', 'carol');
});
afterAll(() => server.stop());

interface Case {
  readonly number: string;
  readonly customer: Client;
}

const open = async (): Promise<Case> => {
  const opened = await agent.post('/v1/requests', {
    ...{ subject: 's', description: 'd', type: 'incident', impact: 'low', urgency: 'low' },
    customer: { name: 'Ada' },
  });
  const { number, position } = opened.body;
  const { body } = await agent.get<{ customer: { id: string } }>(`/v1/requests/${number}?after=${position}`);
  return { number, customer: await server.as('customer', body.customer.id) };
};

const upload = <T = CommandAnswer>(
  who: Client,
  number: string,
  bytes: Buffer | string,
  { name = 'a.txt', type = 'text/plain', about = '', headers = {} } = {},
): Promise<Answer<T>> =>
  who.raw<T>(`/v1/requests/${number}/attachments${about}`, bytes, {
    'content-type': type,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    ...headers,
  });
const at = (number: string, { revision, position }: CommandAnswer): string =>
  `/v1/requests/${number}/attachments/${revision}?after=${position}`;
const folderOf = (number: string): string => join(server.dataDirectory, 'attachments', number);
const filesOf = (number: string): readonly string[] =>
  existsSync(folderOf(number)) ? readdirSync(folderOf(number)) : [];
const conversation = async (who: Client, number: string, position: string): Promise<ConversationAnswer> =>
  (await who.get<ConversationAnswer>(`/v1/requests/${number}/conversation?after=${position}`)).body;

it('gives back the bytes that it took, under their name, to be saved and not to be shown', async () => {
  const { number, customer } = await open();
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7 '), randomBytes(300_000)]);
  const { status, body } = await upload(customer, number, bytes, {
    name: 'Rückgabe "neu".pdf',
    type: 'application/pdf',
  });
  expect([status, body.events]).toEqual([200, ['RequestFileAttached']]);
  for (const who of [agent, customer]) {
    const response = await fetch(server.url + at(number, body), { headers: { authorization: `Bearer ${who.token}` } });
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="R_ckgabe _neu_.pdf"; filename*=UTF-8''R%C3%BCckgabe%20%22neu%22.pdf`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  }
  const { items } = await conversation(customer, number, body.position);
  expect(items.map(({ kind, attachments }) => [kind, attachments.map(({ name }) => name)])).toEqual([
    ['opening', []],
    ['file', ['Rückgabe "neu".pdf']],
  ]);
  expect(items[1]?.attachments[0]).toMatchObject({ state: 'available', scan: { verdict: 'not-scanned', by: 'none' } });
});

it('keeps nothing in clear, neither bytes nor names', async () => {
  const { number } = await open();
  const [text, name] = [`ZZQ${randomBytes(16).toString('hex')}`, `ZZQ${randomBytes(16).toString('hex')}.txt`];
  const { status } = await upload(agent, number, text, { name });
  expect(status).toBe(200);
  const [file = ''] = filesOf(number);
  expect(readFileSync(join(folderOf(number), file)).includes(text)).toBe(false);
  expect(server.logged.join('').includes('ZZQ')).toBe(false);
});

it('shows the customer what staff attached only once a message to them carries it', async () => {
  const { number, customer } = await open();
  const stranger = await server.as('customer', randomUUID());
  const { body } = await upload(agent, number, 'for staff');
  expect((await agent.get(at(number, body))).text).toBe('for staff');
  for (const who of [customer, stranger]) expect((await who.get(at(number, body))).status).toBe(404);
  expect((await conversation(customer, number, body.position)).items.map(({ kind }) => kind)).toEqual(['opening']);
  for (const role of ['auditor', 'reporter', 'admin'] as const)
    expect((await (await server.as(role)).get(at(number, body))).status).toBe(403);
});

it('takes a file once, however often it is sent, and refuses another one under the same key', async () => {
  const { number } = await open();
  const headers = { 'idempotency-key': 'file-1' };
  const first = await upload(agent, number, 'once', { headers });
  const again = await Promise.all([1, 2, 3].map(() => upload(agent, number, 'once', { headers })));
  expect(again.map(({ body }) => body)).toEqual([first.body, first.body, first.body]);
  expect(again.map((answer) => answer.headers.get('idempotency-replayed'))).toEqual(['true', 'true', 'true']);
  const other = await upload<ProblemBody>(agent, number, 'twice', { headers });
  expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  expect(filesOf(number)).toHaveLength(1);
});

it('says what it does not take, and keeps nothing of it', async () => {
  const { number, customer } = await open();
  const send = async (bytes: Buffer | string, options: Parameters<typeof upload>[3] = {}, who = agent) => {
    const { status, body } = await upload<ProblemBody>(who, number, bytes, options);
    return [status, body.code];
  };
  expect(await send(Buffer.alloc(attachmentBytesMax + 1, 'x'))).toEqual([413, 'ATTACHMENT_TOO_LARGE']);
  expect(await send('MZ\x90 program', { type: 'image/png' })).toEqual([415, 'ATTACHMENT_TYPE_REFUSED']);
  expect(await send('<html>', { type: 'text/plain' })).toEqual([415, 'ATTACHMENT_TYPE_REFUSED']);
  expect(await send('just text', { type: 'image/png' })).toEqual([415, 'ATTACHMENT_TYPE_REFUSED']);
  expect(await send('{}', { type: 'application/json' })).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  expect(await send('x', { headers: { 'content-disposition': 'attachment' } })).toEqual([422, 'ATTACHMENT_UNNAMED']);
  expect(await send('x', { about: '?about=17' })).toEqual([422, 'UNKNOWN_EXCHANGE']);
  expect(await send('x', { about: '?about=-1' })).toEqual([422, 'VALIDATION_FAILED']);
  expect(await send('x', {}, await server.as('customer', randomUUID()))).toEqual([404, 'NOT_FOUND']);
  await agent.post(`/v1/requests/${number}/resolve`, { code: 'fixed', resolution: 'x' });
  await agent.post(`/v1/requests/${number}/close`, {});
  expect(await send('x', {}, customer)).toEqual([409, 'REQUEST_NOT_OPEN']);
  expect((await agent.raw(`/v1/requests/${number}/note`, 'x', { 'content-type': 'text/plain' })).status).toBe(415);
  expect(filesOf(number)).toEqual([]);
  expect(readdirSync(join(server.dataDirectory, 'attachments', 'unfinished'))).toEqual([]);
});

it('lets one file be redacted: its bytes are gone, the others stay', async () => {
  const { number } = await open();
  const [kept, gone] = [await upload(agent, number, 'kept'), await upload(agent, number, 'gone')];
  const redacted = await lead.post(`/v1/requests/${number}/redact`, {
    ...{ revision: Number(gone.body.revision), pointer: '/content', reason: 'a stranger’s' },
  });
  expect(redacted.status).toBe(200);
  expect((await agent.get<ProblemBody>(at(number, gone.body))).body.code).toBe('ATTACHMENT_ERASED');
  await eventually('its bytes are gone', () => filesOf(number).length === 1);
  const { items } = await conversation(agent, number, redacted.body.position);
  expect(items.flatMap(({ attachments }) => attachments.map(({ state }) => state))).toEqual(['available', 'redacted']);
  expect((await agent.get(at(number, kept.body))).text).toBe('kept');
  // What may not be there any more is not missed, and what must be still is.
  expect((await casefoldAudit(number)).exitCode).toBe(0);
  const path = join(folderOf(number), filesOf(number)[0] ?? '');
  const right = readFileSync(path);
  rmSync(path);
  expect((await casefoldAudit(number)).out).toContain(`file ${kept.body.revision}: it is not there`);
  writeFileSync(path, right);
  expect((await casefoldAudit(number)).exitCode).toBe(0);
});

interface Ready {
  readonly checks: {
    readonly audit: { status: string; details: { mismatches: number; named?: readonly string[] } };
  };
}
const audited = async (): Promise<Ready['checks']['audit']> =>
  ((await (await fetch(`${server.url}/health/ready`)).json()) as Ready).checks.audit;
/** What `casefold audit` says of one case. */
const casefoldAudit = async (number: string): Promise<{ exitCode: number; out: string }> => {
  let out = '';
  const exitCode = await runCommandLine(['audit', number], {
    terminal: { out: (text) => void (out += text), note: () => undefined, isWatched: false },
    environment: { CASEFOLD_DATA: server.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  return { exitCode, out };
};

it('says so when a file is not where it should be, or is not what it was, whether anybody asks for it or not', async () => {
  const { number } = await open();
  const { body } = await upload(agent, number, 'here');
  const path = join(folderOf(number), filesOf(number)[0] ?? '');
  const right = readFileSync(path);
  writeFileSync(path, Buffer.concat([right.subarray(1), Buffer.from('x')]));
  expect((await agent.get<ProblemBody>(at(number, body))).body.code).toBe('ATTACHMENT_DAMAGED');
  // What has just changed is audited first.
  await agent.post(`/v1/requests/${number}/note`, { text: 'x' });
  const named = `request-${number} file ${body.revision}`;
  await eventually('it is found', async () => (await audited()).details.named?.includes(named) === true);
  expect((await audited()).status).toBe('amber');
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('casefold_audit_mismatches 1\n');
  expect(await casefoldAudit(number)).toEqual({
    exitCode: 1,
    out: expect.stringContaining(`request ${number}: file ${body.revision}: its bytes are others`),
  });
  rmSync(path);
  const answer = await agent.get<ProblemBody>(at(number, body));
  expect([answer.status, answer.body.code]).toEqual([503, 'ATTACHMENT_MISSING']);
  writeFileSync(path, right);
  expect((await casefoldAudit(number)).exitCode).toBe(0);
  await eventually('it is settled', async () => (await audited()).details.mismatches === 0);
  expect((await agent.get(at(number, body))).text).toBe('here');
});

it('forgets an erased customer’s files, and removes them', async () => {
  const [ada, grace] = [await open(), await open()];
  const { body } = await upload(ada.customer, ada.number, 'hers');
  await upload(grace.customer, grace.number, 'others');
  const erased = await lead.post(`/v1/customers/${ada.customer.id}/erase`, { ground: 'requested' });
  expect(erased.status).toBe(200);
  expect((await agent.get<ProblemBody>(at(ada.number, body))).body.code).toBe('ATTACHMENT_ERASED');
  await eventually('their bytes are gone', () => !existsSync(folderOf(ada.number)));
  expect(filesOf(grace.number)).toHaveLength(1);
  const late = await upload<ProblemBody>(agent, ada.number, 'late');
  expect([late.status, late.body.code]).toEqual([409, 'PERSON_ERASED']);
  const { items } = await conversation(agent, ada.number, body.position);
  expect(items.flatMap(({ attachments }) => attachments.map(({ name }) => name))).toEqual(['[erased]']);
  expect((await casefoldAudit(ada.number)).exitCode).toBe(0);
});

it('sweeps bytes that no event names, once they are old, and no others', async () => {
  const { number } = await open();
  await upload(agent, number, 'named');
  const [named = ''] = filesOf(number);
  const old = new Date(Date.now() - 10_000_000);
  mkdirSync(folderOf('CSR-NOB-ODY-SXX'), { recursive: true });
  const unfinished = join(server.dataDirectory, 'attachments', 'unfinished', 'begun');
  for (const file of [join(folderOf('CSR-NOB-ODY-SXX'), 'orphan'), join(folderOf(number), 'orphan'), unfinished]) {
    writeFileSync(file, 'x');
    utimesSync(file, old, old);
  }
  utimesSync(join(folderOf(number), named), old, old);
  writeFileSync(join(folderOf(number), 'young'), 'x');
  const removed = await server.beside((engine) =>
    new FileSweep({
      ...{ engine, store: new FolderStore(join(server.dataDirectory, 'attachments')), leads: () => true },
      onFailure: (error) => {
        throw error;
      },
    }).sweep(new Date(Date.now() - 1_000_000)),
  );
  expect(removed).toBe(2);
  expect([...filesOf(number)].sort()).toEqual([named, 'young'].sort());
  expect([existsSync(folderOf('CSR-NOB-ODY-SXX')), existsSync(unfinished)]).toEqual([false, false]);
});

it('keeps what a scanner refused, shows that it did, and gives it to nobody', async () => {
  const { number, customer } = await open();
  const content = { bytes: 9, sha256: 'f'.repeat(64), person: customer.id, valueKey: randomUUID() };
  const scan = { verdict: 'refused' as const, by: 'clamd' };
  const { revision, position } = await server.beside((engine) =>
    engine.runner.execute<Request, RequestEvent>({
      ...{ evolution: requestEvolution, key: number, expects: 'existing', body: {} },
      context: liveContext(agent.id),
      decide: (state) =>
        attach({ name: 'bad.txt', mediaType: 'text/plain', content, scan, about: null, by: 'staff' }, state),
    }),
  );
  const refused = await agent.get<ProblemBody>(`/v1/requests/${number}/attachments/${revision}?after=${position}`);
  expect([refused.status, refused.body.code]).toEqual([409, 'ATTACHMENT_QUARANTINED']);
  const { items } = await conversation(agent, number, String(position));
  expect(items.at(-1)?.attachments).toMatchObject([{ name: 'bad.txt', state: 'quarantined', scan }]);
  const carried = await agent.post<ProblemBody>(`/v1/requests/${number}/respond`, {
    text: 'x',
    attachments: [revision],
  });
  expect([carried.status, carried.body.code]).toEqual([422, 'UNKNOWN_ATTACHMENT']);
});

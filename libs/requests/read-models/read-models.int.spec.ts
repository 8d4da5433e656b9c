import { jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { rebuild } from '../../eventing/projections/rebuild';
import { numberFor } from '../../case-numbers/number-for';
import { Role } from '../../platform/auth/caller';
import { problemFor } from '../../platform/http/problem-for';
import { assigned, closed, escalated, held, noted, reopened, resolved, responded } from '../testing/given';
import { AccountabilityView } from './accountability/accountability-view.http';
import { HistoryAnswer } from './history/history.http';
import { requestProjections } from './projections';
import { QueueAnswer } from './queue/queue.http';
import { requestCategory } from '../events';
import { RequestView } from './request/request-view.http';
import { SearchAnswer } from './search/search-answer.http';
import { ServiceLevelsAnswer } from './service-levels/service-levels.http';
import { liveContext, ReadServer, startReadServer } from './testing/read-server';

let server: ReadServer;
let team: string;
let bob: string;

beforeAll(async () => {
  server = await startReadServer();
  team = await server.directory.registerTeam('support', 'Support', liveContext('system'));
  bob = await server.directory.registerStaff('bob', 'Bob', 'support', liveContext('system'));
}, 60_000);
afterAll(() => server.stop(), 30_000);

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface ProblemBody {
  readonly code: string;
  readonly didYouMean?: readonly string[];
}

const fetchAs = async (path: string, role: Role, id?: string, signal?: AbortSignal): Promise<Response> =>
  fetch(server.address + path, {
    headers: { authorization: `Bearer ${await server.token(role, id)}` },
    ...(signal ? { signal } : {}),
  });

/** Reads what is at least as new as everything appended before. */
const get = async <Body>(role: Role, path: string, id?: string): Promise<Answer<Body>> => {
  const after = `${path.includes('?') ? '&' : '?'}after=${server.lastPosition()}`;
  const response = await fetchAs(path + after, role, id);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
};

const refusal = async (role: Role, path: string, id?: string): Promise<string> => {
  const { status, body } = await get<ProblemBody>(role, path, id);
  return `${status} ${body.code}`;
};

/** A number that is valid here and nobody's. */
const numberOf = (): string => {
  const { numberKey: key, installation } = server.installation.engine;
  return numberFor({ key, prefix: 'CSR', commandId: randomUUID(), attempt: 0, installation });
};

const withOneWrong = (number: string): string => number.slice(0, -1) + (number.endsWith('7') ? '8' : '7');

describe('one case', () => {
  it('is what its events made it, at its revision, as new as its reader asks', async () => {
    const number = await server.open();
    await server.append(number, assigned({ team, assignee: bob }));
    const { status, headers, body } = await get<RequestView>('agent', `/v1/requests/${number}`);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"1"');
    expect(BigInt(headers.get('casefold-position') ?? 0)).toBeGreaterThanOrEqual(BigInt(server.lastPosition()));
    expect(headers.get('casefold-stale')).toBeNull();
    expect(body).toMatchObject({ number, revision: '1', status: 'open', subject: 'Printer on fire' });
    expect(body).toMatchObject({ team: 'support', teamId: team, assignee: 'bob', assigneeId: bob, level: 'L1' });
  });
  it('answers in time and says so when it is not as new as asked', async () => {
    const number = await server.open();
    await get('agent', `/v1/requests/${number}`);
    const { status, headers } = await fetchAs(`/v1/requests/${number}?after=9000000000000`, 'agent');
    expect(status).toBe(200);
    expect(headers.get('casefold-stale')).toBe('true');
  });
  it('shows personal text to those who do the work and to its customer alone', async () => {
    const customer = randomUUID();
    const number = await server.open({ customer, contact: { name: 'Ada Byron', email: 'ada@example.org' } });
    const path = `/v1/requests/${number}`;
    const shown = { subject: 'Printer on fire', customer: { id: customer, name: 'Ada Byron', phone: null } };
    expect((await get('agent', path)).body).toMatchObject(shown);
    expect((await get('customer', path, customer)).body).toMatchObject(shown);
    for (const role of ['auditor', 'reporter', 'admin'] as const)
      expect((await get(role, path)).body).toMatchObject({
        subject: '[withheld]',
        description: '[withheld]',
        customer: { id: customer, name: '[withheld]' },
      });
  });
  it('shows a customer nothing that is among the staff', async () => {
    const customer = randomUUID();
    const number = await server.open({ customer });
    await server.append(number, assigned({ team, assignee: bob }));
    await server.append(number, held);
    const { body } = await get<RequestView>('customer', `/v1/requests/${number}`, customer);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['assignee']));
    for (const name of ['assignee', 'assigneeId', 'level', 'noteCount']) expect(body).not.toHaveProperty(name);
    expect(body.hold).toEqual({ waitingFor: 'customer', until: null, since: expect.any(String) });
  });
  it('is not there for another customer, in any route', async () => {
    const number = await server.open();
    for (const route of ['', '/history', '/service-levels'])
      expect(await refusal('customer', `/v1/requests/${number}${route}`)).toBe('404 NOT_FOUND');
  });
  it('is not there when nobody opened it, nor when the number is none', async () => {
    for (const route of ['', '/history', '/service-levels', '/accountability'])
      for (const number of ['CSR-000-000-000', 'x', '%27%20or%201=1'])
        expect(await refusal('agent', `/v1/requests/${number}${route}`)).toBe('404 NOT_FOUND');
  });
  it('is found under a number typed in lower case without dashes', async () => {
    const number = await server.open();
    const typed = number.replaceAll('-', '').toLowerCase();
    expect((await get('agent', `/v1/requests/${typed}`)).body).toMatchObject({ number });
  });
  it('is suggested for a mistyped number, to those who may see it', async () => {
    const customer = randomUUID();
    const number = await server.open({ customer });
    const path = `/v1/requests/${withOneWrong(number)}`;
    expect((await get<ProblemBody>('agent', path)).body).toMatchObject({ status: 404, didYouMean: [number] });
    expect((await get<ProblemBody>('customer', path, customer)).body.didYouMean).toEqual([number]);
    expect((await get<ProblemBody>('customer', path)).body.didYouMean).toBeUndefined();
  });
  it('refuses parameters that it does not know', async () =>
    expect(await refusal('agent', `/v1/requests/${await server.open()}?fields=subject`)).toBe('422 VALIDATION_FAILED'));
});

describe('search', () => {
  it('finds by number, and suggests what a mistyped one meant', async () => {
    const number = await server.open();
    const found = await get<SearchAnswer>('agent', `/v1/requests?search=${number.toLowerCase()}`);
    expect(found.body).toMatchObject({ items: [{ number }], didYouMean: [] });
    const missed = await get<SearchAnswer>('agent', `/v1/requests?search=${withOneWrong(number)}`);
    expect(missed.body).toMatchObject({ items: [], didYouMean: [number] });
  });
  it('wants to know what for', async () =>
    expect(await refusal('agent', '/v1/requests')).toBe('422 VALIDATION_FAILED'));
});

describe('the queue', () => {
  const pages = async (query: string): Promise<readonly QueueAnswer[]> => {
    const found: QueueAnswer[] = [];
    for (let cursor: string | null = ''; cursor !== null; cursor = found.at(-1)?.nextCursor ?? null) {
      const { body } = await get<QueueAnswer>('agent', `/v1/queue?${query}${cursor && `&cursor=${cursor}`}`);
      found.push(body);
    }
    return found;
  };

  it('has every case once, over all pages, by due instant and then number, and counts them', async () => {
    const desk = await server.directory.registerTeam('desk', 'Desk', liveContext('system'));
    const opened: string[] = [];
    for (const priority of ['P1', 'P2', 'P3', 'P4', 'P5', 'P1', 'P2'] as const)
      opened.push(await server.open({ priority, team: desk }));
    const [answered, waiting] = [opened[0] ?? '', opened[1] ?? ''];
    await server.append(answered, responded());
    await server.append(waiting, responded());
    await server.append(waiting, held);
    const found = await pages('team=desk&limit=2');
    const items = found.flatMap(({ items: page }) => page);
    expect(items.map(({ number }) => number).sort()).toEqual([...opened].sort());
    const places = items.map(({ dueAt, number }) => `${dueAt ?? 'never'} ${number}`);
    expect(places).toEqual([...places].sort());
    expect(items.at(-1)).toMatchObject({ number: waiting, status: 'held', dueAt: null, dueMetric: null });
    expect(found.map(({ items: page, total }) => [page.length, total])).toEqual([
      [2, 7],
      [2, 7],
      [2, 7],
      [1, 7],
    ]);
    expect(items.find(({ number }) => number === answered)).toMatchObject({
      dueMetric: 'resolution',
      subject: 'Printer on fire',
      team: 'desk',
      teamId: desk,
    });
  });
  it('leaves out what is done unless asked, and filters by status, priority and assignee', async () => {
    const own = await server.directory.registerStaff('carol', 'Carol', null, liveContext('system'));
    const numbers = [await server.open(), await server.open({ priority: 'P4' }), await server.open()];
    for (const number of numbers) await server.append(number, assigned({ team, assignee: own }));
    await server.append(numbers[2] ?? '', resolved);
    const numbersOf = async (query: string): Promise<readonly string[]> =>
      (await pages(`assignee=carol${query}`)).flatMap(({ items }) => items.map(({ number }) => number)).sort();
    expect(await numbersOf('')).toEqual(numbers.slice(0, 2).sort());
    expect(await numbersOf('&status=resolved')).toEqual(numbers.slice(2));
    expect(await numbersOf('&status=open,resolved')).toEqual([...numbers].sort());
    expect(await numbersOf('&priority=P4')).toEqual(numbers.slice(1, 2));
    expect(await numbersOf(`&team=${team}`)).toEqual(numbers.slice(0, 2).sort());
  });
  it('counts what its reader waited for', async () => {
    await server.directory.registerTeam('count', 'Count', liveContext('system'));
    const counted = server.directory.teamId('count');
    for (let total = 1; total <= 5; total++) {
      await server.open({ team: counted });
      expect((await get<QueueAnswer>('agent', '/v1/queue?team=count')).body.total).toBe(total);
    }
  });
  it('refuses what it cannot answer', async () => {
    const { body } = await get<QueueAnswer>('agent', '/v1/queue?limit=1');
    const { nextCursor } = body;
    expect(await refusal('agent', `/v1/queue?limit=1&cursor=${nextCursor}x`)).toBe('400 INVALID_CURSOR');
    expect(await refusal('agent', `/v1/queue?status=held&cursor=${nextCursor}`)).toBe('400 INVALID_CURSOR');
    expect(await refusal('agent', '/v1/queue?team=nobody')).toBe('422 UNKNOWN_TEAM');
    expect(await refusal('agent', '/v1/queue?assignee=nobody')).toBe('422 UNKNOWN_STAFF');
    for (const query of [
      'limit=0',
      'limit=201',
      'status=done',
      'priority=P9',
      'sort=name',
      'page=2',
      'status=open&status=held',
    ])
      expect(await refusal('agent', `/v1/queue?${query}`)).toBe('422 VALIDATION_FAILED');
    expect(await refusal('customer', '/v1/queue')).toBe('403 FORBIDDEN');
  });
});

describe('the history', () => {
  it('has every event in order, with what was corrected both as it was and as it is', async () => {
    const number = await server.open();
    await server.append(number, escalated('L2'), bob);
    await server.append(number, {
      type: 'RequestCorrected',
      data: { corrects: 0, reason: 'misheard', values: { subject: 'Printer on the fire escape', type: 'question' } },
    });
    const { body } = await get<HistoryAnswer>('agent', `/v1/requests/${number}/history`);
    expect(body.events).toMatchObject([
      { revision: '0', type: 'RequestOpened', data: { subject: 'Printer on fire' }, correctedBy: ['2'] },
      { revision: '1', type: 'RequestEscalated', actor: { id: bob, handle: 'bob' }, reason: 'hard' },
      { corrects: '0', replaced: { subject: 'Printer on fire', type: 'incident' }, reason: 'misheard' },
    ]);
    expect((await get('agent', `/v1/requests/${number}`)).body).toMatchObject({
      subject: 'Printer on the fire escape',
      type: 'question',
    });
  });
  it('withholds personal text from an auditor, and nothing else', async () => {
    const number = await server.open();
    await server.append(number, noted);
    const { body } = await get<HistoryAnswer>('auditor', `/v1/requests/${number}/history`);
    expect(body.events).toMatchObject([
      { data: { subject: '[withheld]', type: 'incident' } },
      { data: { text: '[withheld]' } },
    ]);
  });
  it('shows a customer what was said to them: no notes, no moves among the staff, no reasons of theirs', async () => {
    const customer = randomUUID();
    const number = await server.open({ customer });
    const events = [noted, assigned({ team, assignee: bob }), escalated('L2'), held, responded(), closed];
    for (const event of events) await server.append(number, event, bob);
    await server.append(number, {
      type: 'RequestCorrected',
      data: { corrects: 1, reason: 'typo', values: { text: 'x' } },
    });
    await server.append(number, reopened, customer);
    const { body } = await get<HistoryAnswer>('customer', `/v1/requests/${number}/history`, customer);
    expect(body.events.map(({ type, reason }) => [type, reason])).toEqual([
      ['RequestOpened', null],
      ['RequestHeld', null],
      ['RequestResponded', null],
      ['RequestClosed', null],
      ['RequestReopened', 'still smoking'],
    ]);
    expect(JSON.stringify(body)).not.toContain(bob);
    expect(body.events[4]?.actor).toEqual({ id: customer, handle: null });
  });
  it('comes in pages that leave nothing out', async () => {
    const number = await server.open();
    for (let count = 0; count < 4; count++) await server.append(number, noted);
    const revisions: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/v1/requests/${number}/history?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await get<HistoryAnswer>('agent', path);
      revisions.push(...body.events.map(({ revision }) => revision));
      cursor = body.nextCursor;
    }
    expect(revisions).toEqual(['0', '1', '2', '3', '4']);
  });
});

describe('service levels and accountability', () => {
  it('show both clocks, and whose time it was, to the second', async () => {
    const number = await server.open({}, { occurredAt: new Date(Date.now() - 3_600_000).toISOString() });
    await server.append(number, assigned({ team, assignee: bob }));
    await server.append(number, resolved);
    await server.append(number, closed);
    const levels = await get<ServiceLevelsAnswer>('agent', `/v1/requests/${number}/service-levels`);
    expect(levels.body.clocks).toMatchObject([
      { metric: 'first-response', status: 'missed', targetSeconds: 900 },
      { metric: 'resolution', status: 'met', policy: { id: 'standard' } },
    ]);
    const { body } = await get<AccountabilityView>('auditor', `/v1/requests/${number}/accountability`);
    const sum = (parts: readonly { readonly seconds: number }[]) =>
      parts.reduce((all, { seconds }) => all + seconds, 0);
    expect(body.lifetimeSeconds).toBeGreaterThanOrEqual(3_600);
    for (const parts of [body.spans, body.byTeam, body.byAssignee, body.byStage, body.byBall])
      expect(sum(parts)).toBe(body.lifetimeSeconds);
    expect(body.byTeam[1]).toMatchObject({ team: 'support', teamId: team });
    expect(body.spans.at(-1)).toMatchObject({ stage: 'closed', assignee: 'bob' });
    expect(await refusal('customer', `/v1/requests/${number}/accountability`)).toBe('403 FORBIDDEN');
  });
});

interface Line {
  readonly type: string;
  readonly number?: string;
  readonly stream?: string;
  readonly position: string;
  readonly sequence: string;
  readonly data: object;
}

describe('the change feed', () => {
  const linesOf = (text: string): readonly Line[] =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);

  it('has every event of the log once and in order, personal text withheld', async () => {
    const number = await server.open();
    await get('agent', `/v1/requests/${number}`);
    const response = await fetchAs('/v1/events?after=0', 'reporter');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const text = await response.text();
    const lines = linesOf(text);
    expect(lines.map(({ sequence }) => Number(sequence))).toEqual(lines.map((_, index) => index + 1));
    expect(lines[0]).toMatchObject({ type: 'TeamRegistered', stream: `team-${team}`, data: { handle: 'support' } });
    expect(lines.at(-1)).toMatchObject({ type: 'RequestOpened', number, data: { subject: '[withheld]' } });
    expect(text).not.toContain('Printer on fire');
  });
  it('goes on after a position', async () => {
    const position = await server.append(await server.open(), noted);
    const number = await server.open();
    await get('agent', `/v1/requests/${number}`);
    const lines = linesOf(await (await fetchAs(`/v1/events?after=${position}`, 'admin')).text());
    expect(lines).toMatchObject([{ type: 'RequestOpened', number, revision: '0' }]);
  });
  it('follows, and ends when its reader does', async () => {
    const reading = new AbortController();
    const position = await server.append(await server.open(), noted);
    const response = await fetchAs(`/v1/events?after=${position}&follow=true`, 'auditor', undefined, reading.signal);
    const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const number = await server.open();
    const { value = '' } = (await chunks?.read()) ?? {};
    expect(linesOf(value)).toMatchObject([{ type: 'RequestOpened', number }]);
    reading.abort();
  });
  it('comes in pages as long as asked, whose last positions lead through all of it', async () => {
    const from = await server.append(await server.open(), noted);
    const numbers = [await server.open(), await server.open(), await server.open()];
    await get('agent', `/v1/requests/${numbers[2]}`);
    const found: Line[] = [];
    for (let after = from; ; after = found.at(-1)?.position ?? '') {
      const page = linesOf(await (await fetchAs(`/v1/events?after=${after}&limit=2`, 'auditor')).text());
      found.push(...page);
      expect(page.length).toBeLessThanOrEqual(2);
      if (page.length < 2) break;
    }
    expect(found.map(({ number }) => number)).toEqual(numbers);
    expect(found.map(({ sequence }) => Number(sequence))).toEqual(
      found.map((_, index) => Number(found[0]?.sequence) + index),
    );
  });
  it('has some types only, when asked so', async () => {
    const number = await server.open();
    const from = await server.append(number, noted);
    await server.append(number, held);
    const last = await server.append(number, responded());
    await get('agent', `/v1/requests/${number}`);
    const response = await fetchAs(`/v1/events?after=${from}&type=RequestHeld,TeamRegistered`, 'auditor');
    expect(linesOf(await response.text())).toMatchObject([{ type: 'RequestHeld', number }]);
    // What was left out need not be asked for again.
    expect(BigInt(response.headers.get('casefold-position') ?? 0)).toBeGreaterThanOrEqual(BigInt(last));
    expect(await refusal('auditor', '/v1/events?type=RequestExploded')).toBe('422 VALIDATION_FAILED');
  });
  it('waits for something new as long as it is told, and no longer', async () => {
    const number = await server.open();
    const from = await server.append(number, noted);
    await get('agent', `/v1/requests/${number}`);
    const soon = fetchAs(`/v1/events?after=${from}&wait=20&type=RequestHeld`, 'auditor');
    await server.append(number, noted);
    await server.append(number, held);
    expect(linesOf(await (await soon).text())).toMatchObject([{ type: 'RequestHeld', number }]);
    const nothing = await fetchAs(`/v1/events?after=${server.lastPosition()}&wait=1`, 'auditor');
    expect([nothing.status, await nothing.text()]).toEqual([200, '']);
    expect(await refusal('auditor', '/v1/events?follow=true&wait=1')).toBe('422 VALIDATION_FAILED');
  });
  it('says how far it goes and how complete the read models are', async () => {
    const number = await server.open();
    await get('agent', `/v1/requests/${number}`);
    const { pool } = server.installation.engine;
    const headersNow = async () => (await fetchAs('/v1/events?limit=1', 'auditor')).headers;
    const headers = await headersNow();
    expect(Number(headers.get('casefold-sequence'))).toBeGreaterThan(3);
    expect([headers.get('casefold-generation'), headers.get('casefold-quarantined')]).toEqual(['1', '0']);
    await pool.query(
      `insert into projection_quarantine (projection, version, key, revision, sequence, event_id, error)
       select name, version, $1, 0, 9, gen_random_uuid(), 'x' from projection_version where name = 'queue' and followed`,
      [number],
    );
    expect((await headersNow()).get('casefold-quarantined')).toBe('1');
    await pool.query('delete from projection_quarantine');
  });
  it('is for those who report and audit', async () =>
    expect(await refusal('agent', '/v1/events')).toBe('403 FORBIDDEN'));
});

it('is the same after a rebuild', async () => {
  await get('agent', `/v1/requests/${await server.open()}`);
  const { pool, types, build } = server.installation.engine;
  const reports = await rebuild(pool, types, requestProjections, { build, startedBy: 'test' });
  expect(reports.map(({ projection, differing, quarantined }) => [projection, differing, quarantined])).toEqual(
    requestProjections.map(({ name }) => [name, 0, 0]),
  );
  expect(reports.find(({ projection }) => projection === 'queue')?.rows).toBeGreaterThan(20);
});

const modelsOfCases = requestProjections
  .filter(({ category }) => category === requestCategory)
  .map(({ name }) => name)
  .sort();

describe('what others have written into a case', () => {
  const plant = async (number: string, type = 'Foreign', data: object = {}): Promise<void> => {
    const { store } = server.installation.engine;
    await store.client.appendToStream(`request-${number}`, jsonEvent({ type, data: { ...data } }));
  };
  const headerOf = async (path: string): Promise<string | null> =>
    (await get('agent', path)).headers.get('casefold-incomplete');

  it('stops that case only: answers about it say so, its history shows the event, and no command goes by it', async () => {
    const [number, other] = [await server.open(), await server.open()];
    await plant(number);
    await plant(number, 'RequestCorrected', { corrects: 'everything' });
    await server.append(other, noted);
    expect(await headerOf(`/v1/requests/${number}`)).toBe(modelsOfCases.join(', '));
    expect(await headerOf(`/v1/requests/${other}`)).toBeNull();
    expect(await headerOf('/v1/queue')).toBe(String(modelsOfCases.length));
    const { body } = await get<HistoryAnswer>('auditor', `/v1/requests/${number}/history`);
    expect(body.events.slice(1)).toMatchObject([
      { type: 'Foreign', data: { unreadable: 'event type Foreign is not known' } },
      {
        type: 'RequestCorrected',
        data: { unreadable: 'the metadata of RequestCorrected is not what this system writes' },
      },
    ]);
    const feed = await (await fetchAs('/v1/events', 'auditor')).text();
    const line = feed.split('\n').find((each) => each.includes(number) && each.includes('"Foreign"'));
    expect(JSON.parse(line ?? '')).toMatchObject({ recordedAt: null, occurredAt: null, actor: null, origin: null });
    await expect(server.append(number, noted)).rejects.toThrow('event type Foreign is not known');
    expect(problemFor(await server.append(number, noted).catch((error: unknown) => error)).code).toBe(
      'CASE_UNREADABLE',
    );
  });

  it('does not say of a case that it is not there when its first event could not be taken in', async () => {
    const number = numberOf();
    await plant(number);
    await get('agent', `/v1/requests/${await server.open()}`);
    expect(await refusal('agent', `/v1/requests/${number}`)).toBe('503 CASE_INCOMPLETE');
    expect(await refusal('customer', `/v1/requests/${number}`)).toBe('404 NOT_FOUND');
    expect(await refusal('agent', `/v1/requests/${numberOf()}`)).toBe('404 NOT_FOUND');
  });
});

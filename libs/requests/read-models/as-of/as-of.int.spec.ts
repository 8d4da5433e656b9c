import fc from 'fast-check';
import { keyOf, Recorded } from '../../../eventing/event';
import { Role } from '../../../platform/auth/caller';
import { RequestEvent } from '../../events';
import { assigned, resolved } from '../../testing/given';
import { HistoryAnswer } from '../history/history.http';
import { requestProjection } from '../request/request.projection';
import { RequestView } from '../request/request-view.http';
import { ServiceLevelsAnswer } from '../service-levels/service-levels.http';
import { anyHistory } from '../testing/arbitrary-history';
import { ReadServer, startReadServer } from '../testing/read-server';
import { rebuilt } from '../testing/timeline';
import { AsOfQuery } from './as-of.query';

let server: ReadServer;
beforeAll(async () => {
  server = await startReadServer();
}, 60_000);
afterAll(() => server.stop(), 30_000);

const get = async <Body>(path: string, role: Role = 'agent', id?: string) => {
  const after = `${path.includes('?') ? '&' : '?'}after=${server.lastPosition()}`;
  const headers = { authorization: `Bearer ${await server.token(role, id)}` };
  const response = await fetch(server.address + path + after, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
};

const history = async (number: string): Promise<HistoryAnswer> =>
  (await get<HistoryAnswer>(`/v1/requests/${number}/history`)).body;

const corrected = (corrects: number, values: object): RequestEvent => ({
  type: 'RequestCorrected',
  data: { corrects, reason: 'typo', values },
});

describe('one case as of the past', () => {
  let number: string;
  let events: HistoryAnswer['events'];
  beforeAll(async () => {
    number = await server.open({ product: 'LaserJet 4' }, { occurredAt: '2026-01-05T09:00:00.000Z' });
    await server.append(number, assigned({ team: 'team-1', assignee: null }));
    await server.append(number, corrected(0, { product: 'LaserJet 5' }));
    await server.append(number, resolved);
    ({ events } = await history(number));
  });
  const asOf = (point: string | undefined, rest = '') =>
    get<RequestView>(`/v1/requests/${number}?asOf=${point}${rest}`);
  const sequence = (revision: number): string => events[revision]?.sequence ?? '';

  it('is what was known at a sequence, and says so', async () => {
    const { body, headers } = await asOf(sequence(1));
    expect(body).toMatchObject({ product: 'LaserJet 4', status: 'open', teamId: 'team-1', revision: '1' });
    expect(headers.get('casefold-as-of')).toBe(sequence(1));
    expect(headers.get('etag')).toBe('"1"');
    expect((await asOf(sequence(2))).body).toMatchObject({ product: 'LaserJet 5', status: 'open', revision: '2' });
  });
  it('is what was known at an instant: nothing that was recorded later', async () => {
    const { body, headers } = await asOf(events[3]?.recordedAt);
    expect(body).toMatchObject({ status: 'resolved' });
    expect(BigInt(headers.get('casefold-as-of') ?? 0)).toBeGreaterThanOrEqual(BigInt(sequence(3)));
    const before = new Date(Date.parse(events[0]?.recordedAt ?? '') - 1).toISOString();
    expect((await asOf(before)).status).toBe(404);
  });
  it('is what was so at an instant, with the correction made since', async () => {
    const { body, headers } = await asOf('2026-01-05T09:00:00Z', '&meaning=true');
    expect(body).toMatchObject({ product: 'LaserJet 5', status: 'open', teamId: null, revision: '0' });
    expect(headers.get('casefold-as-of')).toBe('2026-01-05T09:00:00.000Z');
    expect((await asOf('2026-01-05T08:59:59.999Z', '&meaning=true')).status).toBe(404);
    expect((await asOf('2026-01-05T09:00:00Z')).status).toBe(404);
  });
  it('tells the clocks as they stood then', async () => {
    const path = `/v1/requests/${number}/service-levels?asOf=2026-01-05T09:05:00Z&meaning=true`;
    expect((await get<ServiceLevelsAnswer>(path)).body.clocks[0]).toMatchObject({
      ...{ status: 'running', elapsedSeconds: 300, remainingSeconds: 600 },
    });
    const then = await get<ServiceLevelsAnswer>(`/v1/requests/${number}/service-levels?asOf=${sequence(0)}`);
    expect(then.body).toMatchObject({ revision: '0', clocks: [{ status: 'breached' }, { status: 'breached' }] });
  });
  it('tells the history that could be read then', async () => {
    const { body } = await get<HistoryAnswer>(`/v1/requests/${number}/history?asOf=${sequence(1)}`);
    expect(body).toMatchObject({ revision: '1', events: [{ correctedBy: [] }, { type: 'RequestAssigned' }] });
    expect(body.events).toHaveLength(2);
  });
  it('answers for whom it was there', async () => {
    const { body } = await asOf(sequence(0));
    const mine = await get<RequestView>(`/v1/requests/${number}?asOf=${sequence(0)}`, 'customer', body.customer.id);
    expect(mine.body).toMatchObject({ number, revision: '0' });
    expect((await get(`/v1/requests/${number}?asOf=${sequence(0)}`, 'customer')).status).toBe(404);
  });
  it.each([
    ['?asOf=999999999', '/asOf'],
    ['?asOf=2099-01-01T00:00:00Z', '/asOf'],
    ['?asOf=yesterday', '/asOf'],
    ['?asOf=', '/asOf'],
    ['?meaning=true', '/meaning'],
    ['?asOf=1&meaning=perhaps', '/meaning'],
    ['/history?asOf=1&meaning=true', '/meaning'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await get<{ errors: { pointer: string }[] }>(`/v1/requests/${number}${query}`);
    expect([status, body.errors.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });
});

it('is, at every sequence and instant, the fold of the log cut there', async () => {
  const { engine } = server.installation;
  const sample = fc.sample(anyHistory, { numRuns: 8, seed: 20261125 });
  const numbers = await Promise.all(
    sample.map(async (events) => {
      const number = await server.open({}, { occurredAt: events[0]?.metadata.occurredAt });
      for (const { type, data, metadata } of events.slice(1))
        await server.append(number, { type, data } as RequestEvent, 'somebody', { occurredAt: metadata.occurredAt });
      return number;
    }),
  );
  await get(`/v1/requests/${numbers[0]}`);
  const log: Recorded<RequestEvent>[] = [];
  for await (const event of engine.store.readAll(['request'])) log.push(engine.types.decode<RequestEvent>(event));
  const asOf = new AsOfQuery(engine);
  const everybody = { customer: undefined, personal: true, internal: true };
  for (const [index] of log.entries()) {
    const { cut } = await asOf.resolve({ sequence: index + 1 }, 'recorded', new Date());
    for (const number of numbers) {
      const cutOff = log.slice(0, index + 1).filter(({ stream }) => keyOf(stream) === number);
      const found = await asOf.find(everybody, requestProjection, number, cut).catch(() => undefined);
      expect(found?.row ?? null).toEqual(rebuilt(requestProjection, cutOff));
    }
  }
  for (const { metadata } of log) {
    const { cut } = await asOf.resolve({ instant: metadata.recordedAt }, 'recorded', new Date());
    const later = log.findIndex((event) => event.metadata.recordedAt > metadata.recordedAt);
    expect(cut).toEqual({ meaning: 'recorded', sequence: later < 0 ? log.length : later });
  }
}, 120_000);

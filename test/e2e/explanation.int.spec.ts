import { randomUUID } from 'node:crypto';
import { runCommandLine } from '../../apps/cli/cli';
import { Client, serve, Served } from './served';

/** Why a clock stands as it does, over HTTP and on the command line; and what becomes of it when a policy was wrong. */
jest.setTimeout(120_000);

interface Explanation {
  readonly metric: string;
  readonly elapsedSeconds: number;
  readonly pausedSeconds: number;
  readonly intervals: readonly {
    readonly cause: string;
    readonly countedSeconds: number;
    readonly calendarSeconds: number;
    readonly wallSeconds: number;
    readonly calendar: { readonly id: string; readonly revision: number };
    readonly policy: { readonly id: string; readonly revision: number };
    readonly startedBy: { readonly revision: string; readonly type: string };
    readonly endedBy: { readonly type: string } | null;
  }[];
  readonly heldBy: {
    readonly parts: readonly {
      readonly holder: string;
      readonly countedSeconds: number;
      readonly pausedSeconds: number;
    }[];
    readonly outsideHoursSeconds: number;
    readonly countedSeconds: number;
    readonly wallSeconds: number;
  };
  readonly sentences: readonly string[];
}
interface Levels {
  readonly clocks: readonly {
    readonly metric: string;
    readonly status: string;
    readonly targetSeconds: number;
    readonly elapsedSeconds: number;
    readonly policy: { readonly id: string; readonly revision: number };
  }[];
  readonly explanations: readonly Explanation[];
}
interface History {
  readonly events: readonly { readonly type: string; readonly sequence: string; readonly data: object }[];
}

const clock = { now: 0 };
const at = (time: string): number => Date.parse(`2026-02-02T${time}:00Z`);
let server: Served;
let lead: Client;
let agent: Client;
let customer: Client;

beforeAll(async () => {
  server = await serve(() => new Date(clock.now));
  lead = await server.as('lead', 'carol');
  agent = await server.as('agent', 'alice');
  customer = await server.as('customer', randomUUID());
});
afterAll(() => server.stop());

const put = async (path: string, body: object): Promise<void> => {
  const { status, text } = await lead.post(path, body);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
};
const clockOf = (targetSeconds: number, calendar = 'desk') => ({
  ...{ metric: 'resolution', start: ['opened'], stop: ['resolved', 'closed'], cancel: [], pause: ['waiting-customer'] },
  targets: { P3: { calendar, targetSeconds } },
});
const draft = (id: string, more: object) =>
  put(`/v1/service-level-policies/${id}/draft`, { rank: 1, match: { types: [id] }, escalation: [], ...more });
const promise = async (id: string, more: object): Promise<void> => {
  await draft(id, more);
  await put(`/v1/service-level-policies/${id}/activate`, { from: '2000-01-01T00:00:00Z' });
};

let position = '0';
const open = async (instant: number, type: string): Promise<string> => {
  clock.now = instant;
  const body = { subject: 'Printer', description: 'Smoke', type, impact: 'medium', urgency: 'medium' };
  const { body: answer } = await customer.post('/v1/requests', { ...body, customer: { name: 'Ada' } });
  return answer.number;
};
const give = async (instant: number, number: string, verb: string, body: object = {}): Promise<void> => {
  clock.now = instant;
  const { status, text, body: answer } = await agent.post(`/v1/requests/${number}/${verb}`, body);
  if (status !== 200) throw new Error(`${verb}: ${status} ${text}`);
  ({ position } = answer);
};
const levels = async (number: string, query = ''): Promise<Levels> =>
  (await agent.get<Levels>(`/v1/requests/${number}/service-levels?explain=true&after=${position}${query}`)).body;
const history = async (number: string): Promise<History['events']> =>
  (await agent.get<History>(`/v1/requests/${number}/history?after=${position}`)).body.events;
const until = async (number: string, type: string, count = 1): Promise<History['events']> => {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const found = (await history(number)).filter((event) => event.type === type);
    if (found.length >= count) return found;
    if (performance.now() > deadline) throw new Error(`${type} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const casefold = async (...args: string[]): Promise<{ exitCode: number; printed: string }> => {
  let printed = '';
  const print = (text: string): void => void (printed += text);
  const exitCode = await runCommandLine(args, {
    terminal: { out: print, note: print, isWatched: false },
    environment: { CASEFOLD_DATA: server.dataDirectory },
    signal: new AbortController().signal,
    now: () => new Date(clock.now),
  });
  return { exitCode, printed };
};

const deskWeek = { 1: [{ from: '08:00', to: '12:00' }] };

describe('an explanation', () => {
  let number: string;

  beforeAll(async () => {
    clock.now = at('07:00');
    await put('/v1/calendars/desk/draft', { zone: 'UTC', week: deskWeek });
    await put('/v1/calendars/desk/activate', { from: '2000-01-01T00:00:00Z' });
    await promise('explained', { clocks: [clockOf(3 * 3_600)] });
    number = await open(at('07:30'), 'explained');
    await give(at('08:10'), number, 'assign', { team: 'support' });
    await give(at('08:30'), number, 'assign', { team: 'support', assignee: 'alice' });
    await give(at('09:00'), number, 'hold', { reason: 'Asked', waitingFor: 'customer' });
    await give(at('09:45'), number, 'resume');
    await give(at('10:00'), number, 'resolve', { code: 'fixed', resolution: 'Done' });
  });

  it('names each stretch, its causes, its revisions and its seconds', async () => {
    const { explanations } = await levels(number);
    expect(explanations).toMatchObject([
      {
        ...{ metric: 'resolution', elapsedSeconds: 4_500, pausedSeconds: 2_700 },
        intervals: [
          {
            ...{ cause: 'running', countedSeconds: 3_600, calendarSeconds: 3_600, wallSeconds: 5_400 },
            ...{ calendar: { id: 'desk', revision: 1 }, policy: { id: 'explained', revision: 1 } },
            ...{ startedBy: { revision: '0', type: 'RequestOpened' }, endedBy: { type: 'RequestHeld' } },
          },
          { cause: 'held', countedSeconds: 0, calendarSeconds: 2_700, startedBy: { type: 'RequestHeld' } },
          { cause: 'running', countedSeconds: 900, endedBy: { revision: '5', type: 'RequestResolved' } },
        ],
      },
    ]);
  });

  it('says who had it, in seconds that add up', async () => {
    const held = (await levels(number)).explanations[0]?.heldBy;
    expect(held).toMatchObject({
      parts: [
        { holder: 'nobody', countedSeconds: 600, pausedSeconds: 0 },
        { holder: 'team', countedSeconds: 1_200, pausedSeconds: 0 },
        { holder: 'agent', countedSeconds: 2_700, pausedSeconds: 0 },
        { holder: 'customer', countedSeconds: 0, pausedSeconds: 2_700 },
      ],
      ...{ outsideHoursSeconds: 1_800, countedSeconds: 4_500, wallSeconds: 9_000 },
    });
  });

  it('reads as sentences, and the same on the command line', async () => {
    const { sentences } = (await levels(number)).explanations[0] ?? { sentences: [] };
    expect(sentences).toEqual([
      'resolution: 10800 s of desk@1 are promised for P3 by explained@1.',
      'It began at 2026-02-02T07:30:00.000Z with RequestOpened (revision 0).',
      'From 2026-02-02T07:30:00.000Z to 2026-02-02T09:00:00.000Z it ran: 3600 s by desk@1 of 5400 s, until RequestHeld (revision 3).',
      'From 2026-02-02T09:00:00.000Z to 2026-02-02T09:45:00.000Z it stood still (waiting-customer): 2700 s by desk@1 of 2700 s do not count, until RequestResumed (revision 4).',
      'From 2026-02-02T09:45:00.000Z to 2026-02-02T10:00:00.000Z it ran: 900 s by desk@1 of 900 s, until RequestResolved (revision 5).',
      'It was fulfilled at 2026-02-02T10:00:00.000Z with RequestResolved (revision 5).',
      'Together 4500 s count and 2700 s do not: it is met.',
    ]);
    const { exitCode, printed } = await casefold('explain', number);
    expect([exitCode, printed.split('\n').slice(0, sentences.length)]).toEqual([0, sentences]);
    expect(printed).toContain('outside hours 1800 s');
  });

  it('is not given unasked, and not for a wrong word', async () => {
    const plain = await agent.get<object>(`/v1/requests/${number}/service-levels`);
    expect(plain.body).not.toHaveProperty('explanations');
    expect((await agent.get(`/v1/requests/${number}/service-levels?explain=yes`)).status).toBe(422);
  });
});

describe('a policy that was wrong', () => {
  it('is corrected in the cases under it, and in no other; before that the old answer stands', async () => {
    clock.now = at('07:00');
    await promise('wrong', { clocks: [clockOf(600, 'always')] });
    await promise('right', { clocks: [clockOf(600, 'always')] });
    const [late, other] = [await open(at('08:00'), 'wrong'), await open(at('08:00'), 'right')];
    await give(at('08:10'), late, 'hold', { reason: 'Asked', waitingFor: 'supplier' });
    await give(at('08:20'), late, 'resume');
    for (const number of [late, other]) await give(at('08:30'), number, 'resolve', { code: 'x', resolution: 'y' });
    await until(late, 'ServiceLevelBreached');
    const newest = (await history(late)).at(-1);
    expect((await levels(late)).clocks).toMatchObject([{ status: 'missed', elapsedSeconds: 1_800 }]);

    // Supplier time was never meant to count, and twenty minutes were promised.
    clock.now = at('09:00');
    await draft('wrong', { clocks: [{ ...clockOf(1_200, 'always'), pause: ['waiting-supplier'] }] });
    await put('/v1/service-level-policies/wrong/correct', { revision: 1, reason: 'Supplier time does not count' });
    const [retracted] = await until(late, 'ServiceLevelBreachRetracted');
    expect(retracted?.data).toMatchObject({ metric: 'resolution', cycle: 1, because: 'wrong@2' });
    expect((await levels(late)).clocks).toMatchObject([
      { status: 'met', elapsedSeconds: 1_200, targetSeconds: 1_200, policy: { id: 'wrong', revision: 2 } },
    ]);
    const past = await levels(late, `&asOf=${newest?.sequence}`);
    expect(past.clocks).toMatchObject([{ status: 'missed', policy: { id: 'wrong', revision: 1 } }]);
    expect((await levels(other)).clocks).toMatchObject([{ status: 'missed', policy: { id: 'right', revision: 1 } }]);
    expect((await history(other)).map(({ type }) => type)).not.toContain('ServiceLevelTermsCorrected');
  });

  it('retracts nothing when a revision is merely the next', async () => {
    clock.now = at('07:00');
    await promise('next', { clocks: [clockOf(600, 'always')] });
    const number = await open(at('08:00'), 'next');
    await give(at('08:30'), number, 'resolve', { code: 'x', resolution: 'y' });
    await until(number, 'ServiceLevelBreached');
    await promise('next', { clocks: [clockOf(36_000, 'always')] });
    await give(at('08:40'), number, 'close');
    expect((await levels(number)).clocks).toMatchObject([{ status: 'missed', policy: { id: 'next', revision: 1 } }]);
  });

  it('retracts a breach that rested on an instant which was put right', async () => {
    clock.now = at('07:00');
    await promise('instant', { clocks: [clockOf(600, 'always')] });
    const number = await open(at('08:00'), 'instant');
    await give(at('08:30'), number, 'resolve', { code: 'x', resolution: 'y' });
    await until(number, 'ServiceLevelBreached');
    const occurredAt = '2026-02-02T08:05:00Z';
    await give(at('08:40'), number, 'correct', { revision: 1, reason: 'Done on the telephone', occurredAt });
    const [retracted] = await until(number, 'ServiceLevelBreachRetracted');
    expect(retracted?.data).toMatchObject({ because: expect.stringMatching(/^correction \d+$/) });
    expect((await levels(number)).clocks).toMatchObject([{ status: 'met', elapsedSeconds: 300 }]);
  });

  it('cannot be corrected where there is no such revision', async () => {
    clock.now = at('07:00');
    await draft('never', { clocks: [clockOf(600, 'always')] });
    const { body } = await lead.post<{ code: string }>('/v1/service-level-policies/never/correct', {
      revision: 1,
      reason: 'x',
    });
    expect(body.code).toBe('NOTHING_ACTIVE');
  });
});

it('leaves rows that are those of a rebuild, with every policy, calendar and correction in them', async () => {
  const { exitCode, printed } = await casefold('rebuild', '--check');
  expect([exitCode, printed]).toEqual([0, expect.stringContaining('service-levels: ')]);
});

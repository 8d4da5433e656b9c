import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../apps/cli/cli';
import { JobAnswer, JobsAnswer } from '../../libs/requests/backtests/backtests-view.http';
import { eventually } from '../faults/harness/eventually';
import { Client, ProblemBody, serve, Served } from './served';

/** Back-tests over HTTP and on the command line, beside a running server. */
jest.setTimeout(60_000);

let served: Served;
let lead: Client;

const clock = (targetSeconds: number) => ({
  ...{
    metric: 'first-response',
    start: ['opened'],
    stop: ['staff-replied', 'resolved', 'closed'],
    cancel: ['cancelled'],
  },
  ...{ pause: [], targets: { P1: { calendar: 'always', targetSeconds } } },
});
const policy = (targetSeconds: number) => ({ rank: 10, match: {}, clocks: [clock(targetSeconds)] });

beforeAll(async () => {
  served = await serve();
  lead = await served.as('lead', 'bob');
  const agent = await served.as('agent', 'alice');
  const { body } = await agent.post('/v1/requests', {
    ...{ subject: 'Printer on fire', description: 'Smoke', type: 'incident', impact: 'high', urgency: 'high' },
    customer: { name: 'Ada Byron' },
  });
  const answered = await agent.post(`/v1/requests/${body.number}/respond`, { text: 'We are there' });
  await lead.get(`/v1/requests/${body.number}?after=${answered.body.position}`);
});
afterAll(() => served.stop());

const finished = async (id: string): Promise<JobAnswer> => {
  let job: JobAnswer | undefined;
  await eventually('the back-test is over', async () => {
    job = (await lead.get<JobAnswer>(`/v1/backtests/${id}`)).body;
    return job.status !== 'waiting' && job.status !== 'running';
  });
  if (!job) throw new Error('there is no job');
  return job;
};

it('judges the past under a policy that is written out, and changes nothing', async () => {
  const { status, headers, body } = await lead.post<JobAnswer>('/v1/backtests', { policy: policy(60) });
  expect(status).toBe(202);
  expect(headers.get('location')).toBe(`/v1/backtests/${body.id}`);
  const { result, status: ended } = await finished(body.id);
  expect(ended).toBe('done');
  expect(result).toMatchObject({
    cases: 1,
    changedClocks: 1,
    manifest: { policy: 'trial@0', calendars: ['always@1'] },
  });
  // The draft has no clock of the resolution.
  expect(result?.changes).toEqual([
    expect.objectContaining({
      metric: 'resolution',
      before: expect.objectContaining({ status: 'running' }),
      after: null,
    }),
  ]);
  expect((await lead.get<JobsAnswer>('/v1/backtests')).body.items.map(({ id }) => id)).toContain(body.id);
});

it('takes the draft of a policy of the book, and another calendar in place of one', async () => {
  await lead.post('/v1/service-level-policies/gold/draft', policy(1));
  const office = { zone: 'UTC', week: { '1': [{ from: '00:00', to: '00:01' }] } };
  const { body } = await lead.post<JobAnswer>('/v1/backtests', {
    ...{ policyId: 'gold', calendars: [{ id: 'always', calendar: office }] },
  });
  const { result } = await finished(body.id);
  expect(result?.manifest).toMatchObject({ policy: 'gold@0', calendars: ['always@0'] });
});

it('can be cancelled, and forgotten', async () => {
  const { body } = await lead.post<JobAnswer>('/v1/backtests', { policy: policy(60) });
  const remove = () => lead.send<JobAnswer>(`/v1/backtests/${body.id}`, { method: 'DELETE' });
  // A population of one case may be judged before anybody can say stop.
  expect(['cancelled', 'done']).toContain((await remove()).body.status);
  await eventually('it is forgotten', async () => (await remove()).status === 404);
});

it.each([
  ['no policy', {}, '/policy'],
  ['two policies', { policyId: 'standard', policy: policy(1) }, '/policy'],
  ['a target of nothing', { policy: policy(0) }, '/policy/clocks/0/targets/P1/targetSeconds'],
  [
    'a calendar that nobody has',
    { policy: { ...policy(1), clocks: [{ ...clock(1), targets: { P1: { calendar: 'moon', targetSeconds: 1 } } }] } },
    '/clocks/0/targets/P1/calendar',
  ],
  [
    'a segment, which the log does not say',
    { policy: { ...policy(1), match: { customerSegments: ['gold'] } } },
    '/match/customerSegments',
  ],
])('refuses %s with a pointer to it', async (_, body, pointer) => {
  const answer = await lead.post<ProblemBody>('/v1/backtests', body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
});

it('is not for agents and customers', async () => {
  for (const role of ['agent', 'customer'] as const)
    expect((await (await served.as(role)).post('/v1/backtests', { policyId: 'standard' })).status).toBe(403);
});

describe('casefold backtest', () => {
  const run = async (...args: readonly string[]) => {
    const [out, notes]: [string[], string[]] = [[], []];
    const code = await runCommandLine(['backtest', ...args], {
      terminal: { out: (text) => out.push(text), note: (text) => notes.push(text), isWatched: false },
      ...{ environment: { CASEFOLD_DATA: served.dataDirectory }, signal: new AbortController().signal },
      now: () => new Date(),
    });
    return { code, out: out.join(''), notes: notes.join('') };
  };
  const file = (name: string, content: unknown): string => {
    const path = join(served.dataDirectory, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };

  it('prints the same bytes twice', async () => {
    const draft = file('draft.json', policy(30));
    const once = await run('--policy', draft, '--json');
    expect(once).toMatchObject({ code: 0, notes: '' });
    const { sequence } = JSON.parse(once.out).manifest;
    expect(await run('--policy', draft, '--json', '--sequence', String(sequence))).toEqual(once);
  });

  it('says in words what changes', async () => {
    const { out } = await run('--policy', file('draft.json', policy(30)));
    expect(out).toMatch(/^trial@0 on 1 cases up to event \d+: 1 cases and 1 clocks change\n/);
  });

  it('refuses what is no policy, and says where', async () => {
    const { code, notes } = await run('--policy', file('wrong.json', { ...policy(30), rank: 'first' }));
    expect({ code, notes }).toEqual({ code: 2, notes: expect.stringContaining('/rank') });
    expect((await run('--policy', 'standard', '--from', 'yesterday')).code).toBe(2);
  });
});

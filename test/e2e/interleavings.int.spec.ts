import { CommandRunner } from '../../libs/eventing/command-runner';
import { EnvelopedEvent } from '../../libs/eventing/envelope';
import { Recorded, StoredEvent } from '../../libs/eventing/event';
import { Appended, EventStore } from '../../libs/eventing/event-store.adapter';
import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { assign } from '../../libs/requests/commands/assign/assign';
import { requestCategory, RequestEvent, RequestEventType } from '../../libs/requests/events';
import { requestProjections } from '../../libs/requests/read-models/projections';
import { liveContext } from '../../libs/requests/read-models/testing/read-server';
import { RequestView } from '../../libs/requests/read-models/request/request-view.http';
import { Request, requestEvolution } from '../../libs/requests/request';
import { statusAfter } from '../../libs/requests/status-after';
import { cellOf, Verb } from '../../libs/requests/testing/transition-table';
import { eventually } from '../faults/harness/eventually';
import { Findings } from '../faults/harness/findings';
import { caughtUp, wholeLog } from '../faults/harness/invariants';
import { checkChains } from '../faults/harness/log-invariants';
import { Random } from '../faults/harness/random';
import { checkReadModels } from '../faults/harness/read-model-invariants';
import { Client, serve, Served } from './served';

/** Many agents on few requests, all at once, with every verb there is: whatever comes of it must be what one after the other could have made. */
jest.setTimeout(150_000);

const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_107);
const agents = 64;
const requests = 10;
const ordersEach = 10;
const millisecondsMax = 10_000;
const earlyShareMax = 0.05;

interface Sent {
  readonly agent: string;
  readonly path: string;
  readonly status: number;
  readonly answer: CommandAnswer;
}

let server: Served;
let clients: readonly Client[];
const numbers: string[] = [];
const sent: Sent[] = [];

beforeAll(async () => {
  server = await serve();
  clients = await Promise.all(Array.from({ length: agents }, (_, index) => server.as('agent', `agent-${index}`)));
  const [first] = clients;
  const lead = await server.as('lead', 'carol');
  for (let index = 0; index < agents; index++)
    await lead.post(`/v1/staff/agent-${index}/register`, { name: 'Somebody', team: 'support' });
  for (let index = 0; index < requests; index++) {
    const facts = { subject: 'Printer', description: 'Smoke', type: 'incident', impact: 'medium', urgency: 'medium' };
    const { body } = await first!.post('/v1/requests', { ...facts, team: 'support', customer: { name: 'Ada' } });
    numbers.push(body.number);
  }
});
afterAll(() => server.stop());

type Draw = (random: Random, agent: number) => readonly [path: string, body: object];
const any = (random: Random): string => `/v1/requests/${random.pick(numbers)}`;
const reason = { reason: 'because' };
const impact = ['low', 'medium', 'high'] as const;

/** Every verb of a request; those that change most are drawn more often. */
const draws: readonly Draw[] = [
  (random, agent) => [`${any(random)}/assign`, { team: 'support', assignee: `agent-${agent}` }],
  (random) => [`${any(random)}/assign`, { team: random.pick(['support', 'billing', 'specialists']) }],
  (random) => [`${any(random)}/escalate`, { to: random.pick(['L2', 'L3', 'L4']), ...reason }],
  (random) => [`${any(random)}/hold`, { waitingFor: random.pick(['customer', 'supplier']), ...reason }],
  (random) => [`${any(random)}/resume`, {}],
  (random) => [`${any(random)}/resolve`, { code: random.pick(['fixed', 'other']), resolution: 'Done' }],
  (random) => [`${any(random)}/reopen`, reason],
  (random) => [`${any(random)}/reopen`, reason],
  (random) => [`${any(random)}/close`, {}],
  (random) => [`${any(random)}/classify`, { impact: random.pick(impact), urgency: random.pick(impact) }],
  (random) => [`${any(random)}/respond`, { text: 'We are on it' }],
  (random) => [`${any(random)}/note`, { text: 'Seen' }],
  (random) => [`${any(random)}/merge`, { into: random.pick(numbers), ...reason }],
  (random) => [`${any(random)}/unmerge`, reason],
  (random) => [`${any(random)}/unmerge`, reason],
  (random) => [
    `${any(random)}/link`,
    { kind: random.pick(['parent', 'relates-to', 'depends-on']), to: random.pick(numbers) },
  ],
  (random) => [`${any(random)}/unlink`, { kind: random.pick(['parent', 'relates-to']), to: random.pick(numbers) }],
];

const give = async (client: Client, path: string, body: object, headers: Record<string, string> = {}) => {
  const { status, body: answer } = await client.post<CommandAnswer>(path, body, headers);
  sent.push({ agent: client.id, path, status, answer });
  return status;
};

/** Takes a request that nobody has, as it was seen: whoever was faster is not overruled. */
const claim = async (client: Client, agent: number, random: Random): Promise<void> => {
  const path = any(random);
  const { body, headers } = await client.get<RequestView>(path);
  if (body.assignee !== null) return;
  const match = { 'if-match': headers.get('etag') ?? '' };
  await give(client, `${path}/assign`, { team: 'support', assignee: `agent-${agent}` }, match);
};

const work = async (agent: number, random: Random, deadline: number): Promise<void> => {
  const client = clients[agent]!;
  for (let order = 0; order < ordersEach && performance.now() < deadline; order++) {
    if (random.chance(0.2)) await claim(client, agent, random);
    else {
      const [path, body] = random.pick(draws)(random, agent);
      await give(client, path, body, random.chance(0.5) ? { 'idempotency-key': `${agent}-${order}` } : {});
    }
  }
};

const verbOf: Partial<Record<RequestEventType, Verb>> = {
  ...{ RequestClassified: 'classify', RequestAssigned: 'assign', RequestEscalated: 'escalate', RequestHeld: 'hold' },
  ...{ RequestResumed: 'resume', RequestResponded: 'respond', RequestNoted: 'note', RequestResolved: 'resolve' },
  ...{ RequestClosed: 'close', RequestReopened: 'reopen', RequestCancelled: 'cancel' },
};

/** Goes through a history with nothing but the table of transitions. @returns what no order of commands could have made */
const faultsOf = (history: readonly Recorded<RequestEvent>[]): readonly string[] => {
  const faults: string[] = [];
  let status: Request['status'] = 'open';
  let level = 'L1';
  let into: string | null = null;
  let holder = 'nobody';
  for (const event of history) {
    const fault = (what: string): unknown => faults.push(`${event.type} at ${event.revision}: ${what}`);
    const verb = verbOf[event.type];
    if (verb && cellOf(verb, status) !== 'ok') fault(`it was ${status}`);
    if (verb && into !== null) fault(`it was merged into ${into}`);
    if (event.type === 'RequestOpened' && event.revision > 0) fault('twice');
    if (event.type === 'RequestOpened') holder = JSON.stringify({ team: event.data.team, assignee: null });
    if (event.type === 'RequestAssigned') {
      const { from, team, assignee } = event.data;
      if (JSON.stringify(from) !== holder) fault(`${holder} had it, not ${JSON.stringify(from)}`);
      holder = JSON.stringify({ team, assignee });
    }
    if (event.type === 'RequestEscalated') {
      if (event.data.from !== level || event.data.to <= level) fault(`it was at ${level}`);
      level = event.data.to;
    }
    if (event.type === 'RequestMerged') into = into === null ? event.data.into : `${into} and ${event.data.into}`;
    if (event.type === 'RequestUnmerged') into = null;
    status = statusAfter(event) ?? status;
  }
  return faults;
};

/** What a process brings into a history in the name of whoever decided it. */
const isCarried = /^Request(Linked|Unlinked|Merged|Unmerged|Absorbed|Separated)$/;

const historyOf = (
  log: readonly StoredEvent[],
  number: string,
  decode: (event: StoredEvent) => Recorded<RequestEvent>,
) => log.filter(({ stream }) => stream === `${requestCategory}-${number}`).map(decode);

it('keeps every invariant', async () => {
  process.stderr.write(`interleavings, seed ${seed}\n`);
  const random = new Random(seed);
  const deadline = performance.now() + millisecondsMax;
  await Promise.all(clients.map((_, agent) => work(agent, random.fork(), deadline)));
  // A merge that was taken back has to reach its request before other work does: whoever cannot bring it there in time is told to
  // come again, and that is rare.
  const isTooEarly = ({ status, answer }: Sent): boolean => status === 503 && Object(answer).outcome === 'not-done';
  const isSettled = ({ status }: Sent): boolean => status === 200 || (status >= 400 && status <= 422);
  expect(sent.filter((each) => !isSettled(each) && !isTooEarly(each))).toEqual([]);
  const early = sent.filter(isTooEarly).length;
  process.stderr.write(`told to come again: ${early} of ${sent.length}\n`);
  expect(early).toBeLessThanOrEqual(sent.length * earlyShareMax);
  await server.beside(async (engine) => {
    expect(await caughtUp(engine)).toBe(true);
    const log = await wholeLog(engine);
    const findings = new Findings();
    checkChains(engine.installation, log, findings);
    await checkReadModels(engine, requestProjections, log, findings);
    expect(findings.examples).toEqual([]);
    for (const number of numbers)
      expect(faultsOf(historyOf(log, number, (event) => engine.types.decode(event)))).toEqual([]);
    // What was answered stands in the log, where the answer says and once; and nothing else of theirs does.
    const byPosition = new Map(log.map((event) => [String(event.position), event]));
    const commandOf = ({ metadata }: StoredEvent): string => metadata.$correlationId;
    const commands = new Map<string, string[]>();
    for (const event of log.filter(({ type }) => !isCarried.test(type)))
      commands.set(commandOf(event), [...(commands.get(commandOf(event)) ?? []), event.type]);
    const acknowledged = sent.filter(({ status, answer }) => status === 200 && answer.events.length);
    const found = acknowledged.map(({ answer }) => byPosition.get(answer.position));
    expect(found.map((event) => [event?.metadata.actor, event && commands.get(commandOf(event))])).toEqual(
      acknowledged.map(({ agent, answer }) => [agent, answer.events]),
    );
    const known = new Set(found.flatMap((event) => (event ? commandOf(event) : [])));
    expect(known.size).toBe(acknowledged.length);
    const theirs = new Set(clients.map(({ id }) => id));
    const worked = log.filter(({ metadata, type }) => theirs.has(metadata.actor) && type !== 'RequestOpened');
    expect(worked.filter((event) => !known.has(commandOf(event)))).toEqual([]);
    // Enough was done at once to mean something.
    expect(acknowledged.length).toBeGreaterThan(requests * 5);
    expect(sent.filter(({ status }) => status === 409 || status === 412 || status === 422).length).toBeGreaterThan(
      requests,
    );
  });
});

it('finds what a runner does that appends without an expected revision, so that the test above can fail', () =>
  server.beside(async (engine) => {
    class AnyRevision extends EventStore {
      override async append(stream: string, revision: number, events: readonly EnvelopedEvent[]): Promise<Appended> {
        const head = (await this.read(stream)).at(-1)?.revision ?? revision;
        return super.append(stream, head, events);
      }
    }
    const [first] = clients;
    const facts = { subject: 'Printer', description: 'Smoke', type: 'incident', impact: 'medium', urgency: 'medium' };
    const { body } = await first!.post('/v1/requests', { ...facts, team: 'support', customer: { name: 'Ada' } });
    const loose = () => {
      const store = new AnyRevision(engine.store.client);
      return new CommandRunner(store, engine.types, engine.keys, engine.installation, true);
    };
    const runners = [loose(), loose()];
    for (const runner of runners) await runner.load(requestEvolution, body.number);
    for (const [index, runner] of runners.entries())
      await runner.execute<Request, RequestEvent>({
        ...{ evolution: requestEvolution, key: body.number, expects: 'existing', body: {}, context: liveContext('x') },
        decide: (state) => assign({ team: 'support', assignee: `agent-${index}` }, state),
      });
    await eventually('both stand there', async () => (await engine.store.read(`request-${body.number}`)).length > 2);
    const log = await engine.store.read(`request-${body.number}`);
    const findings = new Findings();
    checkChains(engine.installation, log, findings);
    expect(findings.count('chain')).toBeGreaterThan(0);
    expect(faultsOf(historyOf(log, body.number, (event) => engine.types.decode(event)))).toHaveLength(1);
  }));

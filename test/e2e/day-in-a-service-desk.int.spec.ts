import { categories } from '../../apps/domain';
import { verifyChains } from '../../libs/eventing/verify-chains.adapter';
import { CommandAnswer } from '../../libs/platform/http/command-answer.http';
import { runCommandLine } from '../../apps/cli/cli';
import { Answer, Client, ProblemBody, serve, Served } from './served';

/**
 * A day in a service desk, from the first call to the auditor's evening, over HTTP as everybody there works. Read from top to bottom:
 * each step goes on from the last. What time it is, the test says.
 */
jest.setTimeout(120_000);

let now = new Date('2026-03-02T08:00:00.000Z');
let server: Served;
let [alice, bob, carol]: Client[] = [];
let [lea, max]: Client[] = [];
let [admin, auditor, reporter]: Client[] = [];
let ada: Client;
/** Everything that reads waits for what was done before. */
let position = '0';
let actions = 0;

const at = (time: string): void => {
  now = new Date(`2026-03-02T${time}:00.000Z`);
};
const after = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}after=${position}`;
const see = async <T = Record<string, never>>(who: Client | undefined, path: string): Promise<T> => {
  const { status, body, text } = await who!.get<T>(after(path));
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return body;
};
/** Does something, which must work. */
const does = async <T = CommandAnswer>(
  who: Client | undefined,
  path: string,
  body: object = {},
): Promise<Answer<T>> => {
  actions++;
  const answer = await who!.post<T & { position?: string }>(path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  position = answer.body.position ?? position;
  return answer;
};
const mayNot = async (who: Client | undefined, path: string, body: object): Promise<string> => {
  actions++;
  return (await who!.post<ProblemBody>(path, body)).body.code;
};
const order = (who: Client | undefined, number: string, verb: string, body: object = {}) =>
  does(who, `/v1/requests/${number}/${verb}`, body);
const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const open = async (who: Client | undefined, values: object): Promise<string> => {
  const usual = { type: 'incident', impact: 'medium', urgency: 'medium', customer: { name: 'Somebody' } };
  return (await does(who, '/v1/requests', { description: 'As the subject says.', ...usual, ...values })).body.number;
};
interface Standing {
  readonly status: string;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly revision: string;
  readonly mergedInto: { readonly number: string } | null;
  readonly customer: { readonly id: string };
}
const request = (number: string, who = alice): Promise<Standing> => see<Standing>(who, `/v1/requests/${number}`);
const types = async (number: string): Promise<readonly string[]> =>
  (await see<{ events: { type: string }[] }>(alice, `/v1/requests/${number}/history`)).events.map(({ type }) => type);

beforeAll(async () => {
  server = await serve(() => now);
  [alice, bob, carol] = [
    await server.as('agent', 'alice'),
    await server.as('agent', 'bob'),
    await server.as('agent', 'carol'),
  ];
  [lea, max] = [await server.as('lead', 'lea'), await server.as('lead', 'max')];
  [admin, auditor, reporter] = [await server.as('admin'), await server.as('auditor'), await server.as('reporter')];
});
afterAll(() => server.stop());

const numbers = { printer: '', mail: '', outage: '', children: [] as string[] };
let exception = '';
let customer = '';

describe('08:00, before the telephones', () => {
  it('leads and an administrator set up the desk: people, a product, rules that find a team', async () => {
    await does(admin, '/v1/staff/lea/register', { name: 'Lea (lead)', team: 'support' });
    await does(admin, '/v1/staff/max/register', { name: 'Max (lead)', team: 'specialists' });
    const { document } = await see<{ document: { products: object; routing: object } }>(lea, '/v1/configuration');
    const desk = {
      ...document,
      products: { ...document.products, printer: { name: 'Printer' } },
      routing: { rules: [{ id: 'printers', when: { products: ['printer'] }, team: 'support' }] },
    };
    const { changes } = (await does<{ changes: object[] }>(admin, '/v1/configuration/plan', { document: desk })).body;
    expect(changes.length).toBeGreaterThan(0);
    await does(admin, '/v1/configuration/apply', { document: desk });
    const again = await does<{ changes: object[] }>(admin, '/v1/configuration/plan', { document: desk });
    expect(again.body.changes).toEqual([]);
  });
});

describe('08:30, the morning', () => {
  it('Ada calls about a printer: the rule gives it to support, Alice takes it and tells her what she does', async () => {
    at('08:30');
    const registered = await does(alice, '/v1/customers', {
      ...{ kind: 'person', name: 'Ada Byron', email: 'ada@example.org', phone: '+44 20 7946 0000' },
    });
    customer = registered.body.number;
    ada = await server.as('customer', customer);
    await until('Ada is found by her address', async () => {
      const { body } = await alice!.get<{ total: number }>('/v1/customers?email=ada@example.org');
      return body.total === 1;
    });
    numbers.printer = await open(alice, {
      ...{ subject: 'The printer on floor 3 eats paper', product: 'printer', customer: { id: customer } },
    });
    expect(await request(numbers.printer)).toMatchObject({ team: 'support', assignee: null, status: 'open' });
    await order(alice, numbers.printer, 'assign', { team: 'support', assignee: 'alice' });
    const worked = { talkSeconds: 240, holdSeconds: 30, wrapUpSeconds: 60 };
    await order(alice, numbers.printer, 'respond', { text: 'We are sending somebody.', channel: 'phone', worked });
    await order(alice, numbers.printer, 'note', { text: 'Third time this month.' });
  });

  it('Ada writes from her telephone as well; the message is one request however often it is delivered', async () => {
    at('08:40');
    const message = {
      ...{ messageId: '<m-1@example.org>', channel: 'email', subject: 'Printer again', text: 'It smokes now.' },
      from: { name: 'Ada Byron', email: 'ada@example.org' },
    };
    interface Filed {
      readonly number: string;
      readonly result: string;
      readonly position: string;
    }
    const first = await does<Filed>(alice, '/v1/inbound', message);
    const second = await does<Filed>(alice, '/v1/inbound', message);
    expect([first.body.result, second.body.number]).toEqual(['opened', first.body.number]);
    numbers.mail = first.body.number;
    const reply = {
      ...message,
      messageId: '<m-2@example.org>',
      inReplyTo: '<m-1@example.org>',
      text: 'Out of tray 2.',
    };
    expect((await does<Filed>(alice, '/v1/inbound', reply)).body).toMatchObject({
      ...{ result: 'filed', number: numbers.mail },
    });
  });

  it('it is the same trouble: the second request is merged into the first, and work goes on there', async () => {
    at('08:50');
    await order(alice, numbers.mail, 'merge', { into: numbers.printer, reason: 'the same printer' });
    expect((await request(numbers.mail)).mergedInto).toMatchObject({ number: numbers.printer });
    expect(await mayNot(alice, `/v1/requests/${numbers.mail}/note`, { text: 'Who has it?' })).toBe('REQUEST_MERGED');
    await order(alice, numbers.printer, 'hold', { reason: 'A part is ordered', waitingFor: 'supplier' });
  });

  it('Ada reads what is meant for her, and nothing that is among the staff', async () => {
    interface Conversation {
      readonly total: number;
      readonly items: readonly { readonly text: string }[];
    }
    const conversation = await see<Conversation>(ada, `/v1/requests/${numbers.printer}/conversation`);
    const texts = conversation.items.map(({ text }) => text);
    expect(texts).toContain('We are sending somebody.');
    expect(JSON.stringify(conversation)).not.toContain('Third time this month');
    const staff = await see<Conversation>(alice, `/v1/requests/${numbers.printer}/conversation`);
    expect(staff.total).toBeGreaterThan(conversation.total);
  });
});

describe('10:00, the network is down', () => {
  it('four floors call; the calls become children of one major incident', async () => {
    at('10:00');
    const down = { type: 'incident', category: 'network', impact: 'high', urgency: 'high' };
    numbers.outage = await open(bob, { ...down, subject: 'The network is down', customer: { name: 'Operations' } });
    await order(bob, numbers.outage, 'assign', { team: 'specialists', assignee: 'carol' });
    for (const floor of [1, 2, 3, 4]) {
      const child = await open(bob, {
        ...down,
        subject: `No network on floor ${floor}`,
        customer: { name: `Floor ${floor}` },
      });
      await order(bob, child, 'link', { kind: 'parent', to: numbers.outage });
      numbers.children.push(child);
    }
    // A request cannot be above itself.
    expect(
      await mayNot(bob, `/v1/requests/${numbers.outage}/link`, { kind: 'parent', to: numbers.children[0] }),
    ).toMatch(/CIRCLE|CYCLE/);
  });

  it('Carol escalates, answers, and resolves it: the children are resolved with it, and each says why', async () => {
    at('10:20');
    await order(carol, numbers.outage, 'escalate', { to: 'L2', reason: 'A switch has failed' });
    await order(carol, numbers.outage, 'respond', { text: 'A switch has failed. We are replacing it.' });
    at('10:50');
    await order(carol, numbers.outage, 'resolve', {
      code: 'fixed',
      resolution: 'Switch replaced',
      resolveChildren: true,
    });
    for (const child of numbers.children) {
      await until(`${child} says why`, async () => (await types(child)).includes('RequestResolvedWith'));
      expect((await request(child)).status).toBe('resolved');
    }
  });

  it('floor 2 still has none: its request alone is taken up again', async () => {
    at('11:00');
    const [, second = ''] = numbers.children;
    await order(bob, second, 'reopen', { reason: 'Still down on floor 2' });
    await order(bob, second, 'resolve', { code: 'workaround', resolution: 'Patched to the other switch' });
    expect((await request(numbers.outage)).status).toBe('resolved');
  });
});

describe('13:00, an exception', () => {
  it('the printer cannot be mended in time: a lead asks for an exception, which nobody approves alone', async () => {
    at('13:00');
    const asked = await does(alice, '/v1/exceptions', {
      ...{ kind: 'deadline', what: 'Repair in ten days instead of two', why: 'The part comes from Japan' },
      requests: [numbers.printer],
    });
    exception = `/v1/exceptions/${asked.body.number}`;
    expect(asked.body.number).toMatch(/^CER-/);
    await does(lea, `${exception}/assess`, {
      severity: 'medium',
      impact: 'medium',
      reasoning: 'One floor, a copier nearby',
    });
    expect(await mayNot(alice, `${exception}/approve`, {})).not.toBe('');
    await does(lea, `${exception}/approve`);
    expect((await see<{ status: string }>(lea, exception)).status).toBe('assessed');
    // Once more changes nothing.
    await does(lea, `${exception}/approve`);
    expect((await see<{ status: string }>(lea, exception)).status).toBe('assessed');
    await does(max, `${exception}/approve`);
    expect((await see<{ status: string }>(lea, exception)).status).toBe('approved');
  });

  it('Ada is told, an action is planned, done and verified by somebody else, and it is closed with advice', async () => {
    at('14:00');
    await does(lea, `${exception}/inform`, { channel: 'phone', text: 'The part comes in ten days.' });
    await does(lea, `${exception}/plan-action`, { text: 'Keep a spare fuser in stock', responsible: 'bob' });
    await does(bob, `${exception}/complete-action`, { action: 1, text: 'Ordered two' });
    await does(max, `${exception}/verify-action`, { action: 1, text: 'On the shelf', effective: true });
    await does(lea, `${exception}/close`, { prevention: 'Stock what wears out' });
  });
});

describe('15:00, it was not the same printer', () => {
  it('the merge is taken back: both requests are what they would be without it', async () => {
    at('15:00');
    await order(alice, numbers.mail, 'unmerge', { reason: 'tray 2 belongs to the copier' });
    expect(await request(numbers.mail)).toMatchObject({ mergedInto: null, status: 'open' });
    await order(alice, numbers.mail, 'respond', {
      text: 'We look at the copier too.',
      resolve: { code: 'fixed', resolution: 'New tray' },
    });
    await order(alice, numbers.printer, 'resume');
    await order(alice, numbers.printer, 'resolve', { code: 'fixed', resolution: 'Fuser replaced' });
    expect(await request(numbers.printer)).toMatchObject({ status: 'resolved' });
    await does(ada, `/v1/requests/${numbers.printer}/feedback`, { rating: 5, text: 'Quick.' });
  });

  it('who asks about Ada sees everything at once; Grace, who is the same person, is merged with her and parted again', async () => {
    at('15:30');
    interface Overview {
      readonly requests: { readonly total: number };
    }
    const before = await see<Overview>(alice, `/v1/customers/${customer}`);
    const double = await does(alice, '/v1/customers', {
      name: 'A. Byron',
      email: 'a@example.org',
    });
    await open(alice, { subject: 'A cable', customer: { id: double.body.number } });
    await does(lea, `/v1/customers/${double.body.number}/merge`, { into: customer, reason: 'the same person' });
    const merged = await see<Overview>(alice, `/v1/customers/${customer}`);
    expect(merged.requests.total).toBe(before.requests.total + 1);
    await does(lea, `/v1/customers/${double.body.number}/unmerge`, { reason: 'her sister' });
    expect((await see<Overview>(alice, `/v1/customers/${customer}`)).requests.total).toBe(before.requests.total);
  });
});

describe('17:00, the evening', () => {
  it('what is resolved is closed in one go, with a result for each', async () => {
    at('17:00');
    interface Bulk {
      readonly id: string;
      readonly status: string;
      readonly items: readonly { readonly number: string; readonly result: string }[];
    }
    const chosen = [numbers.printer, ...numbers.children];
    const { id } = (await does<Bulk>(lea, '/v1/bulk', { verb: 'close', body: {}, numbers: chosen })).body;
    await until('all are closed', async () =>
      (await Promise.all(chosen.map((number) => request(number)))).every(({ status }) => status === 'closed'),
    );
    expect((await see<{ items: object[] }>(lea, `/v1/bulk/${id}`)).items).toHaveLength(chosen.length);
  });

  it('is found by its words and by its customer, and counted as it is listed', async () => {
    interface Found {
      readonly total: number;
      readonly items: readonly { readonly number: string }[];
    }
    const found = await see<Found>(alice, '/v1/requests?search=fuser');
    expect(found.items.map(({ number }) => number)).toContain(numbers.printer);
    const hers = await see<Found>(alice, `/v1/requests?customer=${customer}`);
    expect(hers.total).toBe(hers.items.length);
    expect(hers.items.map(({ number }) => number)).toContain(numbers.mail);
  });

  it('the figures of the day: every clock of every request, and who had it for how long', async () => {
    interface Population {
      readonly total: number;
      readonly groups: readonly { readonly metric: string; readonly counts: Readonly<Record<string, number>> }[];
    }
    const population = await see<Population>(reporter, '/v1/service-levels');
    const counted = population.groups.flatMap(({ counts }) => Object.values(counts));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(population.total);
    interface Account {
      readonly lifetimeSeconds: number;
      readonly spans: readonly { readonly seconds: number }[];
    }
    const account = await see<Account>(reporter, `/v1/requests/${numbers.printer}/accountability`);
    expect(account.spans.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(account.lifetimeSeconds);
  });

  it('the auditor replays the printer, sees who did what, and asks what was known at noon', async () => {
    at('18:00');
    const noon = await see<Standing>(auditor, `/v1/requests/${numbers.printer}?asOf=2026-03-02T12:00:00Z&meaning=true`);
    expect(noon.status).toBe('held');
    let told = '';
    const exitCode = await runCommandLine(['replay', numbers.printer, '--json'], {
      terminal: { out: (text) => void (told += text), note: () => undefined, isWatched: false },
      environment: { CASEFOLD_DATA: server.dataDirectory },
      signal: new AbortController().signal,
      now: () => now,
    });
    expect(exitCode).toBe(0);
    expect(told).toContain('RequestAbsorbed');
  });

  it('every chain of every stream is whole, and more than forty things were done', async () => {
    const result = await server.beside((engine) => verifyChains(engine.installation, engine.store.readAll(categories)));
    expect(result.broken).toBeUndefined();
    expect(actions).toBeGreaterThan(40);
  });
});

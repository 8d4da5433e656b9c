import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { openInstallation, TestInstallation } from '../../test/support/stores';
import { StoredEvent, streamOf } from '../../libs/eventing/event';
import { verifyChains } from '../../libs/eventing/verify-chains.adapter';
import { OwnTokens } from '../../libs/platform/auth/token';
import { madeUpLogs } from '../../libs/requests/import/testing/made-up-logs';
import { eventTypes } from '../domain';
import { runCommandLine } from './cli';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
let installation: TestInstallation;

beforeAll(async () => {
  installation = await openInstallation(eventTypes());
});
afterAll(() => installation.stop());

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly notes: string;
}

interface Circumstances {
  readonly signal?: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One call beside the stores that are running, as if they were a server's. */
const casefold = async (line: string, { signal, environment }: Circumstances = {}): Promise<Ran> => {
  let out = '';
  let notes = '';
  const exitCode = await runCommandLine(line.split(' '), {
    terminal: { out: (text) => void (out += text), note: (text) => void (notes += text), isWatched: false },
    environment: environment ?? { CASEFOLD_DATA: installation.dataDirectory },
    signal: signal ?? new AbortController().signal,
    now: () => new Date(),
  });
  return { exitCode, out, notes };
};

/** As a process of its own, as people call it. */
const casefoldAlone = (line: string): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  promisify(execFile)(process.execPath, [join(root, 'apps', 'launch.mjs'), 'cli', ...line.split(' ')], {
    env: { PATH: process.env['PATH'], ...installation.environment },
  });

const logOf = (name: keyof typeof madeUpLogs, change: (csv: string) => string = (csv) => csv): string => {
  const file = join(installation.dataDirectory, `${name}.csv`);
  writeFileSync(file, change(madeUpLogs[name]));
  return file;
};

const numbers = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { type, stream } of installation.engine.store.readAll(['request']))
    if (type === 'RequestOpened') found.push(stream.slice('request-'.length));
  return found;
};

describe('usage', () => {
  it.each([
    ['--help', 0, /serve[\s\S]*token[\s\S]*import[\s\S]*verify/],
    ['verify --help', 0, /Cannot show/],
    ['import --help', 0, /italian-helpdesk/],
  ])('%s explains itself', async (line, exitCode, expected) => {
    const ran = await casefold(line);
    expect([ran.exitCode, ran.notes]).toEqual([exitCode, '']);
    expect(ran.out).toMatch(expected);
  });

  it.each([
    ['frobnicate', /unknown command/],
    ['token --role king --as x', /agent, lead/],
    ['token --role agent', /--as/],
    ['token --role agent --as x --hours 99', /24/],
    ['replay', /number/],
    ['replay X --at yesterday', /2026-05-01T09:30:00Z/],
    ['rebuild nosuch', /nosuch/],
    ['import /nowhere.csv --mapping nyc311-500', /there is no such file/],
    ['import /nowhere.csv --mapping nosuch', /none that ships/],
    ['erase 00000000-0000-4000-8000-000000000000 --as alice', /--yes/],
  ])('%s is refused with exit code 2 and nothing on standard output', async (line, expected) => {
    const ran = await casefold(line);
    expect([ran.exitCode, ran.out]).toEqual([2, '']);
    expect(ran.notes).toMatch(expected);
  });

  it('a setting that is wrong is wrong usage', async () => {
    const ran = await casefold('verify', { environment: { DATABASE_URL: 'mysql://x' } });
    expect([ran.exitCode, ran.notes]).toEqual([2, expect.stringContaining('DATABASE_URL')]);
  });
});

describe('token', () => {
  it('prints a token and nothing else, for the same person each time, however many ask at once', async () => {
    // Clients of one process share what they wait for: the first to close takes the answers of the others along.
    const ran = await Promise.all([1, 2, 3].map(() => casefoldAlone('token --role lead --as racer')));
    expect(ran.map(({ stderr }) => stderr)).toEqual(['', '', '']);
    const { installation: name, tokenSigningKey: key } = installation.secrets;
    const tokens = new OwnTokens({ key, installation: name, now: () => Date.now() });
    const callers = await Promise.all(ran.map(({ stdout }) => tokens.verify(stdout.trimEnd())));
    expect(new Set(callers.map(({ id }) => id)).size).toBe(1);
    expect(callers[0]).toMatchObject({ role: 'lead', handle: 'racer' });
  });

  it('makes a customer known under an id that follows from the handle', async () => {
    const [one, two] = [
      await casefold('token --role customer --as ada --json'),
      await casefold('token --role customer --as ada --json'),
    ];
    expect(JSON.parse(one.out).caller.id).toBe(JSON.parse(two.out).caller.id);
  });
});

describe('import, replay and verify', () => {
  it('bring in a log, tell a case of it, and prove the chains', async () => {
    const file = logOf('italian-helpdesk');
    const imported = await casefold(`import ${file} --mapping italian-helpdesk`);
    expect([imported.exitCode, imported.out]).toEqual([0, expect.stringMatching(/2 cases, 11 events from 9 rows/)]);
    const again = await casefold(`import ${file} --mapping italian-helpdesk`);
    expect([again.exitCode, again.out]).toEqual([
      0,
      expect.stringMatching(/0 cases, 0 events[\s\S]*2 were there already/),
    ]);
    expect(await casefold(`import ${file} --mapping italian-helpdesk --check`)).toMatchObject({ exitCode: 0 });
    const [number = ''] = await numbers();
    const replayed = await casefold(`replay ${number.toLowerCase().replaceAll('-', '')}`);
    expect([replayed.exitCode, replayed.out]).toEqual([0, expect.stringMatching(/RequestOpened[\s\S]*→ closed/)]);
    expect((await casefold(`replay ${number} --no-reveal`)).out).toContain('[withheld]');
    expect(JSON.parse((await casefold(`replay ${number} --at 0 --json`)).out).events).toHaveLength(1);
    expect(await casefold('verify')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/every hash fits/) });
    expect(await casefold(`verify ${number}`)).toMatchObject({ exitCode: 0 });
  });

  it('a number with one wrong sign is answered with the one that was meant', async () => {
    const [number = ''] = await numbers();
    const wrong = `${number.slice(0, -1)}${number.endsWith('Z') ? '2' : 'Z'}`;
    const ran = await casefold(`replay ${wrong}`);
    expect([ran.exitCode, ran.notes]).toEqual([1, expect.stringContaining(`did you mean ${number}`)]);
  });

  it('rows that cannot be read are named, kept aside, and told by exit code 1', async () => {
    const file = logOf('nyc311-500', (csv) => csv.replace('101,2023-12-10T12:00:00.000', '101,noon'));
    const ran = await casefold(`import ${file} --mapping nyc311-500 --json`);
    expect(ran.exitCode).toBe(1);
    expect(ran.notes).toContain('line 3, column "created_date"');
    expect(JSON.parse(ran.out)).toMatchObject({ rejected: 1, cases: { added: 2 } });
  });

  it('a rehearsal adds nothing', async () => {
    const before = await numbers();
    const ran = await casefold(`import ${logOf('volvo-closed-problems')} --mapping volvo-closed-problems --dry-run`);
    expect([ran.exitCode, ran.out]).toEqual([0, expect.stringContaining('1 cases, 6 events')]);
    expect(await numbers()).toEqual(before);
  });

  it('an import that is interrupted says so and how to go on', async () => {
    const ran = await casefold(`import ${logOf('servicenow-incidents-890')} --mapping servicenow-incidents-890`, {
      signal: AbortSignal.abort(),
    });
    expect([ran.exitCode, ran.notes]).toEqual([130, expect.stringContaining('goes on where this one stopped')]);
  });
});

describe('a text that must go', () => {
  it('is gone from the replay, and the chains still fit', async () => {
    const [number = ''] = await numbers();
    await casefold('token --role lead --as alice');
    const redacted = await casefold(`redact ${number} 0 --pointer /subject --as alice --reason private --yes`);
    expect(redacted).toMatchObject({ exitCode: 0, notes: '' });
    expect((await casefold(`replay ${number}`)).out).toMatch(/subject +\[redacted\]/);
    const { customer } = JSON.parse((await casefold(`replay ${number} --json`)).out);
    // Registering a customer is the server's work; this one is known from the log of the cases only.
    expect(await casefold(`erase ${customer} --as alice --yes`)).toMatchObject({ exitCode: 1 });
    expect(await casefold(`verify ${number}`)).toMatchObject({ exitCode: 0 });
  });
});

describe('keys roll', () => {
  it('is refused while a server runs', async () => {
    const ran = await casefold('keys roll');
    expect([ran.exitCode, ran.notes]).toEqual([1, expect.stringContaining('a server is running')]);
  });
});

type Tampering = (events: readonly StoredEvent[]) => readonly StoredEvent[];

const changed =
  (revision: number, change: (event: StoredEvent) => StoredEvent): Tampering =>
  (events) =>
    events.map((event) => (event.revision === revision ? change(event) : event));

describe('a log that was tampered with', () => {
  const history = async (): Promise<readonly StoredEvent[]> => {
    const [number = ''] = await numbers();
    return installation.engine.store.read(streamOf('request', number));
  };
  const brokenAt = async (events: readonly StoredEvent[]): Promise<number | undefined> =>
    (await verifyChains(installation.engine.installation, Readable.from(events))).broken?.revision;

  it('is proved as long as nobody did', async () => expect(await brokenAt(await history())).toBeUndefined());

  const tamperings: readonly (readonly [string, number, Tampering])[] = [
    ['whose data was changed', 3, changed(3, (event) => ({ ...event, data: { ...Object(event.data), more: 1 } }))],
    ['done by somebody else', 3, changed(3, (event) => ({ ...event, metadata: { ...event.metadata, actor: 'x' } }))],
    [
      'of another time',
      3,
      changed(3, ({ metadata, ...event }) => ({ ...event, metadata: { ...metadata, occurredAt: 'x' } })),
    ],
    ['of another type', 3, changed(3, (event) => ({ ...event, type: 'RequestClosed' }))],
    ['that cannot be read', 3, changed(3, (event) => ({ ...event, data: { half: 0.5 } }))],
    ['that is not there', 4, (events) => events.filter(({ revision }) => revision !== 3)],
    [
      'that is there twice',
      2,
      (events) => events.flatMap((event) => (event.revision === 2 ? [event, event] : [event])),
    ],
  ];

  it.each(tamperings)('an event %s shows at revision %d', async (_, revision, tamper) => {
    expect(await brokenAt(tamper(await history()))).toBe(revision);
  });

  it('is not proved: verify names the event and ends with exit code 1', async () => {
    const stream = 'request-CSR-000-000-000';
    const [first, ...others] = await history();
    if (!first) throw new Error('no events');
    await installation.engine.store.append(
      stream,
      -1,
      [first, ...others].map((event) => ({ ...event, stream })),
    );
    const ran = await casefold('verify');
    expect([ran.exitCode, ran.notes]).toEqual([1, expect.stringContaining('event 0 of request CSR-000-000-000')]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../../libs/platform/embedded/waiting';
import { Findings } from './findings';
import { Installation } from './installation';
import { checkInvariants, Figures } from './invariants';
import { Part, signal, treeOn } from './process-tree';
import { Random } from './random';
import { Writers } from './writers';

/** What may be killed. After some the server has to be started again; the others it has to survive. */
export const faultKinds = {
  tree: { parts: ['server', 'eventStore', 'postmaster', 'backends', 'guard'] },
  server: { parts: ['server'] },
  'event-store': { parts: ['eventStore'] },
  postgres: { parts: ['postmaster'] },
  guard: { parts: ['guard'] },
  backend: { parts: ['backends'] },
  'both-stores': { parts: ['eventStore', 'postmaster'] },
  /** The tree, and then the new server while it starts. */
  starting: { parts: ['server', 'eventStore', 'postmaster', 'backends', 'guard'] },
} as const satisfies Record<string, { readonly parts: readonly Part[] }>;

export type FaultKind = keyof typeof faultKinds;

export interface CampaignOptions {
  readonly seed: number;
  readonly kinds: readonly FaultKind[];
  readonly writers: number;
  /** Longest time at work between one fault and the next. */
  readonly workMillisecondsMax: number;
  /** No new fault after this time. */
  readonly millisecondsMax: number;
  readonly say: (line: string) => void;
}

export interface CampaignReport {
  readonly seed: number;
  readonly kills: Readonly<Partial<Record<FaultKind, number>>>;
  readonly killsTotal: number;
  /** Kills of a store alone after which readiness was seen red before it was green again. */
  readonly seenRed: number;
  readonly recoveryMillisecondsMax: number;
  readonly figures: Figures;
  readonly findings: Findings;
}

const greenMillisecondsMax = 60_000;
const diesMillisecondsMax = 10_000;
const acknowledgedBetweenKills = 5;
const progressMillisecondsMax = 30_000;
const startingMilliseconds = { least: 50, most: 900 };

class Campaign {
  private readonly findings = new Findings();
  private readonly kills = new Map<FaultKind, number>();
  private seenRed = 0;
  private recoveryMillisecondsMax = 0;

  constructor(
    private readonly installation: Installation,
    private readonly options: CampaignOptions,
    private readonly random = new Random(options.seed),
  ) {}

  async run(): Promise<CampaignReport> {
    const { writers: count, kinds, millisecondsMax, seed } = this.options;
    await this.installation.start();
    const began = Date.now();
    const writers = new Writers(this.installation, count, this.random.fork());
    for (const kind of kinds) {
      if (Date.now() - began > millisecondsMax) break;
      await this.work(writers);
      await this.strike(kind);
      this.kills.set(kind, (this.kills.get(kind) ?? 0) + 1);
    }
    await this.work(writers);
    const { figures } = await checkInvariants(this.installation, await writers.stop(), this.findings);
    const kills = Object.fromEntries(this.kills);
    const killsTotal = [...this.kills.values()].reduce((sum, each) => sum + each, 0);
    const { seenRed, recoveryMillisecondsMax, findings } = this;
    return { seed, kills, killsTotal, seenRed, recoveryMillisecondsMax, figures, findings };
  }

  /** Lets the writers get somewhere, and then some random time more. */
  private async work(writers: Writers): Promise<void> {
    const goal = writers.acknowledged + acknowledgedBetweenKills;
    for (const deadline = Date.now() + progressMillisecondsMax; writers.acknowledged < goal; await sleep(5))
      if (Date.now() > deadline) {
        this.findings.add('not-ready-again', 'no command was acknowledged for a long time');
        break;
      }
    await sleep(this.random.between(0, this.options.workMillisecondsMax));
    await this.insistOnServer();
  }

  /** The server has to live through the death of everything else. */
  private async insistOnServer(): Promise<void> {
    const { server } = this.installation;
    if (!(await within(server.ended, 0))) return;
    this.findings.add(
      'server-ended',
      `by itself: ${JSON.stringify(await server.ended)} ${server.output.slice(-1_500)}`,
    );
    await this.startAgain('server');
  }

  private async strike(kind: FaultKind): Promise<void> {
    const tree = treeOn(this.installation.data);
    const pids = faultKinds[kind].parts.flatMap((part) => (kind === 'backend' ? tree[part].slice(0, 1) : tree[part]));
    this.options.say(`kill ${kind}: ${pids.join(' ')}`);
    const began = performance.now();
    signal(this.random.shuffled(pids), 'SIGKILL');
    try {
      if (pids.includes(this.installation.server.pid)) await this.startAgain(kind);
      else await this.surviveIt(kind);
    } catch (error) {
      this.findings.add('not-ready-again', `after ${kind}: ${error instanceof Error ? error.message : String(error)}`);
    }
    const milliseconds = Math.round(performance.now() - began);
    this.options.say(`ready again after ${milliseconds} ms`);
    this.recoveryMillisecondsMax = Math.max(this.recoveryMillisecondsMax, milliseconds);
  }

  /** At once: what the dead one left has to be dealt with by the new one. */
  private async startAgain(kind: FaultKind): Promise<void> {
    this.installation.down();
    await this.installation.server.ended;
    if (kind === 'starting') {
      const early = this.installation.spawn();
      await sleep(this.random.between(startingMilliseconds.least, startingMilliseconds.most));
      early.kill();
      await early.ended;
    }
    await this.installation.start();
    await this.installation.becomes(200, greenMillisecondsMax);
  }

  private async surviveIt(kind: FaultKind): Promise<void> {
    // One backend gone is a stumble that PostgreSQL may mend before anybody looks.
    const red = await this.becomesRed(kind === 'backend' ? 500 : diesMillisecondsMax);
    if (red) this.seenRed++;
    await Promise.race([this.installation.becomes(200, greenMillisecondsMax), this.installation.server.ended]);
    await this.insistOnServer();
  }

  private async becomesRed(millisecondsMax: number): Promise<boolean> {
    try {
      await this.installation.becomes(503, millisecondsMax);
      return true;
    } catch {
      return false;
    }
  }
}

/** Work, kills at random moments, and then the question whether every promise was kept. */
export const runCampaign = (installation: Installation, options: CampaignOptions): Promise<CampaignReport> =>
  new Campaign(installation, options).run();

/** As many kinds as asked for, each about equally often, in random order. */
export const mixOf = (kinds: readonly FaultKind[], count: number, random: Random): readonly FaultKind[] =>
  random.shuffled(Array.from({ length: count }, (_, index) => kinds[index % kinds.length] ?? 'tree'));

export const allKinds = Object.keys(faultKinds).filter((kind): kind is FaultKind => kind in faultKinds);

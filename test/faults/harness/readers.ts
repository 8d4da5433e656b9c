import { setTimeout as sleep } from 'node:timers/promises';
import { Findings } from './findings';
import { Bearer, Installation } from './installation';
import { Journal } from './journal';
import { Random } from './random';

/** People who look at cases and at the queue: each answer must come, and none may be older than one that somebody has had before it was asked for. */
const pauseMilliseconds = { least: 0, most: 20 };

interface Answer {
  readonly status: number;
  readonly body: string;
}

export class Readers {
  private stopping = false;
  private readonly work: Promise<unknown>;
  private readonly newest = new Map<string, bigint>();
  private answers = 0;

  constructor(
    private readonly installation: Pick<Installation, 'current' | 'bearer'>,
    private readonly journal: Journal,
    private readonly findings: Findings,
    { count, random }: { readonly count: number; readonly random: Random },
  ) {
    this.work = Promise.all(Array.from({ length: count }, () => this.read(random.fork())));
  }

  /** How many answers have come. */
  get answered(): number {
    return this.answers;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.work;
  }

  private async read(random: Random): Promise<void> {
    const bearer = await this.installation.bearer('auditor', 'audrey');
    while (!this.stopping) {
      await (random.chance(0.5) ? this.page(bearer) : this.one(bearer, random));
      await sleep(random.between(pauseMilliseconds.least, pauseMilliseconds.most));
    }
  }

  private page(bearer: Bearer): Promise<void> {
    return this.look(bearer, '/v1/queue?limit=50', 'position');
  }

  private async one(bearer: Bearer, random: Random): Promise<void> {
    const { sent } = this.journal;
    const number = sent[random.between(0, Math.max(0, sent.length - 1))]?.answer?.number;
    if (number !== undefined) await this.look(bearer, `/v1/requests/${number}`, 'revision');
  }

  /** @param member of the answer that never becomes smaller */
  private async look(bearer: Bearer, path: string, member: 'position' | 'revision'): Promise<void> {
    const before = this.newest.get(path);
    const { status, body } = await this.ask(bearer, path);
    // A case that nobody has seen yet may still be on its way.
    if (status === 404 && before === undefined) return;
    if (status !== 200) return this.findings.add('unreadable', `${path}: ${status} ${body.slice(0, 200)}`);
    this.answers++;
    const said = BigInt((JSON.parse(body) as Record<typeof member, string>)[member]);
    if (before !== undefined && said < before)
      this.findings.add('back-in-time', `${path}: ${member} ${said} after ${before}`);
    const known = this.newest.get(path);
    if (known === undefined || known < said) this.newest.set(path, said);
  }

  private async ask(bearer: Bearer, path: string): Promise<Answer> {
    const url = (await this.installation.current()) + path;
    try {
      const response = await fetch(url, { headers: { authorization: `Bearer ${bearer.token}` } });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      return { status: 0, body: String(error) };
    }
  }
}

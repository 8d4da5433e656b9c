import { randomUUID } from 'node:crypto';
import {
  START,
  WrongExpectedVersionError,
  type EventData,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import { compact } from '../maintenance/compact';
import { takeSnapshot } from '../maintenance/snapshot';
import { verify } from '../maintenance/verify';
import { answerMsMax, subscribed, within } from './patience';
import { happened } from './running-server';

/**
 * Writers that insist, a server that is struck down again and again, and a ledger of what it promised. Each writer owns
 * a stream, appends batches at exact revisions and sends a batch that got no answer again, with the same ids, until it
 * is acknowledged. A reader follows all of them and resumes from the last position it saw.
 */
export interface Victim {
  client: EventStoreDBClient;
  /** Ends the server in the way that is being tried; afterwards its directory can be opened again. */
  strike(): Promise<void>;
  stop(): Promise<void>;
}

export interface CampaignOptions {
  directory: string;
  start(): Promise<Victim>;
  strikes: number;
  writers: number;
  /** The server is left alone for up to this long before each strike. */
  workMsMax: number;
  /** After this many strikes the store is compacted. */
  compactEvery: number;
  /** After this many strikes every record and every index entry is verified. */
  verifyEvery: number;
  random(): number;
  say(line: string): void;
}

export interface Findings {
  strikes: number;
  acknowledged: number;
  retried: number;
  compactions: number;
  removed: number;
  events: number;
  /** Acknowledged events that are not there, and writers who can not go on because theirs are not. */
  lost: number;
  /** Broken promises, in words; the first of them only. */
  broken: string[];
  brokenCount: number;
}

interface Writer {
  stream: string;
  head: number;
  pending: EventData[] | undefined;
}

interface Acknowledged {
  id: string;
  stream: string;
  revision: number;
  batch: number;
}

interface Stored {
  id: string;
  stream: string;
  revision: bigint;
  position: bigint;
}

const brokenMax = 20;
const batchEventsMax = 4;
const pollMs = 5;
const prefix = 'insist-';

export const runCampaign = async (options: CampaignOptions): Promise<Findings> => {
  const campaign = new Campaign(options);
  try {
    await strikeAll(campaign, options);
    await campaign.end();
  } catch (error) {
    // A store that no longer opens is the worst of all findings.
    campaign.findings.lost += campaign.findings.acknowledged;
    campaign.break(`nothing is left: ${String(error)}`);
  }
  return campaign.findings;
};

const strikeAll = async (campaign: Campaign, options: CampaignOptions): Promise<void> => {
  for (let strike = 1; strike <= options.strikes; strike += 1) {
    await campaign.round(strike);
    if (strike % options.compactEvery === 0) await campaign.compact();
    if (strike % 10 === 0) options.say(`${strike} strikes, ${campaign.findings.acknowledged} events acknowledged`);
    if (campaign.findings.brokenCount > 0 && strike % 10 === 0) return;
  }
};

class Campaign {
  readonly findings: Findings = {
    ...{ strikes: 0, acknowledged: 0, retried: 0, compactions: 0, removed: 0, events: 0, lost: 0 },
    ...{ broken: [], brokenCount: 0 },
  };
  private readonly writers: Writer[];
  private readonly ledger: Acknowledged[] = [];
  private readonly positions = new Map<string, bigint>();
  private readonly followed: { id: string; position: Position }[] = [];
  private readonly checkpoints: Position[] = [];

  constructor(private readonly options: CampaignOptions) {
    this.writers = Array.from({ length: options.writers }, (_, n) => ({
      ...{ stream: `${prefix}${n}`, head: -1, pending: undefined },
    }));
  }

  async round(number: number): Promise<void> {
    const { options, findings } = this;
    const victim = await options.start();
    const over = new AbortController();
    const busy = this.writers.map((writer) => this.insist(writer, victim, over.signal));
    const following = this.follow(victim, Infinity, Infinity);
    const litter = this.litter(victim, `litter-${number}`);
    await Promise.race([this.underWay(over.signal), Promise.all(busy)]);
    await new Promise((resolve) => setTimeout(resolve, options.random() * options.workMsMax));
    over.abort();
    await victim.strike();
    findings.strikes += 1;
    await Promise.all([...busy, following, litter]);
    if (number % options.verifyEvery === 0) await this.examine();
  }

  // As many events as there are writers, so that a slow machine is struck in the middle of its work too.
  private async underWay(signal: AbortSignal): Promise<void> {
    const enough = this.findings.acknowledged + this.options.writers;
    while (!signal.aborted && this.findings.acknowledged < enough)
      await new Promise((resolve) => setTimeout(resolve, pollMs));
  }

  /** Cuts what was thrown away, between two strikes. */
  async compact(): Promise<void> {
    const { removed } = await compact(this.options.directory, Date.now());
    this.findings.compactions += 1;
    this.findings.removed += removed;
    await this.examine();
  }

  /** Everything that is still unanswered is sent again; then the whole log is compared with the ledger. */
  async end(): Promise<void> {
    const victim = await this.options.start();
    // A writer whose acknowledged events are gone can not go on, and says so.
    const settle = (writer: Writer): Promise<void> =>
      this.settle(writer, victim).catch((error: unknown) => this.judge(error));
    await Promise.all(this.writers.map(settle));
    const order = await this.compareLog(victim);
    // Where events are lost, others have taken their positions, and a follower has nothing to go on from.
    if (this.findings.lost === 0) await this.compareFollowers(victim, order);
    await victim.stop();
    await this.examine();
  }

  private async compareFollowers(victim: Victim, order: string[]): Promise<void> {
    await this.follow(victim, order.length, answerMsMax);
    const seen = this.followed.map(({ id, position }) => `${position.commit} ${id}`);
    const differs = order.findIndex((line, n) => line !== seen[n]);
    if (differs >= 0) this.break(`the follower saw ${seen[differs]} where ${order[differs]} is`);
    for (const checkpoint of this.checkpoints) await this.compareResumption(victim, checkpoint);
  }

  private async insist(writer: Writer, victim: Victim, signal: AbortSignal): Promise<void> {
    try {
      await this.settle(writer, victim);
      while (!signal.aborted) {
        const count = 1 + Math.floor(this.options.random() * batchEventsMax);
        writer.pending = Array.from({ length: count }, (_, n) => happened(n, writer.stream, randomUUID()));
        await this.send(writer, victim);
      }
    } catch (error) {
      this.expectOutage(error);
    }
  }

  private async settle(writer: Writer, victim: Victim): Promise<void> {
    if (!writer.pending) return;
    this.findings.retried += 1;
    await this.send(writer, victim);
  }

  private async send(writer: Writer, { client }: Victim): Promise<void> {
    const events = writer.pending!;
    const expectedRevision = writer.head < 0 ? 'no_stream' : BigInt(writer.head);
    const result = await within(
      client.appendToStream(writer.stream, events, { expectedRevision }),
      `append to ${writer.stream}`,
    );
    writer.pending = undefined;
    const head = writer.head + events.length;
    if (result.nextExpectedRevision !== BigInt(head)) {
      this.break(`${writer.stream}: acknowledged at ${result.nextExpectedRevision} where ${head} was right`);
    }
    const batch = this.findings.acknowledged;
    for (const [n, { id }] of events.entries()) {
      this.ledger.push({ id, stream: writer.stream, revision: writer.head + 1 + n, batch });
    }
    writer.head = head;
    this.findings.acknowledged += events.length;
    const last = events.at(-1)!.id;
    if (result.position) this.positions.set(last, result.position.commit);
  }

  // Thrown away as soon as it is written, for compaction to remove. Its positions are checkpoints to come back to.
  private async litter({ client }: Victim, stream: string): Promise<void> {
    try {
      const { position } = await client.appendToStream(stream, [happened(1), happened(2), happened(3)]);
      await client.deleteStream(stream);
      if (position) this.checkpoints.push(position);
    } catch (error) {
      this.expectOutage(error);
    }
  }

  private async follow(victim: Victim, until: number, msMax: number): Promise<void> {
    if (this.followed.length >= until) return;
    const fromPosition = this.followed.at(-1)?.position ?? START;
    try {
      await subscribed(victim.client, prefix, fromPosition, msMax, ({ id, position }) => {
        this.followed.push({ id, position: position! });
        return this.followed.length < until;
      });
    } catch (error) {
      this.expectOutage(error);
    }
  }

  /** @returns the order of the log, as a follower should have seen it */
  private async compareLog({ client }: Victim): Promise<string[]> {
    const written = await this.readLog(client);
    this.findings.events = written.length;
    const stored = new Map(written.map((event) => [event.id, event]));
    if (stored.size !== written.length) this.break(`${written.length - stored.size} events are stored twice`);
    for (const { id, stream, revision } of this.ledger) {
      const event = stored.get(id);
      if (!event) {
        this.findings.lost += 1;
        this.break(`lost: ${stream} ${revision}, which was acknowledged`);
      } else if (event.stream !== stream || event.revision !== BigInt(revision)) {
        this.break(`moved: ${stream} ${revision} is ${event.stream} ${event.revision}`);
      }
      const position = this.positions.get(id);
      if (event && position !== undefined && event.position !== position) {
        this.break(`${stream} ${revision} was at ${position} and is at ${event.position}`);
      }
    }
    if (stored.size !== this.ledger.length) {
      this.break(`${stored.size} events are stored, ${this.ledger.length} belong to acknowledged batches`);
    }
    return written.map(({ id, position }) => `${position} ${id}`);
  }

  // Only what is compared is kept: a long campaign writes a million events.
  private async readLog(client: EventStoreDBClient): Promise<Stored[]> {
    const written: Stored[] = [];
    try {
      for await (const { event } of client.readAll()) {
        const { id, streamId: stream, revision, position } = event!;
        if (stream.startsWith(prefix)) written.push({ id, stream, revision, position: position!.commit });
      }
    } catch (error) {
      this.break(`the log could not be read: ${String(error)}`);
    }
    return written;
  }

  private async compareResumption(victim: Victim, from: Position): Promise<void> {
    const next = this.followed.find(({ position }) => position.commit > from.commit);
    if (!next) return;
    let first: string | undefined;
    await subscribed(victim.client, prefix, from, answerMsMax, ({ id }) => {
      first = id;
      return false;
    });
    if (first !== next.id) this.break(`resumed from ${from.commit} at ${first}, not at ${next.id}`);
  }

  /** The files themselves, with nobody serving them. */
  private async examine(): Promise<void> {
    try {
      const { file, frames, close } = await takeSnapshot(this.options.directory);
      try {
        verify(file, frames);
      } finally {
        await close();
      }
    } catch (error) {
      this.break(String(error));
    }
  }

  // Struck down in the middle, a call ends in one of these; anything else is an answer that should not have come. A
  // server whose disk is cut off a moment before itself still says that it could not store.
  private expectOutage(error: unknown): void {
    const outage = /UNAVAILABLE|CANCELLED|INTERNAL|Unavailable|Cancelled|the write could not be stored|is read-only/;
    if (!outage.test(String(error))) this.judge(error);
  }

  private judge(error: unknown): void {
    if (error instanceof WrongExpectedVersionError) this.findings.lost += 1;
    this.break(String(error));
  }

  break(what: string): void {
    this.findings.brokenCount += 1;
    if (this.findings.broken.length < brokenMax) this.findings.broken.push(what);
  }
}

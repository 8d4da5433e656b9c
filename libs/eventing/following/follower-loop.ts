import { setTimeout as wait } from 'node:timers/promises';

/** Works step by step behind the projections, for as long as the worker leads. */
const idleMilliseconds = 200;
// What is worked on is folded once for all that happens to it meanwhile, and live work is not kept waiting: the more there is
// to do, the longer it rests.
const restMillisecondsMin = 150;
const restPerWorkBehindAll = 4;
const failureWaitMilliseconds = 1_000;
// While the projections have a backlog themselves, most of the time is theirs.
const restPerWorkWhileBusy = 9;
const restMillisecondsMax = 5_000;

/** What is to be done after a step, the most pressing first. */
const steps = ['more to do', 'caught up', 'nothing'] as const;
export type Step = (typeof steps)[number];

export const mostPressing = (done: readonly Step[]): Step => steps.find((step) => done.includes(step)) ?? 'nothing';

export interface Following {
  readonly leads: () => boolean;
  /** Before the first step after the lead was taken. */
  readonly onLead: () => Promise<void>;
  readonly step: () => Promise<Step>;
  /** Whether the projections are far behind: they come first. */
  readonly isBusy: () => boolean;
  /** How long it rests for each time it worked while there is more to do and nobody is busy. */
  readonly restPerWork: number;
  readonly onFailure: (error: unknown) => void;
}

/** Another worker is at the same work. */
export class MovedOn extends Error {
  override readonly name = 'MovedOn';

  constructor() {
    super('another worker has moved on');
  }
}

export class FollowerLoop {
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly following: Following) {}

  start(): void {
    this.running = this.run();
  }

  /** Something was committed: look now rather than later. */
  nudge(): void {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { leads: mayLead, onLead, step, onFailure } = this.following;
    let led = false;
    while (!this.stopped.signal.aborted)
      try {
        const leads = mayLead();
        if (leads && !led) await onLead();
        led = leads;
        const began = performance.now();
        const done = leads ? await step() : 'nothing';
        const worked = performance.now() - began;
        if (done === 'more to do') await this.giveWay(worked);
        if (done === 'caught up') await this.restAfter(worked * restPerWorkBehindAll, restMillisecondsMin);
        if (done === 'nothing') await this.idle(idleMilliseconds);
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        if (!(error instanceof MovedOn)) onFailure(error);
        await this.idle(failureWaitMilliseconds);
      }
  }

  private async giveWay(worked: number): Promise<void> {
    const { isBusy, restPerWork } = this.following;
    await this.restAfter(worked * (isBusy() ? restPerWorkWhileBusy : restPerWork));
  }

  private async restAfter(milliseconds: number, least = 0): Promise<void> {
    const rest = Math.min(Math.max(milliseconds, least), restMillisecondsMax);
    if (rest) await this.rest(rest);
  }

  /** Whatever is committed meanwhile. */
  private async rest(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }

  private async idle(milliseconds: number): Promise<void> {
    await Promise.race([this.rest(milliseconds), new Promise<void>((resolve) => (this.wake = resolve))]);
  }
}

import { randomUUID } from 'node:crypto';
import { Recorded } from '../../libs/eventing/event';
import { RequestEvent } from '../../libs/requests/events';
import { eventually } from '../faults/harness/eventually';
import { Client, serve, Served } from './served';

/**
 * A service desk whose clock a test moves: policies and calendars over HTTP, commands over HTTP at instants that enter by the clock's
 * port, events, read models, answers.
 */
export interface ClockAnswer {
  readonly metric: string;
  readonly cycle: number;
  readonly status: string;
  readonly priority: string;
  readonly policy: { readonly id: string; readonly revision: number };
  readonly calendar: { readonly id: string; readonly revision: number };
  readonly targetSeconds: number;
  readonly elapsedSeconds: number;
  readonly dueAt: string | null;
  readonly endedBy: string | null;
}
export interface ExplanationAnswer {
  readonly metric: string;
  readonly elapsedSeconds: number;
  readonly pausedSeconds: number;
  readonly intervals: readonly object[];
  readonly heldBy: object;
  readonly sentences: readonly string[];
}
export interface LevelsAnswer {
  readonly clocks: readonly ClockAnswer[];
  readonly explanations?: readonly ExplanationAnswer[];
}
export interface HistoryAnswer {
  readonly events: readonly {
    readonly type: string;
    readonly sequence: number | string;
    readonly occurredAt: string;
    readonly data: object;
  }[];
}

export const minute = 60;
export const hour = 3_600;
/** A Monday in UTC. @param time 10:00 or 10:00:05 @returns epoch milliseconds */
export const day = (time: string): number => Date.parse(`2026-02-02T${time.length === 5 ? `${time}:00` : time}Z`);
export const iso = (instant: number): string => new Date(instant).toISOString();

/** Since long before anything happens in a test. */
const long = { from: '2000-01-01T00:00:00Z' };

type Targets = Readonly<Record<string, number | readonly [calendar: string, seconds: number]>>;
const targetsOf = (targets: Targets): object =>
  Object.fromEntries(
    Object.entries(targets).map(([priority, target]) => {
      const [id, targetSeconds] = typeof target === 'number' ? ['always', target] : target;
      return [priority, { calendar: id, targetSeconds }];
    }),
  );
const base = { cancel: ['cancelled'], pause: [] };
export const response = (targets: Targets, more: object = {}) => ({
  ...{ metric: 'first-response', start: ['opened'], stop: ['staff-replied', 'resolved', 'closed'] },
  ...{ ...base, targets: targetsOf(targets), ...more },
});
export const resolution = (targets: Targets, more: object = {}) => ({
  ...{ metric: 'resolution', start: ['opened'], stop: ['resolved', 'closed'], reopens: true },
  ...{ ...base, pause: ['waiting-customer'], targets: targetsOf(targets), ...more },
});
export const next = (targets: Targets) => ({
  ...{
    metric: 'next-response',
    start: ['customer-wrote'],
    stop: ['staff-replied', 'resolved', 'closed'],
    repeats: true,
  },
  ...{ ...base, after: 'first-response', targets: targetsOf(targets) },
});
export const update = (targets: Targets) => ({
  ...{ metric: 'periodic-update', start: ['opened', 'staff-replied'], stop: ['staff-replied', 'resolved', 'closed'] },
  ...{ ...base, repeats: true, targets: targetsOf(targets) },
});

const impacts = {
  P1: ['high', 'high'],
  P2: ['high', 'medium'],
  P3: ['medium', 'medium'],
  P4: ['medium', 'low'],
} as const;
type Named = keyof typeof impacts;

export class ServiceDesk {
  private rank = 0;
  private constructor(
    readonly clock: { now: number },
    readonly server: Served,
    readonly lead: Client,
    readonly agent: Client,
    readonly customer: Client,
  ) {}

  static async open(): Promise<ServiceDesk> {
    const clock = { now: Date.parse('2026-01-05T08:00:00Z') };
    const server = await serve(() => new Date(clock.now));
    const [lead, agent] = [await server.as('lead', 'carol'), await server.as('agent', 'alice')];
    return new ServiceDesk(clock, server, lead, agent, await server.as('customer', randomUUID()));
  }

  async put(path: string, body: object): Promise<void> {
    const { status, text } = await this.lead.post(path, body);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  }

  /** @returns the calendar's id */
  async calendar(id: string, body: object): Promise<string> {
    await this.put(`/v1/calendars/${id}/draft`, body);
    await this.put(`/v1/calendars/${id}/activate`, long);
    return id;
  }

  /** A policy for one type of case, without a chain that would act on what is long past. */
  draft(id: string, clocks: readonly object[], more: object = {}): Promise<void> {
    const body = { rank: ++this.rank, match: { types: [id] }, clocks, escalation: [], ...more };
    return this.put(`/v1/service-level-policies/${id}/draft`, body);
  }

  /** @returns the type */
  async promise(id: string, clocks: readonly object[], more: object = {}): Promise<string> {
    await this.draft(id, clocks, more);
    await this.put(`/v1/service-level-policies/${id}/activate`, long);
    return id;
  }

  async case(instant: number, type: string, priority: Named = 'P3'): Promise<Case> {
    this.clock.now = instant;
    const [impact, urgency] = impacts[priority];
    const body = { subject: 'Printer', description: 'Smoke', type, impact, urgency, customer: { name: 'Ada' } };
    const { status, text, body: answer } = await this.customer.post('/v1/requests', body);
    if (status !== 201) throw new Error(`open: ${status} ${text}`);
    return new Case(this, answer.number, answer.position);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** One case, of which reads see whatever was done to it. */
export class Case {
  constructor(
    private readonly desk: ServiceDesk,
    readonly number: string,
    private position: string,
  ) {}

  async at(instant: number, verb: string, body: object = {}, who: Client = this.desk.agent): Promise<this> {
    this.desk.clock.now = instant;
    const { status, text, body: answer } = await who.post(`/v1/requests/${this.number}/${verb}`, body);
    if (status !== 200) throw new Error(`${verb}: ${status} ${text}`);
    this.position = answer.position;
    return this;
  }
  reply = (instant: number) => this.at(instant, 'respond', { text: 'We are on it' });
  write = (instant: number) => this.at(instant, 'respond', { text: 'Well?' }, this.desk.customer);
  hold = (instant: number, waitingFor = 'customer') => this.at(instant, 'hold', { reason: 'Asked', waitingFor });
  resume = (instant: number) => this.at(instant, 'resume');
  resolve = (instant: number) => this.at(instant, 'resolve', { code: 'fixed', resolution: 'Done' });
  reopen = (instant: number) => this.at(instant, 'reopen', { reason: 'Again' });
  raise = (instant: number, to: Named) =>
    this.at(instant, 'classify', { impact: impacts[to][0], urgency: impacts[to][1] });

  async levels(instant: number, query = ''): Promise<LevelsAnswer> {
    this.desk.clock.now = instant;
    const path = `/v1/requests/${this.number}/service-levels?after=${this.position}${query}`;
    return (await this.desk.agent.get<LevelsAnswer>(path)).body;
  }
  async explained(instant: number): Promise<ExplanationAnswer> {
    const [explanation] = (await this.levels(instant, '&explain=true')).explanations ?? [];
    if (!explanation) throw new Error('there is no explanation');
    return explanation;
  }
  /** The newest run of a clock as it is seen at an instant. */
  async clock(instant: number, metric = 'resolution'): Promise<ClockAnswer> {
    const found = (await this.levels(instant)).clocks.filter((each) => each.metric === metric).at(-1);
    if (!found) throw new Error(`there is no clock ${metric}`);
    return found;
  }
  async history(): Promise<HistoryAnswer['events']> {
    const path = `/v1/requests/${this.number}/history?after=${this.position}`;
    return (await this.desk.agent.get<HistoryAnswer>(path)).body.events;
  }
  /** Waits for what timers and processes write. */
  async until(type: string, count = 1): Promise<HistoryAnswer['events']> {
    let found: HistoryAnswer['events'] = [];
    await eventually(`${type} of ${this.number}`, async () => {
      found = (await this.history()).filter((event) => event.type === type);
      return found.length >= count;
    });
    return found;
  }
  /** What the log itself has. */
  log(): Promise<readonly Recorded<RequestEvent>[]> {
    return this.desk.server.beside(async ({ store, types }) =>
      (await store.read(`request-${this.number}`)).map((event) => types.decode<RequestEvent>(event)),
    );
  }
}

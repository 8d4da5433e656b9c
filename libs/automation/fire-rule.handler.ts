import { KnownCustomers } from '../customers/known-customers.adapter';
import { commandIdOf } from '../eventing/envelope';
import { streamOf } from '../eventing/event';
import { RevisionMismatch } from '../eventing/failures';
import { Engine } from '../platform/engine/engine';
import { problemFor } from '../platform/http/problem-for';
import { requestCategory } from '../requests/events';
import { KnownCases } from '../requests/known-cases.adapter';
import { RequestOrders } from '../requests/orders.adapter';
import { FiringEvent } from './events';
import { Firing, firingEvolution, recordFiring } from './firing';
import { chainOf, nameOf, Rule } from './rule';

/** What a rule reacts to. */
export interface Occasion {
  readonly number: string;
  /** Event that it follows from; the same event makes a rule give the same command for ever. */
  readonly eventId: string;
  readonly correlationId: string;
  /** Rules that led to it. */
  readonly rules: string | undefined;
  /** Revision that the case was seen at: on any other the rule is asked anew. */
  readonly revision: number;
}

const serverFault = 500;
/** Nothing is done by itself with the data of whoever has that restricted; people still answer them. */
const restricted = 'PROCESSING_RESTRICTED';

/** A process of the house, so that what it writes to a customer is no answer by staff. */
export const actorOf = ({ id }: Pick<Rule, 'id'>): string => `process:automation:${id}`;

/** Gives the command of a rule, and records what the case itself does not: that it was refused, or so already. */
export class RuleFiring {
  constructor(
    private readonly engine: Engine,
    private readonly orders: RequestOrders,
    private readonly cases: KnownCases,
    private readonly customers: KnownCustomers,
  ) {}

  /** @returns position of what was appended @throws RevisionMismatch when the case has moved on */
  async fire(rule: Rule, occasion: Occasion): Promise<bigint | undefined> {
    const { number, eventId, correlationId, rules, revision: ifMatch } = occasion;
    const caller = { id: actorOf(rule), role: 'agent' as const };
    const cause = { correlationId, causationId: eventId, rules: [...chainOf(rules), nameOf(rule)].join(' ') };
    const key = `rule:${eventId}`;
    const { verb, body } = rule.then;
    const { customer } = await this.cases.visible(number, undefined);
    if (await this.customers.isRestricted(customer)) return this.recordIdle(rule, occasion, key, restricted);
    try {
      const { position, events } = await this.orders.give({ verb, number, body, caller, cause, key, ifMatch });
      // What happened in the case is recorded from there, see `AutomationProcess`.
      return events.length ? position : await this.recordIdle(rule, occasion, key, null);
    } catch (error) {
      if (error instanceof RevisionMismatch) throw error;
      const { status, code } = problemFor(error);
      if (status >= serverFault) throw error;
      return this.recordIdle(rule, occasion, key, code);
    }
  }

  private recordIdle(rule: Rule, { number, eventId }: Occasion, key: string, code: string | null): Promise<bigint> {
    const id = commandIdOf(actorOf(rule), streamOf(requestCategory, number), key);
    const data = { rule: nameOf(rule), number, verb: rule.then.verb, cause: eventId, events: [], code };
    return this.record(id, data);
  }

  /** @param id of the command of the rule */
  async record(id: string, data: FiringEvent['data']): Promise<bigint> {
    const commandId = commandIdOf('process:automation', id, 'record');
    const now = this.engine.now().toISOString();
    const context = { actor: 'process:automation', commandId, fresh: false, correlationId: id, causationId: id };
    const { position } = await this.engine.runner.execute<Firing, FiringEvent>({
      ...{ evolution: firingEvolution, key: id, expects: 'any', body: {} },
      context: { ...context, recordedAt: now, origin: 'live' },
      decide: (state) => recordFiring(data, state),
    });
    return position;
  }
}

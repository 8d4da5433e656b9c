import { Injectable } from '@nestjs/common';
import { Standing } from '../../configuration/configuration';
import { ConfigurationBook } from '../../configuration/configuration-book.adapter';
import { CommandContext, Outcome } from '../../eventing/command-runner';
import { commandIdOf } from '../../eventing/envelope';
import { keyOf } from '../../eventing/event';
import { Engine } from '../../platform/engine/engine';
import { OpeningFacts, RequestOpening } from '../commands/open/opening.handler';
import { Exchange } from '../event-values';
import { Request, requestEvolution } from '../request';
import { RequestCommands } from '../request-commands.handler';
import { file, MessageEvent, Receipt, receiptEvolution, receive, Route } from './events';
import { fileMessage } from './file-message';

/** A message, through whichever door it came. */
export interface Arrival {
  /** Key of the stream that says where it goes. */
  readonly key: string;
  /** The same message gives the same command, whoever delivers it. */
  readonly context: CommandContext;
  /** What makes it the same message. */
  readonly body: object;
  readonly text: string;
  readonly exchange: Exchange;
  /** Where it goes when nothing was decided about it yet. */
  readonly route: () => Promise<Route>;
  /** What a new case has besides its words. */
  readonly opening: (
    route: NewCase,
    standing: Standing,
  ) => Promise<Omit<OpeningFacts, 'description' | 'exchange' | 'isUnasked'>>;
}

export type NewCase = Extract<Route, { to: 'new-case' }>;

export interface Filed {
  readonly route: Route;
  readonly number: string | null;
  readonly outcome: Outcome;
}

/**
 * Files messages.
 *
 * Guarantee: a message is filed once, however often and however much at once it is delivered, and wherever it would lead later.
 * Where it goes is decided once, in its own stream; what is done in the case has an id made from the message's. Who is answered
 * with success may forget the message; who is not delivers it again.
 */
@Injectable()
export class Filing {
  constructor(
    private readonly engine: Engine,
    private readonly requests: RequestCommands,
    private readonly opening: RequestOpening,
    private readonly configuration: ConfigurationBook,
  ) {}

  /** @throws CommandIdReused when another message came under this id */
  async file(arrival: Arrival): Promise<Filed> {
    const { route, outcome } = await this.routed(arrival);
    if (route.to === 'nobody') return { route, number: null, outcome };
    if (route.to === 'new-case') return this.openFor(arrival, route);
    const { context, body, text, exchange } = arrival;
    const message = { text, exchange, as: route.as };
    const filed = await this.requests.runIn(context, route.number, body, (state) => fileMessage(message, state));
    return { route, number: route.number, outcome: filed };
  }

  /** What a case takes over from the one that it follows up. */
  async after(followUpOf: string): Promise<Omit<OpeningFacts, 'subject' | 'description'>> {
    const before = await this.caseOf(followUpOf);
    if (before.status === 'none') throw new Error('a case that is followed up is there');
    const { type, category, product, impact, urgency, customer, assignment } = before;
    const team = assignment?.team ?? null;
    return { type, category, product, impact, urgency, customer, team, followUpOf };
  }

  async receipt(key: string): Promise<Receipt> {
    return (await this.engine.runner.load(receiptEvolution, key)).state;
  }

  async caseOf(number: string): Promise<Request> {
    return (await this.engine.runner.load(requestEvolution, number)).state;
  }

  private async routed({ key, context, route }: Arrival): Promise<{ route: Route; outcome: Outcome }> {
    const decided = (await this.receipt(key)).route ?? (await route());
    const outcome = await this.record(key, { ...context, ifMatch: undefined }, (receipt) => receive(decided, receipt));
    // Whoever delivered it at the same time may have been first.
    const { route: first } = await this.receipt(key);
    if (!first) throw new Error('a message was received and has no route');
    return { route: first, outcome };
  }

  private async openFor({ key, body, text, exchange, ...arrival }: Arrival, route: NewCase): Promise<Filed> {
    const context = { ...arrival.context, ifMatch: undefined };
    const standing = await this.configuration.standing(Date.parse(context.recordedAt));
    const found = arrival.opening(route, standing);
    const facts = found.then((known) => ({ ...known, description: text, exchange, isUnasked: true }));
    const outcome = await this.opening.begin(context, body, facts, standing);
    const number = keyOf(outcome.stream);
    const filing = { ...context, commandId: commandIdOf('inbound', 'filed', context.commandId) };
    await this.record(key, filing, (receipt) => file(number, receipt));
    return { route, number, outcome };
  }

  private record(
    key: string,
    context: CommandContext,
    decide: (receipt: Receipt) => readonly MessageEvent[],
  ): Promise<Outcome> {
    return this.engine.runner.execute<Receipt, MessageEvent>({
      ...{ evolution: receiptEvolution, key, expects: 'any' as const, body: {}, context, decide },
    });
  }
}

import { Injectable } from '@nestjs/common';
import { v5 as uuidv5 } from 'uuid';
import { ConfigurationBook } from '../../configuration/configuration-book.adapter';
import { ContactIndex } from '../../customers/contact-index.adapter';
import { CommandContext, Outcome } from '../../eventing/command-runner';
import { commandIdOf } from '../../eventing/envelope';
import { keyOf } from '../../eventing/event';
import { Caller } from '../../platform/auth/caller';
import { Engine } from '../../platform/engine/engine';
import { Directory } from '../../teams/directory.adapter';
import { OpeningFacts, RequestOpening } from '../commands/open/opening.handler';
import { Exchange } from '../events';
import { MessageIds } from '../message-ids';
import { Relations } from '../../relations/relations.adapter';
import { numberSpace } from '../number.http';
import { Request, requestEvolution } from '../request';
import { RequestCommands } from '../request-commands.handler';
import { file, MessageEvent, Receipt, receiptEvolution, receive, Route } from './events';
import { fileMessage } from './file-message';
import { InboundBody } from './inbound-body.http';
import { loopSign } from './loop-signs';
import { numbersIn } from './numbers-in-text';
import { Candidate, routeOf } from './route';
import { InboundRules } from './rules';
import { Senders } from './sender.handler';

/**
 * Takes messages in.
 *
 * Guarantee: a message is filed once, however often and however much at once it is delivered, and wherever it would lead later.
 * Where it goes is decided once, in its own stream; what is done in the case has an id made from the message's. Who is answered
 * with success may forget the message; who is not delivers it again.
 */
const subjectOfNone = '(no subject)';
const referencesLookedUp = 20;
const subjectCharactersMax = 300;

export interface Filed {
  readonly route: Route;
  readonly number: string | null;
  readonly outcome: Outcome;
}

@Injectable()
export class Inbound {
  private readonly ids: MessageIds;

  constructor(
    private readonly engine: Engine,
    private readonly requests: RequestCommands,
    private readonly opening: RequestOpening,
    private readonly contacts: ContactIndex,
    private readonly directory: Directory,
    private readonly senders: Senders,
    private readonly rules: InboundRules,
    private readonly configuration: ConfigurationBook,
    private readonly relations: Relations,
  ) {
    this.ids = new MessageIds(engine.numberKey, engine.installation);
  }

  /** @throws CommandIdReused when another message came under this id */
  async receive(caller: Caller, body: InboundBody): Promise<Filed> {
    const context = this.contextOf(caller, body.messageId);
    const { receipt, outcome } = await this.routed(context, body);
    const { route } = receipt;
    if (!route) throw new Error('a message was received and has no route');
    if (route.to === 'nobody') return { route, number: null, outcome };
    if (route.to === 'case') return { route, number: route.number, outcome: await this.fileIn(context, body, route) };
    return this.openFor(context, body, route);
  }

  private async routed(context: CommandContext, body: InboundBody): Promise<{ receipt: Receipt; outcome: Outcome }> {
    const key = this.ids.keyOf(body.messageId);
    const known = (await this.receipt(key)).route;
    const route = known ?? (await this.route(body));
    const outcome = await this.record(key, context, (receipt) => receive(route, receipt));
    return { receipt: await this.receipt(key), outcome };
  }

  private async route(body: InboundBody): Promise<Route> {
    const { from, headers = {}, inReplyTo, references = [], subject = '', text } = body;
    const isOwn = this.ids.numberIn(body.messageId) !== undefined;
    const sign = isOwn ? 'own-message' : loopSign({ from: from.email, headers }, this.rules.ownAddresses);
    const answers = [...(inReplyTo === undefined ? [] : [inReplyTo]), ...[...references].reverse()];
    const answered = await this.firstCase(answers.slice(0, referencesLookedUp), from);
    const named = answered ? undefined : await this.named(`${subject}\n${text}`, from);
    return routeOf({ sign, answered, named, replyToClosed: this.rules.replyToClosed });
  }

  private async firstCase(ids: readonly string[], from: InboundBody['from']): Promise<Candidate | undefined> {
    for (const id of ids) {
      const number = this.ids.numberIn(id) ?? (await this.receipt(this.ids.keyOf(id))).number;
      const candidate = number ? await this.candidate(number, from) : undefined;
      if (candidate) return candidate;
    }
    return undefined;
  }

  /** The first that is the sender's; otherwise the first there is. */
  private async named(text: string, from: InboundBody['from']): Promise<Candidate | undefined> {
    const candidates: Candidate[] = [];
    for (const number of numbersIn(text, numberSpace(this.engine.installation))) {
      const candidate = await this.candidate(number, from);
      if (candidate?.isFromCustomer) return candidate;
      if (candidate) candidates.push(candidate);
    }
    return candidates[0];
  }

  private async candidate(number: string, from: InboundBody['from']): Promise<Candidate | undefined> {
    const state = await this.caseOf(number);
    if (state.status === 'none') return undefined;
    const isFromCustomer = await this.senders.isCustomer(from, state.customer);
    // What is written to a case that was merged lands where it was merged into.
    const survivor = (await this.relations.merges()).survivorOf(number);
    const standing = survivor === undefined ? state : await this.caseOf(survivor);
    if (standing.status === 'none') return undefined;
    return { number: standing.number, status: standing.status, isFromCustomer };
  }

  private fileIn(
    context: CommandContext,
    body: InboundBody,
    { number, as }: Extract<Route, { to: 'case' }>,
  ): Promise<Outcome> {
    const message = { text: body.text, exchange: exchangeOf(body), as };
    return this.requests.runIn(context, number, sameMessage(body), (state) => fileMessage(message, state));
  }

  private async openFor(
    context: CommandContext,
    body: InboundBody,
    route: Extract<Route, { to: 'new-case' }>,
  ): Promise<Filed> {
    const facts = await this.factsOf(context, body, route);
    const standing = await this.configuration.standing(Date.parse(context.recordedAt));
    const outcome = await this.opening.begin(context, sameMessage(body), () => facts, standing);
    const number = keyOf(outcome.stream);
    const filing = { ...context, commandId: commandIdOf('inbound', 'filed', body.messageId) };
    await this.record(this.ids.keyOf(body.messageId), filing, (receipt) => file(number, receipt));
    return { route, number, outcome };
  }

  private async factsOf(
    { commandId }: CommandContext,
    body: InboundBody,
    { followUpOf }: Extract<Route, { to: 'new-case' }>,
  ): Promise<OpeningFacts> {
    const { from, subject = subjectOfNone, text, intake = {} } = body;
    const { type = 'incident', impact = 'medium', urgency = 'medium', team } = intake;
    const before = followUpOf === null ? undefined : await this.caseOf(followUpOf);
    const said = { subject: [...subject].slice(0, subjectCharactersMax).join(''), description: text };
    const exchange = exchangeOf(body);
    if (before && before.status !== 'none' && followUpOf !== null)
      return {
        ...{ type: before.type, category: before.category, product: before.product },
        ...{ impact: before.impact, urgency: before.urgency, team: before.assignment?.team ?? null },
        ...{ ...said, customer: before.customer, exchange, followUpOf, isUnasked: true },
      };
    const contact = {
      name: from.name ?? from.email ?? from.phone ?? from.address ?? '?',
      email: from.email,
      phone: from.phone,
    };
    const customer = await this.contacts.findOrClaim(from.email, uuidv5('customer', commandId));
    const known = team === undefined ? null : await this.directory.knownTeam(team, '/intake/team');
    const words = { type, impact, urgency, category: null, product: null };
    return { ...said, ...words, team: known, customer, contact, exchange, isUnasked: true };
  }

  private async caseOf(number: string): Promise<Request> {
    return (await this.engine.runner.load(requestEvolution, number)).state;
  }

  private async receipt(key: string): Promise<Receipt> {
    return (await this.engine.runner.load(receiptEvolution, key)).state;
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

  /** The same message gives the same command, whoever delivers it. */
  private contextOf(caller: Caller, messageId: string): CommandContext {
    const commandId = commandIdOf('inbound', 'message', messageId);
    return {
      ...{ actor: caller.id, commandId, fresh: false, correlationId: commandId, causationId: commandId },
      ...{ recordedAt: this.engine.now().toISOString(), origin: 'live' },
    };
  }
}

/** What makes it the same message; headers are added on the way. */
const sameMessage = ({ messageId, channel, from, subject, text }: InboundBody): object => ({
  verb: 'receive',
  ...{ messageId, channel, from: { ...from }, subject, text },
});

const exchangeOf = ({ channel, from, to, messageId, inReplyTo }: InboundBody): Exchange => ({
  ...{ channel, direction: 'in' as const, messageId, inReplyTo },
  from: { name: from.name, address: from.email ?? from.phone ?? from.address },
  to: to?.map(({ name, address }) => ({ name, address })),
});

import { Injectable } from '@nestjs/common';
import { v5 as uuidv5 } from 'uuid';
import { Standing } from '../../configuration/configuration';
import { refuseFaults, wordFaults } from '../../configuration/words';
import { ContactIndex } from '../../customers/contact-index.adapter';
import { CommandContext } from '../../eventing/command-runner';
import { commandIdOf } from '../../eventing/envelope';
import { Caller } from '../../platform/auth/caller';
import { Engine } from '../../platform/engine/engine';
import { Relations } from '../../relations/relations.adapter';
import { under } from '../../service-levels/fault';
import { Directory } from '../../teams/directory.adapter';
import { OpeningFacts } from '../commands/open/opening.handler';
import { Exchange } from '../event-values';
import { MessageIds } from '../../channels/message-ids';
import { numberSpace } from '../number.http';
import { Reopening } from '../reopening';
import { Route } from './events';
import { Filed, Filing } from './filing.handler';
import { InboundBody } from './inbound-body.http';
import { loopSign } from './loop-signs';
import { numbersIn } from './numbers-in-text';
import { Candidate, routeOf } from './route';
import { InboundRules } from './rules';
import { Senders } from './sender.handler';

const subjectOfNone = '(no subject)';
const referencesLookedUp = 20;
const subjectCharactersMax = 300;

/** Takes in what was fetched from the channels: finds out where each message goes. */
@Injectable()
export class Inbound {
  private readonly ids: MessageIds;

  constructor(
    private readonly engine: Engine,
    private readonly filing: Filing,
    private readonly contacts: ContactIndex,
    private readonly directory: Directory,
    private readonly senders: Senders,
    private readonly rules: InboundRules,
    private readonly reopening: Reopening,
    private readonly relations: Relations,
  ) {
    this.ids = new MessageIds(engine.numberKey, engine.installation);
  }

  /** @throws CommandIdReused when another message came under this id */
  async receive(caller: Caller, body: InboundBody): Promise<Filed> {
    const context = this.contextOf(caller, body.messageId);
    const { subject = subjectOfNone, text } = body;
    return this.filing.file({
      ...{ key: this.ids.keyOf(body.messageId), context, body: sameMessage(body), text, exchange: exchangeOf(body) },
      route: () => this.route(body),
      opening: async ({ followUpOf }, standing) => ({
        ...(await (followUpOf === null ? this.intake(context, body, standing) : this.filing.after(followUpOf))),
        subject: [...subject].slice(0, subjectCharactersMax).join(''),
      }),
    });
  }

  private async route(body: InboundBody): Promise<Route> {
    const { from, headers = {}, inReplyTo, references = [], subject = '', text } = body;
    const isOwn = this.ids.numberIn(body.messageId) !== undefined;
    const sign = isOwn ? 'own-message' : loopSign({ from: from.email, headers }, this.rules.ownAddresses);
    const answers = [...(inReplyTo === undefined ? [] : [inReplyTo]), ...[...references].reverse()];
    const answered = await this.firstCase(answers.slice(0, referencesLookedUp), from);
    const named = answered ? undefined : await this.named(`${subject}\n${text}`, from);
    return routeOf({ sign, answered, named });
  }

  private async firstCase(ids: readonly string[], from: InboundBody['from']): Promise<Candidate | undefined> {
    for (const id of ids) {
      const number = this.ids.numberIn(id) ?? (await this.filing.receipt(this.ids.keyOf(id))).number;
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
    const state = await this.filing.caseOf(number);
    if (state.status === 'none') return undefined;
    const isFromCustomer = await this.senders.isCustomer(from, state.customer);
    // What is written to a case that was merged lands where it was merged into.
    const survivor = (await this.relations.merges()).survivorOf(number);
    const standing = survivor === undefined ? state : await this.filing.caseOf(survivor);
    if (standing.status === 'none') return undefined;
    const isOpenToCustomer = this.reopening.allows(standing, this.engine.now().getTime());
    return { number: standing.number, isFromCustomer, isOpenToCustomer };
  }

  private async intake(
    { commandId }: CommandContext,
    { from, intake = {} }: InboundBody,
    standing: Standing,
  ): Promise<Omit<OpeningFacts, 'subject' | 'description'>> {
    const { type = 'incident', impact = 'medium', urgency = 'medium', team } = intake;
    refuseFaults(under('/intake', wordFaults(standing, { types: intake.type })));
    const contact = {
      name: from.name ?? from.email ?? from.phone ?? from.address ?? '?',
      email: from.email,
      phone: from.phone,
    };
    const customer = await this.contacts.findOrClaim(from.email, uuidv5('customer', commandId));
    const known = team === undefined ? null : await this.directory.activeTeam(team, '/intake/team');
    return { type, impact, urgency, category: null, product: null, team: known, customer, contact };
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

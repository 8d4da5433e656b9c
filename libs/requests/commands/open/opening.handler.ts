import { Injectable } from '@nestjs/common';
import { v5 as uuidv5 } from 'uuid';
import { Standing } from '../../../configuration/configuration';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { comparable } from '../../../configuration/words';
import { ContactIndex } from '../../../customers/contact-index.adapter';
import { CommandContext, Outcome } from '../../../eventing/command-runner';
import { Rejection } from '../../../eventing/rejection';
import { settled } from '../../../eventing/settled';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { Directory } from '../../../teams/directory.adapter';
import { ContactDetails } from '../../event-values';
import { NewRequests } from '../../new-requests.handler';
import { open, OpenRequest } from './open';
import { OpenBody } from './open-body.http';

export type OpeningFacts = Omit<OpenRequest, 'number' | 'segment'>;

interface Who {
  readonly customer: string;
  readonly contact?: ContactDetails | undefined;
}

/** Opens cases: finds whom the case is for. */
@Injectable()
export class RequestOpening {
  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
    private readonly contacts: ContactIndex,
    private readonly requests: NewRequests,
    private readonly configuration: ConfigurationBook,
  ) {}

  /** @throws Rejection UNKNOWN_CUSTOMER, UNKNOWN_TEAM, CUSTOMER_REQUIRED; CommandIdReused; Unavailable */
  async open(caller: Caller, headers: CommandHeaders, body: OpenBody, now: Date): Promise<Outcome> {
    if (headers.ifMatch !== undefined)
      throw new Rejection('INVALID_IF_MATCH', 'a request that is not open yet has no revision');
    const context = contextOf({ caller, target: 'requests', headers, now });
    const standing = await this.configuration.standing(now.getTime());
    const found = this.factsOf(caller, body, context);
    return this.begin(context, { verb: 'open', ...body, fields: comparable(body.fields) }, found, standing);
  }

  /** Opens a case, also one that nobody ordered by `open`, since a message came in. @param found rejects with what it is refused for */
  async begin(
    context: CommandContext,
    body: object,
    found: Promise<OpeningFacts>,
    standing: Standing,
  ): Promise<Outcome> {
    // A retry answers as the first time, also when whom it names was erased since: a refusal waits until it is known that this is none.
    const facts = await settled(this.withSegment(found, standing));
    return this.requests.begin({
      ...{ context, body, facts },
      decide: (known, number, state) => open({ ...known, number }, state, standing),
    });
  }

  private async withSegment(found: Promise<OpeningFacts>, standing: Standing): Promise<Omit<OpenRequest, 'number'>> {
    const facts = await found;
    return { ...facts, segment: await this.requests.segmentOf(facts, standing) };
  }

  private async factsOf(caller: Caller, body: OpenBody, context: CommandContext): Promise<OpeningFacts> {
    const [who, team] = await Promise.all([
      this.who(caller, body, context),
      body.team === undefined ? null : this.directory.activeTeam(body.team, '/team'),
    ]);
    const { subject, description, type, impact, urgency, category = null, product = null, fields } = body;
    return { subject, description, type, impact, urgency, category, product, fields, team, ...who };
  }

  private async who({ id, role }: Caller, { customer }: OpenBody, { commandId }: CommandContext): Promise<Who> {
    const contact =
      customer.name === undefined ? undefined : { name: customer.name, email: customer.email, phone: customer.phone };
    if (role === 'customer') return { customer: id, contact };
    if (customer.id !== undefined && contact)
      throw wrongCustomer('CUSTOMER_AMBIGUOUS', 'give an id or a description, not both');
    if (customer.id !== undefined) return { customer: await this.known(customer.id.toLowerCase()) };
    if (!contact) throw wrongCustomer('CUSTOMER_REQUIRED', 'give the id of a customer, or at least a name');
    // A customer who is new gets an id that a retry of this very command gives again.
    const fresh = uuidv5('customer', commandId);
    return { customer: await this.contacts.findOrClaim(contact.email, fresh), contact };
  }

  private async known(id: string): Promise<string> {
    const key = (await this.engine.keys.find('person_key', [id])).get(id);
    if (key instanceof Buffer && !(await this.isOurs(id))) return id;
    const code = key === 'destroyed' ? 'CUSTOMER_ERASED' : 'UNKNOWN_CUSTOMER';
    throw wrongCustomer(code, 'no customer is known under this id');
  }

  /** Staff and teams have keys too, but nobody opens a case for them under that id. */
  private async isOurs(id: string): Promise<boolean> {
    const [staff, team] = await Promise.all([this.directory.staff(id), this.directory.team(id)]);
    return staff.status !== 'unknown' || team.status !== 'unknown';
  }
}

const wrongCustomer = (code: string, detail: string): Rejection =>
  new Rejection(code, detail, [{ pointer: '/customer', code, detail }]);

import { Injectable } from '@nestjs/common';
import { Standing } from '../../../configuration/configuration';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { Outcome } from '../../../eventing/command-runner';
import { streamOf } from '../../../eventing/event';
import { NotFound, RevisionMismatch } from '../../../eventing/failures';
import { Rejection } from '../../../eventing/rejection';
import { settled } from '../../../eventing/settled';
import { erased, redacted } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { Relations } from '../../../relations/relations.adapter';
import { Directory } from '../../../teams/directory.adapter';
import { correctRequest } from '../../corrections';
import { requestCategory, RequestEvent } from '../../events';
import { NewRequests } from '../../new-requests.handler';
import { Request, requestEvolution } from '../../request';
import { CommandTarget } from '../../request-commands.handler';
import { Message, messagesAt, nothingToSplit, split, SplitRequest } from './split';
import { SplitBody } from './split-body.http';

type Facts = Omit<SplitRequest, 'number'>;

/** Makes another request of messages. Their texts are sealed anew, under the key of the same customer. */
@Injectable()
export class RequestSplitting {
  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
    private readonly relations: Relations,
    private readonly requests: NewRequests,
    private readonly configuration: ConfigurationBook,
  ) {}

  /** @throws NotFound; Rejection NOTHING_TO_SPLIT, REQUEST_MERGED, UNKNOWN_TEAM, PERSON_ERASED; CommandIdReused; Unavailable */
  async split({ number, verb, caller, headers }: CommandTarget, body: SplitBody): Promise<Outcome> {
    const now = this.engine.now();
    const standing = await this.configuration.standing(now.getTime());
    const target = `${streamOf(requestCategory, number)} split`;
    const context = contextOf({ caller, target, headers, now });
    return this.requests.begin({
      context: { ...context, ifMatch: undefined },
      body: { verb, ...body },
      facts: await settled(this.factsOf(number, body, headers.ifMatch, standing)),
      decide: (facts, fresh, state) => split({ ...facts, number: fresh }, state, standing),
    });
  }

  private async factsOf(
    number: string,
    body: SplitBody,
    ifMatch: number | undefined,
    standing: Standing,
  ): Promise<Facts> {
    const [{ state, revision }, merges, stored] = await Promise.all([
      this.engine.runner.load<Request, RequestEvent>(requestEvolution, number),
      this.relations.merges(),
      this.engine.store.read(streamOf(requestCategory, number)),
    ]);
    if (state.status === 'none') throw new NotFound();
    if (ifMatch !== undefined && ifMatch !== revision) throw new RevisionMismatch(revision);
    merges.assertStands(number);
    const events = stored.map((event) => this.engine.types.decode<RequestEvent>(event));
    const messages = await this.opened(messagesAt(correctRequest(events), body.revisions), body.revisions);
    const { type, category, product, impact, urgency, customer, assignment } = state;
    const asBefore = { type, category, product, impact, urgency };
    const asked =
      body.team === undefined ? (assignment?.team ?? null) : await this.directory.activeTeam(body.team, '/team');
    const { subject, description = textOf(messages[0]), revisions: _revisions, team: _team, ...classification } = body;
    return {
      ...{ ...asBefore, ...classification, from: number, subject, description, customer, messages },
      words: { types: body.type, categories: body.category, products: body.product },
      team: asked,
      segment: await this.requests.segmentOf({ customer, team: asked }, standing),
    };
  }

  private async opened(messages: readonly Message[], revisions: readonly number[]): Promise<readonly Message[]> {
    const readable = await this.engine.unsealer.open(messages, true);
    return readable.map((message): Message => {
      if (message.text === erased) throw new Rejection('PERSON_ERASED', 'whose words these are was erased');
      if (message.text === redacted)
        throw nothingToSplit(revisions.indexOf(message.revision), `the text of event ${message.revision} was redacted`);
      return message;
    });
  }
}

const textOf = (message: Message | undefined): string => (typeof message?.text === 'string' ? message.text : '');

import { Body, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { Outcome } from '../../eventing/command-runner';
import { keyOf, streamOf } from '../../eventing/event';
import { NotFound, RevisionMismatch } from '../../eventing/failures';
import { Engine } from '../../platform/engine/engine';
import { contextOf } from '../../platform/http/command-context';
import { Text } from '../../platform/http/text';
import { Relations } from '../../relations/relations.adapter';
import { RequestController, RequestRoute, Target } from '../command.http';
import { requestCategory } from '../events';
import { MessageIds } from '../../channels/message-ids';
import { Reopening } from '../reopening';
import { requestEvolution } from '../request';
import { CommandTarget, RequestCommand, RequestCommands } from '../request-commands.handler';
import { textLimits } from '../text-limits';
import { Route } from './events';
import { Filing } from './filing.handler';
import { routeOf } from './route';

export class FollowUpBody {
  @Text(textLimits.text)
  readonly text: string;

  /** Of the request that is opened when this one has ended for good. */
  @Text({ ...textLimits.subject, optional: true })
  readonly subject?: string;
}

export class FollowUpCommand extends RequestCommand<FollowUpBody> {}

@RequestController()
export class FollowUpController {
  constructor(private readonly bus: CommandBus) {}

  /** Answers with the number of the request that has the message: this one, taken up again if need be, or one that follows it up. */
  @RequestRoute('follow-up', ['customer'])
  @ApiOperation({
    operationId: 'followUpRequest',
    summary: 'Says something more about it: it is taken up again, or another one follows it up.',
  })
  async followUp(
    @Target() target: CommandTarget,
    @Body() body: FollowUpBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Outcome> {
    const outcome = await this.bus.execute<FollowUpCommand, Outcome>(new FollowUpCommand(target, body));
    void reply.header('location', `/v1/requests/${keyOf(outcome.stream)}`);
    return outcome;
  }
}

/** What customers say in the portal goes the way of what they send: the same question where it belongs, asked once. */
@CommandHandler(FollowUpCommand)
export class FollowUpHandler implements ICommandHandler<FollowUpCommand, Outcome> {
  private readonly ids: MessageIds;

  constructor(
    private readonly engine: Engine,
    private readonly requests: RequestCommands,
    private readonly filing: Filing,
    private readonly relations: Relations,
    private readonly reopening: Reopening,
  ) {
    this.ids = new MessageIds(engine.numberKey, engine.installation);
  }

  /** @throws NotFound; Rejection REQUEST_MERGED with the number of the case that stands for this one; RevisionMismatch */
  async execute({ target: { number, verb, caller, headers }, body }: FollowUpCommand): Promise<Outcome> {
    await this.requests.load(number, caller);
    const now = this.engine.now();
    const context = contextOf({ caller, target: `${streamOf(requestCategory, number)} ${verb}`, headers, now });
    const { outcome } = await this.filing.file({
      ...{ key: this.ids.keyOf(context.commandId), context, body: { verb, ...body }, text: body.text },
      exchange: { channel: 'portal', direction: 'in' },
      route: () => this.route(number, now.getTime(), headers.ifMatch),
      opening: async () => ({
        ...(await this.filing.after(number)),
        subject: body.subject ?? `Follow-up of ${number}`,
      }),
    });
    return outcome;
  }

  private async route(number: string, at: number, ifMatch: number | undefined): Promise<Route> {
    const [{ state, revision }, merges] = await Promise.all([
      this.engine.runner.load(requestEvolution, number),
      this.relations.merges(),
    ]);
    if (state.status === 'none') throw new NotFound();
    if (ifMatch !== undefined && ifMatch !== revision) throw new RevisionMismatch(revision);
    merges.assertStands(number);
    const answered = { number, isFromCustomer: true, isOpenToCustomer: this.reopening.allows(state, at) };
    return routeOf({ sign: undefined, answered, named: undefined });
  }
}

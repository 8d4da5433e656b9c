import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { routingAt } from '../../../configuration/configuration';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { asksForSegments } from '../../../configuration/routing-rules';
import { comparable } from '../../../configuration/words';
import { CustomerSegments } from '../../../customers/segments.adapter';
import { Engine } from '../../../platform/engine/engine';
import { ClassificationBody, Fields } from '../../classification-body.http';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { classify } from './classify';

export class ClassifyBody extends ClassificationBody {
  @Fields()
  readonly fields?: Readonly<Record<string, unknown>>;
}

export class ClassifyCommand extends RequestCommand<ClassifyBody> {}

@RequestController()
export class ClassifyController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('classify', mayOrder.classify)
  @ApiOperation({ operationId: 'classifyRequest', summary: 'Says what kind it is and how much it matters.' })
  classify(@Target() target: CommandTarget, @Body() body: ClassifyBody): Promise<Outcome> {
    return this.bus.execute(new ClassifyCommand(target, body));
  }
}

@CommandHandler(ClassifyCommand)
export class ClassifyHandler implements ICommandHandler<ClassifyCommand, Outcome> {
  constructor(
    private readonly requests: RequestCommands,
    private readonly configuration: ConfigurationBook,
    private readonly segments: CustomerSegments,
    private readonly engine: Engine,
  ) {}

  async execute({ target, body }: ClassifyCommand): Promise<Outcome> {
    const now = await this.configuration.standing(this.engine.now().getTime());
    const segment = asksForSegments(routingAt(now).body) ? await this.segmentOf(target) : null;
    return this.requests.run(target, { ...body, fields: comparable(body.fields) }, (state, standing) =>
      classify({ ...body, segment }, state, standing),
    );
  }

  private async segmentOf({ number, caller }: CommandTarget): Promise<string | null> {
    const state = await this.requests.load(number, caller);
    return state.status === 'none' ? null : this.segments.of(state.customer);
  }
}

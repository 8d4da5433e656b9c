import { Injectable } from '@nestjs/common';
import { routingAt, Standing } from '../configuration/configuration';
import { asksForSegments } from '../configuration/routing-rules';
import { CustomerSegments } from '../customers/segments.adapter';
import { CommandContext, Decided, Outcome } from '../eventing/command-runner';
import { Engine } from '../platform/engine/engine';
import { underFreeNumber } from '../platform/engine/free-number';
import { RequestEvent } from './events';
import { NameEvents, Promises } from './promises.handler';
import { Request, requestEvolution } from './request';
import { requestPrefix } from './vocabulary';

export interface NewRequest<Facts> {
  readonly context: CommandContext;
  readonly body: object;
  /** What was found out first; throws what the command is refused for, unless it is a retry. */
  readonly facts: () => Facts;
  readonly decide: (facts: Facts, number: string, state: Request) => readonly Decided<RequestEvent>[];
}

/** Begins cases: makes the number, and takes the next one when it is somebody else's. */
@Injectable()
export class NewRequests {
  constructor(
    private readonly engine: Engine,
    private readonly promises: Promises,
    private readonly segments: CustomerSegments,
  ) {}

  /** Which kind of customer a case is for, when rules that are to choose its team ask for that. */
  async segmentOf(
    { customer, team }: { readonly customer: string; readonly team: string | null },
    standing: Standing,
  ): Promise<string | null> {
    const isAsked = team === null && asksForSegments(routingAt(standing).body);
    return isAsked ? this.segments.of(customer) : null;
  }

  begin<Facts extends { readonly customer: string }>(order: NewRequest<Facts>): Promise<Outcome> {
    const at = Date.parse(order.context.recordedAt);
    return this.promises.begin(order.facts, at, (name) => this.takeNumber(order, name));
  }

  private takeNumber<Facts>({ context, body, facts, decide }: NewRequest<Facts>, name: NameEvents): Promise<Outcome> {
    return underFreeNumber(this.engine, requestPrefix, context.commandId, (number) =>
      this.engine.runner.execute<Request, RequestEvent>({
        ...{ evolution: requestEvolution, key: number, expects: 'new', body, context },
        decide: (state) => name(decide(facts(), number, state), state),
      }),
    );
  }
}

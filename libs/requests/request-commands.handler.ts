import { Injectable } from '@nestjs/common';
import { Standing } from '../configuration/configuration';
import { ConfigurationBook } from '../configuration/configuration-book.adapter';
import { CommandContext, Decided, Outcome } from '../eventing/command-runner';
import { streamOf } from '../eventing/event';
import { NotFound } from '../eventing/failures';
import { Caller } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { Cause, CommandHeaders, contextOf } from '../platform/http/command-context';
import { requestCategory, RequestEvent } from './events';
import { Promises } from './promises.handler';
import { Request, requestEvolution } from './request';

/** Whom a command comes from and which case it is for, as the route saw it. */
export interface CommandTarget {
  /** Exact. */
  readonly number: string;
  readonly verb: string;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
  /** What it follows from, when it did not come in by a route. */
  readonly cause?: Cause;
}

/** An order for one case. Each verb has a class of its own, which the command bus knows its handler by. */
export abstract class RequestCommand<Body extends object> {
  constructor(
    readonly target: CommandTarget,
    readonly body: Body,
  ) {}
}

/** Runs the rule of a command on the case that it is for. */
@Injectable()
export class RequestCommands {
  constructor(
    private readonly engine: Engine,
    private readonly promises: Promises,
    private readonly configuration: ConfigurationBook,
  ) {}

  /** @throws NotFound for a number that nobody holds, or whose case this caller may not know of */
  async run(
    { number, verb, caller, headers, cause }: CommandTarget,
    body: object,
    decide: (state: Request, standing: Standing) => readonly Decided<RequestEvent>[],
  ): Promise<Outcome> {
    const target = streamOf(requestCategory, number);
    const context = contextOf({ caller, target, headers, now: this.engine.now(), cause });
    return this.runIn(context, number, { verb, ...body }, (state, standing) => {
      this.assertVisible(caller, state);
      return decide(state, standing);
    });
  }

  /** For a command that has an id of its own. @throws NotFound for a number that nobody holds */
  async runIn(
    context: CommandContext,
    number: string,
    body: object,
    decide: (state: Request, standing: Standing) => readonly Decided<RequestEvent>[],
  ): Promise<Outcome> {
    const at = Date.parse(context.recordedAt);
    const standing = await this.configuration.standing(at);
    const name = await this.promises.onCase(at, () => this.customerOf(number));
    return this.engine.runner.execute<Request, RequestEvent>({
      evolution: requestEvolution,
      key: number,
      expects: 'existing',
      body,
      context,
      decide: (state) => name(decide(state, standing), state),
    });
  }

  /** The case as the log has it now. @throws NotFound */
  async load(number: string, caller: Caller): Promise<Request> {
    const { state } = await this.engine.runner.load(requestEvolution, number);
    this.assertVisible(caller, state);
    return state;
  }

  private async customerOf(number: string): Promise<string | undefined> {
    const { state } = await this.engine.runner.load(requestEvolution, number);
    return state.status === 'none' ? undefined : state.customer;
  }

  private assertVisible({ role, id }: Caller, state: Request): void {
    if (state.status === 'none' || (role === 'customer' && state.customer !== id)) throw new NotFound();
  }
}

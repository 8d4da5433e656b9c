import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Standing } from '../configuration/configuration';
import { ConfigurationBook } from '../configuration/configuration-book.adapter';
import { CommandContext, Decided, Outcome } from '../eventing/command-runner';
import { streamOf } from '../eventing/event';
import { NotFound, Unavailable } from '../eventing/failures';
import { Caller } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { Cause, contextOf } from '../platform/http/command-context';
import { NumberedTarget } from '../platform/http/typed-number.http';
import { Merges, Relations } from '../relations/relations.adapter';
import { RelationCarrier } from './carrying.handler';
import { requestCategory, RequestEvent } from './events';
import { Promises } from './promises.handler';
import { Request, requestEvolution } from './request';

/** Whom a command comes from and which case it is for, as the route saw it. */
export interface CommandTarget extends NumberedTarget {
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

/** It was unmerged, and its own history does not say so yet. */
class NotSettled extends Error {
  override readonly name = 'NotSettled';
}

const settlesMillisecondsMax = 2_000;
const lookEveryMilliseconds = 20;
// The process that carries it is there first, unless it has much to do.
const helpsAfterMilliseconds = 100;
// What privacy asks for waits for no unmerge, and what was sent before a merge is reported where it was written.
const reachMerged: ReadonlySet<string> = new Set(['redact', 'report-delivery']);

// Otherwise the open case of somebody who was erased could never end.
const endUnsaid: ReadonlySet<string> = new Set(['cancel']);

type Rule = (state: Request, standing: Standing) => readonly Decided<RequestEvent>[];
type RuleAmongMerges = (state: Request, standing: Standing, merges: Merges) => readonly Decided<RequestEvent>[];

interface Order {
  readonly context: CommandContext;
  readonly number: string;
  readonly body: object;
  readonly wordsMayBeLost?: boolean;
}

/** Runs the rule of a command on the case that it is for. */
@Injectable()
export class RequestCommands {
  constructor(
    private readonly engine: Engine,
    private readonly promises: Promises,
    private readonly configuration: ConfigurationBook,
    private readonly relations: Relations,
    private readonly carrier: RelationCarrier,
  ) {}

  /**
   * @throws NotFound for a number that nobody holds, or whose case this caller may not know of
   * @throws Rejection REQUEST_MERGED with the number of the case that stands for this one
   */
  run({ number, verb, caller, headers, cause }: CommandTarget, body: object, decide: Rule): Promise<Outcome> {
    const target = streamOf(requestCategory, number);
    const context = contextOf({ caller, target, headers, now: this.engine.now(), cause });
    const wordsMayBeLost = endUnsaid.has(verb);
    return this.settled({ context, number, body: { verb, ...body }, wordsMayBeLost }, (state, standing, merges) => {
      this.assertVisible(caller, state);
      if (!reachMerged.has(verb)) assertStands(merges, state);
      return decide(state, standing);
    });
  }

  /** For a command that has an id of its own. @throws NotFound for a number that nobody holds; Rejection REQUEST_MERGED */
  runIn(context: CommandContext, number: string, body: object, decide: Rule): Promise<Outcome> {
    return this.settled({ context, number, body }, (state, standing, merges) => {
      assertStands(merges, state);
      return decide(state, standing);
    });
  }

  /** A case that was just unmerged is waited for, bounded; when that takes long, whoever waits sees to it. */
  private async settled(order: Order, decide: RuleAmongMerges): Promise<Outcome> {
    const began = performance.now();
    for (;;)
      try {
        return await this.attempt(order, decide);
      } catch (error) {
        if (!(error instanceof NotSettled)) throw error;
        const waited = performance.now() - began;
        if (waited > settlesMillisecondsMax)
          throw new Unavailable('not-done', 'its unmerging is not carried out yet', error);
        if (waited > helpsAfterMilliseconds) await this.carrier.finishUnmerging(order.number);
        await wait(lookEveryMilliseconds);
      }
  }

  private async attempt(
    { context, number, body, wordsMayBeLost = false }: Order,
    decide: RuleAmongMerges,
  ): Promise<Outcome> {
    const at = Date.parse(context.recordedAt);
    const [standing, name, merges] = await Promise.all([
      this.configuration.standing(at),
      this.promises.onCase(at, () => this.customerOf(number)),
      this.relations.merges(),
    ]);
    return this.engine.runner.execute<Request, RequestEvent>({
      ...{ evolution: requestEvolution, key: number, expects: 'existing', body, context, wordsMayBeLost },
      decide: (state) => name(decide(state, standing, merges), state),
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

/** Whether it was merged says the stream of all merges; the case's own history follows it. */
const assertStands = (merges: Merges, state: Request): void => {
  if (state.status === 'none') return;
  merges.assertStands(state.number);
  if (state.mergedInto !== null) throw new NotSettled();
};

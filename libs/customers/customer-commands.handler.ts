import { Injectable } from '@nestjs/common';
import { Decided, Outcome } from '../eventing/command-runner';
import { streamOf } from '../eventing/event';
import { NotFound } from '../eventing/failures';
import { Caller } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { CommandHeaders, contextOf } from '../platform/http/command-context';
import { Customer, customerEvolution } from './customer';
import { customerCategory, CustomerEvent } from './events';

/** Whom a command comes from and which customer it is for, as the route saw it. */
export interface CustomerTarget {
  readonly id: string;
  readonly verb: string;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

/** An order for one customer. Each verb has a class of its own, which the command bus knows its handler by. */
export abstract class CustomerCommand<Body extends object> {
  constructor(
    readonly target: CustomerTarget,
    readonly body: Body,
  ) {}
}

/** A customer knows nobody but themselves. @throws NotFound */
export const assertOwn = ({ role, id: caller }: Caller, id: string): void => {
  if (role === 'customer' && caller !== id) throw new NotFound();
};

/** Runs the rule of a command on the customer that it is for. What is done to a merged record stays with that record. */
@Injectable()
export class CustomerCommands {
  constructor(private readonly engine: Engine) {}

  /** @throws NotFound for an id that nobody has, or that this caller may not know of */
  async run(
    { id, verb, caller, headers }: CustomerTarget,
    body: object,
    decide: (state: Customer, now: string) => readonly Decided<CustomerEvent>[],
  ): Promise<Outcome> {
    assertOwn(caller, id);
    const now = this.engine.now();
    return this.engine.runner.execute({
      ...{ evolution: customerEvolution(id), key: id, expects: 'existing' as const, body: { verb, ...body } },
      context: contextOf({ caller, target: streamOf(customerCategory, id), headers, now }),
      decide: (state) => decide(state, now.toISOString()),
    });
  }

  /** The customer as the log has it now. @throws NotFound */
  async load(id: string): Promise<Customer> {
    const { state } = await this.engine.runner.load(customerEvolution(id), id);
    if (state.status === 'unknown') throw new NotFound();
    return state;
  }
}

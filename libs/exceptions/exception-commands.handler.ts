import { Injectable } from '@nestjs/common';
import { Decided, Outcome } from '../eventing/command-runner';
import { streamOf } from '../eventing/event';
import { NotFound } from '../eventing/failures';
import { Engine } from '../platform/engine/engine';
import { contextOf } from '../platform/http/command-context';
import { NumberedTarget } from '../platform/http/typed-number.http';
import { exceptionCategory, ExceptionEvent } from './events';
import { ExceptionCase, exceptionEvolution } from './exception';

/** Whom a command comes from and which exception it is for, as the route saw it. */
export type ExceptionTarget = NumberedTarget;

/** An order for one exception. Each verb has a class of its own, which the command bus knows its handler by. */
export abstract class ExceptionCommand<Body extends object> {
  constructor(
    readonly target: ExceptionTarget,
    readonly body: Body,
  ) {}
}

/** Who gives a command, and when: RFC 3339. */
export interface Given {
  readonly by: string;
  readonly now: string;
}

// Otherwise what was open of somebody who was erased could never end.
const endUnsaid: ReadonlySet<string> = new Set(['withdraw']);

/** Runs the rule of a command on the exception that it is for. */
@Injectable()
export class ExceptionCommands {
  constructor(private readonly engine: Engine) {}

  /** @throws NotFound for a number that nobody holds, or whose exception this caller may not know of */
  run(
    { number, verb, caller, headers }: ExceptionTarget,
    body: object,
    decide: (state: ExceptionCase, given: Given) => readonly Decided<ExceptionEvent>[],
  ): Promise<Outcome> {
    const now = this.engine.now();
    const given = { by: caller.id, now: now.toISOString() };
    return this.engine.runner.execute<ExceptionCase, ExceptionEvent>({
      evolution: exceptionEvolution,
      key: number,
      expects: 'existing',
      body: { verb, ...body },
      wordsMayBeLost: endUnsaid.has(verb),
      context: contextOf({ caller, target: streamOf(exceptionCategory, number), headers, now }),
      decide: (state) => {
        if (state.status === 'none' || (caller.role === 'customer' && state.customer !== caller.id))
          throw new NotFound();
        return decide(state, given);
      },
    });
  }
}

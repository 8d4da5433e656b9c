import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { parseNumber } from '../case-numbers/parse-number';
import { CommandContext, Outcome } from '../eventing/command-runner';
import { eventIdOf } from '../eventing/envelope';
import { streamOf } from '../eventing/event';
import { NotFound, RevisionMismatch } from '../eventing/failures';
import { Rejection } from '../eventing/rejection';
import { StreamState } from '../eventing/stream-state';
import { Engine } from '../platform/engine/engine';
import { contextOf } from '../platform/http/command-context';
import { Merges, RelationCommand, Relations } from '../relations/relations.adapter';
import { carryingCommandId } from './carrying';
import { requestCategory, RequestEvent } from './events';
import { numberSpace } from './number.http';
import { Request, requestEvolution } from './request';
import { CommandTarget } from './request-commands.handler';

const carriedMillisecondsMax = 5_000;
const lookEveryMilliseconds = 20;

/** The other request of a relation, as it stands in a body. */
export interface Other {
  readonly text: string;
  readonly pointer: string;
}

export interface RelationOrder {
  readonly target: CommandTarget;
  readonly body: object;
  readonly other?: Other | undefined;
  /** What must hold besides. @throws Rejection */
  readonly admit?: (merges: Merges, other: Request) => void;
  /** @param other its exact number */
  readonly give: (other: string, command: RelationCommand) => Promise<Outcome>;
}

/**
 * Runs commands on relations. The one append is that to the stream of the relation's kind; a process brings it into the histories of
 * both requests. The answer waits for that, bounded, so that its position covers what every read model then shows.
 */
@Injectable()
export class RelationCommands {
  constructor(
    private readonly engine: Engine,
    private readonly relations: Relations,
  ) {}

  /** @throws NotFound; Rejection UNKNOWN_REQUEST for another one that is none; RevisionMismatch for the case that it is given to */
  async run({ target, body, other, admit, give }: RelationOrder): Promise<Outcome> {
    const { number, verb, caller, headers } = target;
    const otherNumber = other && this.exact(other);
    const [subject, second, merges] = await Promise.all([
      this.load(number),
      otherNumber === undefined ? undefined : this.load(otherNumber),
      this.relations.merges(),
    ]);
    const { state } = subject;
    if (state.status === 'none') throw new NotFound();
    const now = this.engine.now();
    const stream = streamOf(requestCategory, number);
    const context: CommandContext = {
      ...contextOf({ caller, target: `${stream} relations`, headers, now }),
      ifMatch: undefined,
    };
    const outcome = await give(otherNumber ?? '', {
      body: { verb, ...body },
      context,
      owner: state.customer,
      admit: () => {
        if (headers.ifMatch !== undefined && headers.ifMatch !== subject.revision)
          throw new RevisionMismatch(subject.revision);
        if (other && second?.state.status === 'none') throw unknownRequest(other);
        if (second) admit?.(merges, second.state);
      },
    });
    const concerned = [number, otherNumber ?? merges.next(number) ?? number];
    const position = await this.carried(outcome, context.commandId, concerned);
    return { ...outcome, stream, revision: (await this.load(number)).revision, position };
  }

  private load(number: string): Promise<StreamState<Request>> {
    return this.engine.runner.load<Request, RequestEvent>(requestEvolution, number);
  }

  /** @throws Rejection UNKNOWN_REQUEST */
  private exact(other: Other): string {
    const parsed = parseNumber(other.text, numberSpace(this.engine.installation));
    if (!parsed.ok) throw unknownRequest(other);
    return parsed.number;
  }

  /** Position behind which all of these requests say it themselves, or that of the outcome when they take too long. */
  private async carried({ stream, events, position }: Outcome, commandId: string, numbers: readonly string[]) {
    if (!events.length) return position;
    const eventId = eventIdOf(stream, commandId, 0);
    const deadline = performance.now() + carriedMillisecondsMax;
    for (;;) {
      const states = await Promise.all(numbers.map((number) => this.load(number)));
      const found = states.map(({ commands }, place) => commands.get(carryingCommandId(eventId, numbers[place] ?? '')));
      if (found.every((each) => each !== undefined))
        return found.reduce((last, each) => (each && each.position > last ? each.position : last), position);
      if (performance.now() > deadline) return position;
      await wait(lookEveryMilliseconds);
    }
  }
}

const unknownRequest = ({ pointer }: Other): Rejection => {
  const detail = 'no request has this number';
  return new Rejection('UNKNOWN_REQUEST', detail, [{ pointer, code: 'UNKNOWN_REQUEST', detail }]);
};

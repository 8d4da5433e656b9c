import { DomainEvent, Recorded, streamOf } from '../../eventing/event';
import { Rejection } from '../../eventing/rejection';
import { RelationEvent } from '../../relations/events';
import { emptyGraph, evolve as evolveGraph, Graph } from '../../relations/graph';
import { merge, unmerge } from '../../relations/relate';
import { requestCategory, RequestEvent } from '../events';
import { fold } from '../../eventing/decider';
import { Carried, carriedApart, carriedToSource, carriedToSurvivor, waitsOf } from '../carried';
import { Request, requestEvolution } from '../request';

/** Requests in memory, merged and unmerged by the rules themselves: the stream of merges, and the histories that follow it. */
export class MergingWorld {
  merges: Graph = emptyGraph;
  readonly histories = new Map<string, Recorded<RequestEvent>[]>();
  private readonly states = new Map<string, Request>();

  /** Work on one request. @returns code of the refusal, undefined when it was done */
  work(number: string, at: number, decide: (state: Request) => readonly RequestEvent[]): string | undefined {
    return this.refusal(() => {
      const state = this.state(number);
      const events = decide(state);
      requestEvolution.admit?.(state, events);
      for (const event of events) this.append(number, at, event);
    });
  }

  merge(source: string, survivor: string, at: number): string | undefined {
    return this.refusal(() => {
      for (const event of merge({ source, survivor, reason: 'double' }, this.merges)) this.relate(event, at);
    });
  }

  unmerge(source: string, at: number): string | undefined {
    return this.refusal(() => {
      for (const event of unmerge(source, 'two after all', this.merges)) this.relate(event, at);
    });
  }

  state(number: string): Request {
    return this.states.get(number) ?? requestEvolution.initialState;
  }

  private relate(event: RelationEvent, at: number): void {
    this.merges = evolveGraph(this.merges, event);
    if (event.type === 'RequestsMerged') {
      this.carry(carriedToSource(event.data, 'double'), at);
      const members = event.data.members.map((number) => ({ number, waits: waitsOf(this.state(number)) }));
      this.carry(carriedToSurvivor(event.data, members), at);
    }
    if (event.type === 'RequestsUnmerged')
      for (const each of carriedApart(event.data, 'two after all')) this.carry(each, at);
  }

  private carry({ number, event }: Carried, at: number): void {
    this.append(number, at, event);
  }

  private append(number: string, at: number, event: RequestEvent): void {
    const history = this.histories.get(number) ?? [];
    const recorded = recordedAt(number, history.length, at, event);
    history.push(recorded);
    this.histories.set(number, history);
    const isCorrection = requestEvolution.isCorrection?.(event);
    const state = isCorrection
      ? fold(requestEvolution, history)
      : requestEvolution.evolve(this.state(number), recorded);
    this.states.set(number, state);
  }

  private refusal(act: () => void): string | undefined {
    try {
      act();
      return undefined;
    } catch (error) {
      if (error instanceof Rejection) return error.code;
      throw error;
    }
  }
}

const recordedAt = <E extends DomainEvent>(number: string, revision: number, at: number, event: E): Recorded<E> => {
  const instant = new Date(at).toISOString();
  const of = `${number}-${revision}`;
  return {
    ...event,
    ...{ stream: streamOf(requestCategory, number), revision, id: of, position: BigInt(revision) },
    metadata: {
      ...{ schema: '1', commandId: of, $correlationId: of, $causationId: of, actor: 'somebody', origin: 'live' },
      ...{ recordedAt: instant, occurredAt: instant, prev: '', hash: '' },
    },
  };
};

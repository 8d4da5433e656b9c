import { Evolution } from '../eventing/decider';
import { LayeredMap } from '../eventing/layered-map';
import { relationCategory, RelationEvent } from './events';

/** All relations of one kind, from either end. */
export interface Graph {
  /** What a request points to, in the order of linking. */
  readonly targets: LayeredMap<string, readonly string[]>;
  /** What points to a request. */
  readonly sources: LayeredMap<string, readonly string[]>;
}

const none: readonly string[] = [];

export const emptyGraph: Graph = { targets: LayeredMap.empty(), sources: LayeredMap.empty() };

export const targetsOf = ({ targets }: Graph, number: string): readonly string[] => targets.get(number) ?? none;
export const sourcesOf = ({ sources }: Graph, number: string): readonly string[] => sources.get(number) ?? none;
export const isRelated = (graph: Graph, from: string, to: string): boolean => targetsOf(graph, from).includes(to);

const connected = ({ targets, sources }: Graph, from: string, to: string): Graph => ({
  targets: targets.with([[from, [...(targets.get(from) ?? none), to]]]),
  sources: sources.with([[to, [...(sources.get(to) ?? none), from]]]),
});

const without = (list: readonly string[] = none, one: string): readonly string[] | undefined => {
  const left = list.filter((each) => each !== one);
  return left.length ? left : undefined;
};

const disconnected = ({ targets, sources }: Graph, from: string, to: string): Graph => ({
  targets: targets.with([[from, without(targets.get(from), to)]]),
  sources: sources.with([[to, without(sources.get(to), from)]]),
});

export const evolve = (graph: Graph, event: RelationEvent): Graph => {
  switch (event.type) {
    case 'RequestsLinked':
      return connected(graph, event.data.from, event.data.to);
    case 'RequestsUnlinked':
      return disconnected(graph, event.data.from, event.data.to);
    case 'RequestsMerged':
      return connected(graph, event.data.source, event.data.survivor);
    case 'RequestsUnmerged':
      return disconnected(graph, event.data.source, event.data.survivor);
    default:
      return graph;
  }
};

/** The key of a stream is the kind of its relations. */
export const relationEvolution: Evolution<Graph, RelationEvent> = {
  category: relationCategory,
  initialState: emptyGraph,
  evolve,
  ownerOf: () => undefined,
};

/** What is found by going on from a request, itself first, each once; ends early behind `requestsMax`. */
export const reached = (
  number: string,
  next: (number: string) => readonly string[],
  requestsMax: number,
): readonly string[] => {
  const seen = new Set([number]);
  for (const each of seen) {
    if (seen.size > requestsMax) break;
    for (const other of next(each)) seen.add(other);
  }
  return [...seen];
};

/** Nobody can merge more into one request, whichever way they go. */
export const mergedMax = 200;

/** What a request was merged into, what that was merged into, and so on to the survivor; empty for one that was not merged. */
export const mergePath = (merges: Graph, number: string): readonly string[] =>
  reached(number, (each) => targetsOf(merges, each), mergedMax).slice(1);

/** The request that stands for this one now; undefined for one that was not merged. */
export const survivorOf = (merges: Graph, number: string): string | undefined => mergePath(merges, number).at(-1);

/** A request and everything merged into it. */
export const membersOf = (merges: Graph, number: string): readonly string[] =>
  reached(number, (each) => sourcesOf(merges, each), mergedMax);

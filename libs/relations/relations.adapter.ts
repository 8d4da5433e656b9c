import { CommandContext, CommandRunner, Outcome } from '../eventing/command-runner';
import { LinkKind, mergeKind, RelationEvent, RelationKind } from './events';
import { Graph, relationEvolution, sourcesOf, survivorOf, targetsOf } from './graph';
import { link, LinkOrder, merge, mergedRejection, MergeOrder, unlink, unmerge } from './relate';

/** Whom a command on relations comes from, and what its caller sent. */
export interface RelationCommand {
  readonly body: object;
  readonly context: CommandContext;
  /** Customer of the request that it was given to. */
  readonly owner: string;
  /** What must hold besides; throws the refusal. Not asked for a retry. */
  readonly admit: () => void;
}

/** Merged requests, as they are now. */
export interface Merges {
  /** The request that stands for this one; undefined for one that was not merged. */
  survivorOf(number: string): string | undefined;
  /** What it was merged into itself. */
  next(number: string): string | undefined;
  /** @throws Rejection REQUEST_MERGED with the survivor @param pointer of the number in a body */
  assertStands(number: string, pointer?: string): void;
}

/** The relations of all requests, as this process knows them. A kind is folded once, and then what is new of it. */
export class Relations {
  constructor(private readonly runner: CommandRunner) {}

  async merges(): Promise<Merges> {
    const graph = await this.runner.current(relationEvolution, mergeKind);
    return {
      survivorOf: (number) => survivorOf(graph, number),
      next: (number) => targetsOf(graph, number)[0],
      assertStands: (number, pointer) => {
        const survivor = survivorOf(graph, number);
        if (survivor !== undefined) throw mergedRejection(number, survivor, pointer);
      },
    };
  }

  /** Requests that have this one as their `kind`: its children, its duplicates. */
  async pointingTo(kind: LinkKind, number: string): Promise<readonly string[]> {
    return sourcesOf(await this.runner.current(relationEvolution, kind), number);
  }

  link(order: LinkOrder, command: RelationCommand): Promise<Outcome> {
    return this.execute(order.kind, command, (graph) => link(order, graph));
  }

  unlink(order: LinkOrder, command: RelationCommand): Promise<Outcome> {
    return this.execute(order.kind, command, (graph) => unlink(order, graph));
  }

  merge(order: MergeOrder, command: RelationCommand): Promise<Outcome> {
    return this.execute(mergeKind, command, (graph) => merge(order, graph));
  }

  unmerge(source: string, reason: string, command: RelationCommand): Promise<Outcome> {
    return this.execute(mergeKind, command, (graph) => unmerge(source, reason, graph));
  }

  private execute(
    kind: RelationKind,
    { admit, ...command }: RelationCommand,
    decide: (graph: Graph) => readonly RelationEvent[],
  ): Promise<Outcome> {
    return this.runner.execute<Graph, RelationEvent>({
      ...{ evolution: relationEvolution, key: kind, expects: 'any', ...command },
      decide: (graph) => {
        admit();
        return decide(graph);
      },
    });
  }
}

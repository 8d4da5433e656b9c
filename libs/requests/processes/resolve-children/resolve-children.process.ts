import { keyOf, Recorded } from '../../../eventing/event';
import { Limiter } from '../../../eventing/limits';
import { Process } from '../../../eventing/processes/process-runner';
import { Rejection } from '../../../eventing/rejection';
import { erased, redacted } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { Relations } from '../../../relations/relations.adapter';
import { correctRequest } from '../../corrections';
import { RequestEvent, RequestEventOf } from '../../events';
import { Request, requestEvolution } from '../../request';
import { ResolveWith, resolveWith } from './resolve-with';

const processName = 'process:resolve-children';
const childrenAtOnceMax = 16;

type Shared = Recorded<RequestEventOf<'RequestResolutionShared'>>;

const isShared = (event: Recorded): event is Shared => event.type === 'RequestResolutionShared';

/** Whoever was erased needs no answer any more. */
const unlessRefused = (error: unknown): void => {
  if (!(error instanceof Rejection)) throw error;
};

/**
 * Resolves the open children of a request that was resolved for all of them.
 *
 * Command ids are made from the event and the child: starting over resolves nobody twice, and a child that was reopened since stays so.
 */
export class ChildResolution {
  private readonly relations: Relations;

  constructor(private readonly engine: Engine) {
    this.relations = new Relations(engine.runner);
  }

  process(): Process {
    return {
      name: 'resolve-children',
      types: ['RequestResolutionShared'],
      react: async (event) => {
        if (isShared(event)) await this.resolveAll(event);
      },
    };
  }

  private async resolveAll(event: Shared): Promise<void> {
    const children = await this.relations.pointingTo('parent', keyOf(event.stream));
    const how = children.length ? await this.resolutionAt(event) : undefined;
    if (!how) return;
    const limiter = new Limiter(childrenAtOnceMax);
    await Promise.all(children.map((child) => limiter.run(() => this.resolve(event, child, how))));
  }

  private async resolve(event: Shared, child: string, how: Omit<ResolveWith, 'isParent'>): Promise<void> {
    const isParent = (await this.relations.pointingTo('parent', child)).length > 0;
    await this.engine.runner
      .execute<Request, RequestEvent>({
        ...{ evolution: requestEvolution, key: child, expects: 'existing', body: { parent: how.parent } },
        context: {
          ...reactionContext(processName, { ...event, id: `${event.id}/${child}` }, this.engine.now()),
          ...{ causationId: event.id, onBehalfOf: event.metadata.onBehalfOf ?? event.metadata.actor },
        },
        decide: (state) => resolveWith({ ...how, isParent }, state),
      })
      .catch(unlessRefused);
  }

  /** What was said when the parent was resolved; a text that nobody can read any more is replaced by its cause. */
  private async resolutionAt({ stream, revision }: Shared): Promise<Omit<ResolveWith, 'isParent'> | undefined> {
    const stored = await this.engine.store.read(stream);
    const events = correctRequest(stored.map((event) => this.engine.types.decode<RequestEvent>(event)));
    const resolved = events.slice(0, revision).findLast((event) => event.type === 'RequestResolved');
    if (resolved?.type !== 'RequestResolved') return undefined;
    const parent = keyOf(stream);
    const { code, resolution } = resolved.data;
    const text: string = await this.engine.unsealer.open(resolution, true);
    const isReadable = text !== erased && text !== redacted;
    return { parent, code, resolution: isReadable ? text : `Resolved together with ${parent}` };
  }
}

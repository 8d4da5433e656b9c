import { keyOf, Recorded } from '../../../eventing/event';
import { Limiter } from '../../../eventing/limits';
import { Process } from '../../../eventing/processes/process-runner';
import { erased } from '../../../eventing/unsealer';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { problemFor } from '../../../platform/http/problem-for';
import { RequestOrders } from '../../../requests/orders.adapter';
import { Bulk, bulkEvolution, recordItems } from '../../bulk';
import { BulkEventOf, BulkItem } from '../../events';

/**
 * Goes through the items of bulk jobs.
 *
 * Guarantee: each event of a job sets off the next few items, and what became of them is the next event; so a job goes on after a crash
 * where it was, however often. An item is one command of whoever started the job, with an id made from job and case: done again it
 * is recorded once. What is refused is refused with the code of that command, and nothing is taken back because of it.
 * Not promised: that items are done at once. Others work on the same cases meanwhile, and each item meets its case as it is then.
 */
const itemsAtOnce = 25;
const ordersAtOnceMax = 8;
const serverFault = 500;

type Step = Recorded<BulkEventOf<'BulkStarted' | 'BulkItemsDone'>>;
type Running = Extract<Bulk, { by: string }>;

const isStep = (event: Recorded): event is Step => event.type === 'BulkStarted' || event.type === 'BulkItemsDone';

export class BulkRun {
  constructor(
    private readonly engine: Engine,
    private readonly orders: RequestOrders,
  ) {}

  process(): Process {
    return {
      name: 'run-bulk',
      types: ['BulkStarted', 'BulkItemsDone'],
      react: async (event) => {
        if (isStep(event)) await this.goOn(keyOf(event.stream), event);
      },
    };
  }

  private async goOn(id: string, event: Step): Promise<void> {
    const from = event.type === 'BulkStarted' ? 0 : event.data.upTo;
    const { state } = await this.engine.runner.load(bulkEvolution, id);
    // Somebody has gone on from here already, or the job is over.
    if (state.status !== 'running' || state.done !== from) return;
    const items = await this.give(id, state, state.numbers.slice(from, from + itemsAtOnce));
    await this.engine.runner.execute({
      ...{ evolution: bulkEvolution, key: id, expects: 'existing' as const, body: {} },
      context: reactionContext('process:run-bulk', event, this.engine.now()),
      decide: (before: Bulk) => recordItems({ items, from }, before),
    });
  }

  private async give(id: string, job: Running, numbers: readonly string[]): Promise<readonly BulkItem[]> {
    const { words } = await this.engine.unsealer.open({ words: job.words }, true);
    if (words === erased) return numbers.map((number) => refused(number, 'PERSON_ERASED'));
    const body: object = Object(JSON.parse(words));
    const limiter = new Limiter(ordersAtOnceMax);
    return Promise.all(numbers.map((number) => limiter.run(() => this.giveOne(id, job, number, body))));
  }

  private async giveOne(id: string, job: Running, number: string, body: object): Promise<BulkItem> {
    const { by, role, verb, causationId, correlationId } = job;
    const cause = { causationId, correlationId };
    try {
      const { events, revision } = await this.orders.give({
        ...{ verb, number, body, cause, caller: { id: by, role }, key: `bulk:${id}` },
      });
      return { number, outcome: events.length ? 'done' : 'nothing', code: null, revision };
    } catch (error) {
      const { status, code } = problemFor(error);
      // Whoever does not answer is asked again; a rule has answered.
      if (status >= serverFault) throw error;
      return refused(number, code);
    }
  }
}

const refused = (number: string, code: string): BulkItem => ({ number, outcome: 'refused', code, revision: null });
